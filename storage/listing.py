"""Keeps ``listed_referral`` and ``listed_letter``: by triggers, so that nothing that changes a record can forget it.

Like the triggers that keep the history these stand in the database, and a step that rebuilds a table calls ``keep``
again. On PostgreSQL a row is locked before it is worked out, so that of two who change clocks of one referral at one
moment the later sees what the earlier has done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.follow_up import Trigger
from storage.triggers import Operations

NEVER: Mapping[str, str] = {
    "sqlite": "'9000-01-01 00:00:00.000000'",
    "postgresql": "TIMESTAMPTZ '9000-01-01 00:00:00+00'",
}
_REFERRAL = """
INSERT INTO listed_referral (referral_id, contact_id, person_id, part, due_at, allocation_due_at, received_at,
  state, team_id, worker_id, source_code, kind, recorded_by)
SELECT r.id, r.contact_id, r.person_id,
  CASE WHEN r.state IN ('closed', 'set aside') THEN 3
    WHEN c.immediate_danger AND r.state <> 'allocated' AND (NOT r.imported OR EXISTS (SELECT 1 FROM alert a
      WHERE a.contact_id = c.id AND a.kind = 'immediate danger' AND a.closed_at IS NULL)) THEN 0
    WHEN r.imported AND NOT EXISTS (SELECT 1 FROM clock k
      WHERE k.referral_id = r.id AND k.state = 'running' AND k.watched) THEN 2
    ELSE 1 END,
  COALESCE((SELECT min(k.due_at) FROM clock k WHERE k.referral_id = r.id AND k.state = 'running'), {never}),
  COALESCE((SELECT min(k.due_at) FROM clock k
    WHERE k.referral_id = r.id AND k.state = 'running' AND k.duty = 'allocation'), {never}),
  c.received_at, r.state, r.team_id, r.worker_id, c.source_code, c.kind, c.recorded_by
FROM referral r JOIN contact c ON c.id = r.contact_id WHERE {which}
ON CONFLICT (referral_id) DO UPDATE SET contact_id = excluded.contact_id, person_id = excluded.person_id,
  part = excluded.part, due_at = excluded.due_at, allocation_due_at = excluded.allocation_due_at,
  received_at = excluded.received_at, state = excluded.state, team_id = excluded.team_id,
  worker_id = excluded.worker_id, source_code = excluded.source_code, kind = excluded.kind,
  recorded_by = excluded.recorded_by
"""
_LETTER = """
INSERT INTO listed_letter (letter_id, contact_id, stage, kind, address)
SELECT l.id, l.contact_id,
  CASE WHEN EXISTS (SELECT 1 FROM letter_cancellation x WHERE x.letter_id = l.id) THEN 'cancelled'
    WHEN EXISTS (SELECT 1 FROM letter_excuse x WHERE x.letter_id = l.id) THEN 'excused'
    WHEN EXISTS (SELECT 1 FROM handover h WHERE h.letter_id = l.id AND NOT EXISTS
      (SELECT 1 FROM letter_return b WHERE b.handover_id = h.id)) THEN 'left'
    WHEN (SELECT m.state FROM message m WHERE m.letter_id = l.id ORDER BY m.id DESC LIMIT 1)
      IN ('queued', 'sending') THEN 'underway'
    ELSE 'owed' END,
  l.kind, lower(substr(l.recipient_address, 1, 200))
FROM letter l WHERE {which}
ON CONFLICT (letter_id) DO UPDATE SET stage = excluded.stage
"""
_UNDERWAY = "('queued', 'sending')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One trigger: what happens to which table, and which rows of the list are then worked out anew.

    ``which`` is a condition on ``r`` (referrals) or ``l`` (letters); ``when`` one on NEW and OLD.
    """

    name: str
    on: str
    which: str
    statement: str
    when: str = ""


WATCHED: Sequence[Watched] = (
    Watched(name="referral_made", on="INSERT ON referral", which="r.id = NEW.id", statement=_REFERRAL),
    Watched(
        name="referral_changed",
        on="UPDATE OF state, contact_id, person_id, team_id, worker_id, imported ON referral",
        which="r.id = NEW.id",
        statement=_REFERRAL,
    ),
    Watched(
        name="contact_changed",
        on="UPDATE OF received_at, source_code, kind, immediate_danger, recorded_by ON contact",
        which="r.contact_id = NEW.id",
        statement=_REFERRAL,
    ),
    Watched(name="clock_started", on="INSERT ON clock", which="r.id = NEW.referral_id", statement=_REFERRAL),
    Watched(
        name="clock_changed",
        on="UPDATE OF state, due_at, watched, duty, referral_id ON clock",
        which="r.id IN (NEW.referral_id, OLD.referral_id)",
        statement=_REFERRAL,
    ),
    Watched(
        name="danger_told",
        on="INSERT ON alert",
        which="r.contact_id = NEW.contact_id",
        statement=_REFERRAL,
        when="NEW.kind = 'immediate danger'",
    ),
    Watched(
        name="danger_over",
        on="UPDATE OF closed_at ON alert",
        which="r.contact_id = NEW.contact_id",
        statement=_REFERRAL,
        when="NEW.kind = 'immediate danger'",
    ),
    Watched(name="letter_made", on="INSERT ON letter", which="l.id = NEW.id", statement=_LETTER),
    Watched(name="letter_left", on="INSERT ON handover", which="l.id = NEW.letter_id", statement=_LETTER),
    Watched(name="letter_back", on="INSERT ON letter_return", which="l.id = NEW.letter_id", statement=_LETTER),
    Watched(name="letter_stopped", on="INSERT ON letter_cancellation", which="l.id = NEW.letter_id", statement=_LETTER),
    Watched(name="letter_excused", on="INSERT ON letter_excuse", which="l.id = NEW.letter_id", statement=_LETTER),
    Watched(
        name="message_made",
        on="INSERT ON message",
        which="l.id = NEW.letter_id",
        statement=_LETTER,
        when="NEW.letter_id IS NOT NULL",
    ),
    Watched(
        name="message_ended",
        on="UPDATE OF state ON message",
        which="l.id = NEW.letter_id",
        statement=_LETTER,
        when=f"NEW.letter_id IS NOT NULL AND (NEW.state IN {_UNDERWAY}) <> (OLD.state IN {_UNDERWAY})",
    ),
)


def keep(op: Operations) -> None:
    """In a step: fills both tables, and keeps them from then on."""
    dialect = op.get_context().dialect.name
    for statement in (*filling(dialect), *(one for watched in WATCHED for one in _made(watched, dialect))):
        op.execute(statement)


def filling(dialect: str) -> Sequence[str]:
    """The statements that work out all rows anew."""
    return [_text(statement, dialect, "true") for statement in (_REFERRAL, _LETTER)]


def names() -> frozenset[str]:
    """The names of the triggers."""
    return frozenset(f"listed_{watched.name}" for watched in WATCHED)


def _text(statement: str, dialect: str, which: str) -> str:
    return statement.format(never=NEVER[dialect], which=which)


def _made(watched: Watched, dialect: str) -> Iterator[str]:
    text = _text(watched.statement, dialect, watched.which)
    body = text if dialect == "sqlite" else f"{_lock(watched)}; {text}"
    trigger = Trigger(name=f"listed_{watched.name}", on=watched.on, when=watched.when, body=body)
    yield from trigger.statements(dialect)


def _lock(watched: Watched) -> str:
    """Whoever waits here works out the row by what then stands."""
    table, key = ("referral", "r") if watched.statement is _REFERRAL else ("letter", "l")
    rows = f"(SELECT {key}.id FROM {table} {key} WHERE {watched.which})"  # noqa: S608 - names of our own
    column = f"{table}_id"
    return f"PERFORM 1 FROM listed_{table} WHERE {column} IN {rows} ORDER BY {column} FOR UPDATE"
