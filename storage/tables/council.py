"""The council that runs this front door, as letters and alerts name it."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Council(SQLModel, table=True):
    """The one row of settings that commands need; written from the settings when a process starts."""

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
