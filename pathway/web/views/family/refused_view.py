"""What is said where a step about a whole family was refused: each fault at its field, and whose it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pathway.engine.together import SeveralRefused
from pathway.web import page_words, times, typed
from pathway.web.forms import Form
from pathway.web.views.family.family_view import Child, Family
from rules.errors import Fault, InvalidInput, Refused, Stale
from storage.queries import event_rows
from storage.sessions import ReadSession
from storage.tables import id_of

CHANGED = (
    "This family has changed since you opened the page, so nothing was recorded. What you typed is below; look at the "
    "change before you go on."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a form says what is wrong: the fields of a child's faults, and of a guard's reasons by their words."""

    faults: Callable[[Child, InvalidInput], Sequence[Fault]]
    reasons: Callable[[Child], Mapping[str, str]] = lambda _: {}


def told(session: ReadSession, family: Family, form: Form, error: SeveralRefused, places: Places) -> Form:
    """The form with what is wrong, each fault once."""
    faults: dict[Fault, None] = {}
    messages: list[str] = []
    for child in family.children:
        refused = error.errors.get(child.referral.ref)
        if isinstance(refused, InvalidInput):
            faults |= dict.fromkeys(places.faults(child, refused))
        if isinstance(refused, Refused):
            at, name = places.reasons(child), page_words.child_name(child.person)
            faults |= {Fault(place=at[reason], problem=reason): None for reason in refused.reasons if reason in at}
            messages += [f"{name}: {reason}" for reason in refused.reasons if reason not in at]
    if any(isinstance(one, Stale) for one in error.errors.values()):
        messages = [*_changes(session, family, form), *messages]
        form = current(form, family)
    return replace(form, faults=tuple(faults), messages=tuple(messages), shown={})


def current(form: Form, family: Family) -> Form:
    """The form with the versions of the children as they are now."""
    versions = {f"{child.prefix}version": str(child.referral.version) for child in family.children}
    return form.where(seen=str(family.last_event), **versions)


def _changes(session: ReadSession, family: Family, form: Form) -> Sequence[str]:
    seen = typed.whole(form.get("seen")) or family.last_event
    who = {child.referral.ref: page_words.child_name(child.person) for child in family.children}
    happened = event_rows.since(session, id_of(family.contact), seen)
    return [
        CHANGED,
        *(
            f"{times.at(event.recorded_at)}, {family.names.get(event.actor, event.actor)}: "
            f"{f'{who[ref]}: ' if ref in who else ''}{event.summary}."
            for event, ref in happened
        ),
    ]
