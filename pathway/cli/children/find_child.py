"""``pathway find``: do we know this child? The same answers as on the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from pathway.cli import record_text
from pathway.cli.acting_as import By, Look, looking
from pathway.cli.speech import say_all
from pathway.engine import following, permissions
from pathway.engine.children import breaking_glass, finding, kept_back
from pathway.engine.children.finding import Answer
from pathway.web.views import found_view
from pathway.web.views.found_view import Found
from rules.errors import NotAllowed
from rules.vocabulary import Action
from storage.tables import id_of


def find(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help="Whatever is known of the child.")],
    *,
    wider: Annotated[bool, typer.Option("--wider", help="By sound, other spellings, and any part of it.")] = False,
    by: By = "",
) -> None:
    """Do we know this child? Find people by whatever is known of them.

    Name or part of it, birth date or age, NHS or pupil number, address or postcode, the referrer or their telephone
    number, a reference. Everybody is looked through, open and closed. The words are kept in the access log, and whoever
    is named on a restricted record that fits in full is told.

    \b
    Examples:
      pathway find mia hart 8
      pathway find 943 476 5919
      pathway find "N15 3AA" --wider
    """
    typed = " ".join(words)
    with looking(kept_back.FOUND, by, words=typed, refused=_refused) as look:
        answer = finding.find(look.session, look.actor, typed, now=look.now, wider=wider)
        people = found_view.people(look.session, answer.people, now=look.now)
        look.showed({id_of(child) for one in people for child in (one.person, *one.household)})
        may_break = breaking_glass.may_break(look.published, look.actor, now=look.now)
        if answer.kept_back:
            with following.acting(look.database, look.actor, now=look.now) as act:
                kept_back.tell(act, typed)
    say_all([*_kept_back(answer, answer.kept_back if may_break else ()), *_lines(answer, people)])


def _refused(look: Look) -> str:
    try:
        permissions.require(look.book, look.actor, Action.READ_RECORD)
    except NotAllowed as error:
        return str(error)
    return ""


def _kept_back(answer: Answer, glass: Sequence[int]) -> Iterator[str]:
    """What is said of restricted records; ``glass`` are those that whoever asks may open all the same."""
    if told := found_view.kept_back(answer):
        breaks = "".join(f"break the glass (`pathway restrict break-glass {number}`) or " for number in glass)
        yield f"{told} {found_view.IN_DANGER} {breaks}ring {answer.ring}."


def _lines(answer: Answer, people: Sequence[Found]) -> Iterator[str]:
    for one in people:
        yield ""
        yield f"{record_text.plain_name(one.person)} (child {one.person.id})"
        yield from (f"  {line}" for line in one.facts)
        if one.household:
            yield f"  Household: {', '.join(record_text.plain_name(other) for other in one.household)}"
        if one.ref:
            yield f"  Latest referral: {one.ref}"
    if people:
        yield ""
        yield found_view.more(answer) or f"{len(people)} found, the likeliest first."
    else:
        yield f"Nobody is found. Searched: {found_view.searched(answer)}, by {found_view.SEARCHED_BY}."
    if not answer.wider:
        yield "To look wider (by sound, other spellings, any part of it): --wider"
