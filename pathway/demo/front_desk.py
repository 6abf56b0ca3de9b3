"""People at the desks of a front door, each step an act of its own: the demonstration and the tests ride on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from pathway.engine import following, inputs
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from storage.queries import next_due_rows, referral_rows
from storage.sessions import Database
from storage.tables import Contact, Referral, id_of

Made = TypeVar("Made")


@dataclass(slots=True, kw_only=True)
class FrontDesk:
    """One council's front door on one database, at the moment of somebody's clock."""

    database: Database

    @property
    def now(self) -> datetime:
        """The moment at which everybody lives."""
        raise NotImplementedError

    def acting(self, actor: Actor, *, token: str | None = None) -> AbstractContextManager[Act]:
        """One act of somebody, in a transaction of its own; what follows from it is followed, as everywhere."""
        return following.acting(self.database, actor, now=self.now, token=token)

    def give(
        self,
        command: Callable[[Act, int, Any], Made],
        about: Any,
        typed: tuple[type[BaseModel], Mapping[str, Any]],
        *,
        by: Actor,
        token: str | None = None,
    ) -> Made:
        """A command about a row, with what somebody typed for it: the input model and its fields."""
        data = inputs.parse(*typed)
        with self.acting(by, token=token) as act:
            return command(act, id_of(about), data)

    def referrals(self, contact: Contact) -> Sequence[Referral]:
        """The referrals of a contact, in the order in which the children were named."""
        with self.database.read() as session:
            return referral_rows.of_contact(session, id_of(contact))

    def stops(self, until: datetime) -> Iterator[datetime]:
        """The moments up to ``until`` at which the sweep has something to do, and ``until``; the clock follows them."""
        while self.now < until:
            with self.database.read() as session:
                due = next_due_rows.next_attention(session, after=self.now)
            yield min(due or until, until)
