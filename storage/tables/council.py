"""The council that runs this front door, as letters and alerts name it."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Council(SQLModel, table=True):
    """The one row of settings that commands need; written from the settings when a process starts.

    ``alerts_every``: minutes between two messages of notices to one person, but for urgent ones.
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
    alerts_every: int = 5


class OwnTemplate(SQLModel, table=True):
    """One of the council's own letter templates, as its folder held it when a process last started.

    ``name`` is that of the shipped file in whose place it stands, such as ``letters/outcome/public/body.txt``.
    """

    __tablename__ = "own_template"

    name: str = Field(primary_key=True)
    text: str
