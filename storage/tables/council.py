"""The council that runs this front door, as letters and alerts name it."""

from __future__ import annotations

import secrets

from sqlmodel import Field, SQLModel

KEY_BYTES = 32


def _key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


class Council(SQLModel, table=True):
    """The one row of settings that commands need; written from the settings when a process starts.

    ``alerts_every``: minutes between two messages of notices to one person, but for urgent ones.
    ``grace_minutes``: for how long what a decision leads to waits, 0 to 30; 0 for not at all.
    ``secure_domains``: to which whole letters go by e-mail, parted by commas; to others goes a link that opens for
    ``link_days``, signed with ``link_key``, which is made with the row and never changes.
    """

    __tablename__ = "council"

    id: int = Field(default=1, primary_key=True)
    name: str
    team_name: str
    telephone: str
    out_of_hours_telephone: str
    email: str
    address: str
    complaints: str
    sender: str
    base_url: str
    rulebook: str
    system_owner: str = ""
    secure_domains: str = ""
    link_days: int = 30
    link_key: str = Field(default_factory=_key)
    alerts_every: int = 5
    grace_minutes: int = Field(default=10, sa_column_kwargs={"server_default": "10"})


class OwnTemplate(SQLModel, table=True):
    """One of the council's own letter templates, as its folder held it when a process last started.

    ``name`` is that of the shipped file in whose place it stands, such as ``letters/outcome/public/body.txt``.
    """

    __tablename__ = "own_template"

    name: str = Field(primary_key=True)
    text: str
