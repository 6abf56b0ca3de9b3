"""What follows from a correction, as the command line says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pathway.engine.corrections.kept_corrections import Followed
from pathway.web.views import detail_view
from storage.sessions import WriteSession
from storage.tables import Person


def told(session: WriteSession, followed: Followed, closed: Collection[int]) -> Iterator[str]:
    """The new value and the old one, and what follows; ``closed`` are the children whose names are not said."""
    following = detail_view.following(session, followed)
    yield f"{followed.detail.words}: {detail_view.shown(followed.detail, followed.new) or 'not known'}"
    yield f"  it read: {detail_view.shown(followed.detail, followed.old) or 'nothing'}"
    for sentence in following.sentences:
        yield f"  {sentence}"
    for other in following.opened:
        yield f"  Perhaps the same child as {_name(other, closed)}: somebody is asked."
    for other in following.closed:
        yield f"  Nothing says any more that it is the same child as {_name(other, closed)}: that match closes."
    if following.is_nothing:
        yield "  Nothing else follows."


def _name(person: Person, closed: Collection[int]) -> str:
    return "a child whose record is restricted" if person.id in closed else f"child {person.id}"
