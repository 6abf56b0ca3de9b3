"""The council's own letter templates, as they were read when a process last started."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from storage.tables import OwnTemplate


def own(session: Session) -> tuple[tuple[str, str], ...]:
    """Each template's name and text, by name; nothing where the shipped ones serve."""
    rows = session.exec(select(OwnTemplate.name, OwnTemplate.text).order_by(col(OwnTemplate.name))).all()
    return tuple((name, text) for name, text in rows)


def replace(session: Session, texts: Mapping[str, str]) -> None:
    """Makes these the council's own templates, and no others."""
    for row in session.exec(select(OwnTemplate)).all():
        if texts.get(row.name) != row.text:
            session.delete(row)
    session.flush()
    kept = dict(own(session))
    session.add_all(OwnTemplate(name=name, text=text) for name, text in texts.items() if name not in kept)
    session.flush()
