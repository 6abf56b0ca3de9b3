"""Database addresses: which are accepted, and how one is named to people without its password."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from rules.errors import InvalidInput

FIELD = "PATHWAY_DATABASE_URL"
REMEDY = (
    "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME; escape odd signs in the password as in a web address"
)
DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse(address: str) -> URL:
    """The address with its driver spelled out; raises InvalidInput, which never repeats it: it may hold a password."""
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        raise InvalidInput.of(FIELD, "is not a database address", REMEDY) from None
    if url.drivername not in DRIVERS:
        raise InvalidInput.of(FIELD, f"names a database of the kind '{url.drivername}', which is not supported", REMEDY)
    if url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise InvalidInput.of(FIELD, "names no file", REMEDY)
    return url.set(drivername=DRIVERS[url.drivername])


def place(url: URL) -> str:
    """The address as people may read it: a file's name, or server and database without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)
