"""The forms about a referral: one way to take a step, and one way to show again what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from starlette.responses import Response

from pathway.engine.act import Act
from pathway.web import forms, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import record_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, PathwayError, Refused, Stale
from storage.queries import contact_rows, record_rows, referral_rows
from storage.sessions import ReadSession
from storage.tables import id_of

CHANGED = (
    "This referral has changed since you opened the page. What you typed is below; look at the change before you go on."
)


Data = TypeVar("Data", contravariant=True)  # noqa: PLC0105 - what is typed, in every signature here


class Command(Protocol[Data]):
    """One of the engine's commands about a referral or a contact, and what somebody typed for it."""

    def __call__(self, act: Act, subject_id: int, data: Data, /) -> object:
        """Takes the step."""


class VersionedCommand(Protocol[Data]):
    """The same, refused where the referral has changed since the page was opened."""

    def __call__(self, act: Act, referral_id: int, data: Data, /, *, version: int | None) -> object:
        """Takes the step."""


Extra = Callable[[Visit, ReadSession, ReferralPage, Form], Mapping[str, Any]]


def fixed(**shown: Any) -> Extra:
    """What a form shows beside the referral, the same for everybody."""
    return lambda *_: shown


NOTHING = fixed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One form about a referral: what it shows, how it is read, which command it gives, and what is said then.

    ``places`` says to which field a reason of a refusal belongs; ``values`` is what stands in the form at first.
    """

    template: str
    read: Callable[[Form], Any]
    command: VersionedCommand[Any]
    notice: str
    extra: Extra = NOTHING
    places: Mapping[str, str] = field(default_factory=dict)
    values: Callable[[Visit], Mapping[str, str]] = lambda _: {}

    def show(self, visit: Here, ref: str) -> Response:
        """The form before anything was typed."""
        return blank(visit, ref, template=self.template, extra=self.extra, **self.values(visit))

    def take(self, visit: Here, ref: str, form: Posted) -> Response:
        """Takes the step, or shows the form as it was typed with what is wrong."""
        try:
            take(visit, ref, form, self.command, self.read(form))
        except (InvalidInput, Refused, Stale) as error:
            return again(visit, ref, form, error, template=self.template, extra=self.extra, places=self.places)
        return visit.go(f"/referrals/{ref}", notice=self.notice)


def take(visit: Visit, ref: str, form: Form, command: VersionedCommand[Data], data: Data) -> None:
    """Runs a command about a referral as one act. Raises what the command raises."""
    visit.change(
        lambda act: command(act, id_of(referral_rows.by_ref(act.session, ref)), data, version=version_of(form)),
        form.token,
    )


def take_for_contact(visit: Visit, ref: str, form: Form, command: Command[Data], data: Data) -> None:
    """Runs a command about a contact as one act. Raises what the command raises."""
    visit.change(lambda act: command(act, id_of(contact_rows.by_ref(act.session, ref)), data), form.token)


def version_of(form: Form) -> int:
    """The version that the page was opened with; a form without one counts as out of date."""
    return typed.whole(form.get("version"))


def blank(visit: Visit, ref: str, *, template: str, extra: Extra, **values: str) -> Response:
    """The form before anything was typed."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        form = visit.resumed(forms.fresh(**values))
        form = form if form.get("version") else _current(form, page)
        return visit.page(template, form=form, page=page, **extra(visit, session, page, form))


def kept(visit: Visit, ref: str, form: Form, *, template: str, extra: Extra) -> Response:
    """The form as it was typed, with nothing wrong: somebody wanted to see what it leads to."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        form = replace(form, shown={})
        return visit.page(template, form=form, page=page, **extra(visit, session, page, form))


def again(
    visit: Visit,
    ref: str,
    form: Form,
    error: PathwayError,
    *,
    template: str,
    extra: Extra,
    places: Mapping[str, str] | None = None,
) -> Response:
    """The form as it was typed, with what is wrong; after somebody else's change, with what they did.

    ``places`` says to which field a reason of a refusal belongs.
    """
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        told = _told(form, error, places=places or {}, changes=_changes(session, page, form))
        if isinstance(error, Stale):
            told = _current(told, page)
        context = extra(visit, session, page, told)
        return visit.page(template, form=told, page=page, status=error.status, **context)


def _current(form: Form, page: ReferralPage) -> Form:
    return form.where(version=str(page.referral.version), seen=str(page.last_event))


def _told(form: Form, error: PathwayError, *, places: Mapping[str, str], changes: Sequence[str]) -> Form:
    if isinstance(error, Stale):
        return replace(form, messages=tuple(changes), shown={})
    if isinstance(error, Refused):
        faults = [Fault(place=places[reason], problem=reason) for reason in error.reasons if reason in places]
        rest = [reason for reason in error.reasons if reason not in places]
        return replace(form, faults=tuple(faults), messages=tuple(rest), shown={})
    return form.refused(error)


def _changes(session: ReadSession, page: ReferralPage, form: Form) -> Sequence[str]:
    events = record_rows.events_since(session, id_of(page.referral), typed.whole(form.get("seen")) or page.last_event)
    told = [
        f"{times.at(event.recorded_at)}, {page.names.get(event.actor, event.actor)}: {event.summary}."
        for event in events
    ]
    return [CHANGED, *told]
