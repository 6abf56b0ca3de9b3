"""What can be chosen for each child of a family who is decided: lists, where one child's page has a button a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathway.web.views import decision_form_view
from pathway.web.views.family.family_view import Child
from pathway.web.views.family.typed_decisions_view import LATER
from rules.rulebook import Rulebook
from storage.sessions import ReadSession

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One child, and what is asked: ``asked`` are the possible matches by number, with a name to each.

    ``asks``: by outcome the word of what it asks for beside the rest.
    """

    child: Child
    asked: Mapping[int, str]
    outcomes: Options
    asks: Mapping[str, str]
    levels: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What the levels of need and the outcomes of a book say, in words."""

    levels: Options
    outcomes: Options


def row(session: ReadSession, child: Child) -> Row:
    """What is asked of one child, under the child's own book."""
    choices = decision_form_view.of_child(session, child)
    asks = dict.fromkeys(choices["asks_receiver"], "receiver") | dict.fromkeys(choices["asks_worker"], "worker")
    return Row(
        child=child,
        asked=choices["asked"],
        outcomes=[*((code, title) for code, title, _ in choices["outcomes"]), (LATER, "Leave for later")],
        asks=asks,
        levels=[(code, words) for code, words, _ in choices["levels"]],
    )


def thresholds(book: Rulebook) -> Thresholds:
    """What stands beside the choice."""
    return Thresholds(
        levels=list(book.levels_of_need.items()),
        outcomes=[(one.title, " ".join(one.paragraph.split())) for one in book.outcomes.values()],
    )
