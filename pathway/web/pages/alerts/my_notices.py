"""My notices: when this person is told, and what waits until then."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.alerts import recipients
from pathway.engine.watch import bundling, notice_choices
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound
from storage.queries.alerts import notice_rows
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Council, User, id_of


def show(visit: Here) -> Response:
    """What this person has chosen, and what waits."""
    with visit.reading() as session:
        user = _me(session, visit)
        return _page(visit, session, user, forms.fresh(**notice_choices.as_typed(user)))


def change(visit: Here, form: Posted) -> Response:
    """Keeps other choices."""
    try:
        data = notice_choices.parse({name: form.get(name) for name in ("quiet_from", "quiet_to", "digest_at")})
        visit.change(lambda act: notice_choices.choose(act, id_of(_me(act.session, visit)), data))
    except InvalidInput as error:
        with visit.reading() as session:
            return _page(visit, session, _me(session, visit), form.refused(error), status=error.status)
    return visit.go("/my-notices", notice="notices-changed")


def _me(session: ReadSession | WriteSession, visit: Visit) -> User:
    user = staff_rows.user(session, visit.actor.username)
    if user is None:
        raise NotFound("You are not on the list of people any more; sign in again.")
    return user


def _page(visit: Visit, session: ReadSession, user: User, form: Form, *, status: int = 200) -> Response:
    return visit.page(
        "my_notices.html",
        status=status,
        form=form,
        user=user,
        waiting=notice_rows.waiting_for(session, recipients.user_key(id_of(user))),
        quiet_until=bundling.quiet_until(user, now=visit.now),
        every=session.get_one(Council, 1).alerts_every,
        gets_digest=notice_choices.gets_digest(visit.actor.roles),
    )
