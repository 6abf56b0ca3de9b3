"""A trigger that changes other rows after a change, in the words of either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """``body`` runs for each row after what is named by ``on``, such as ``INSERT ON letter``, where ``when`` holds."""

    name: str
    on: str
    body: str
    when: str = ""

    def statements(self, dialect: str) -> Iterator[str]:
        """What makes it."""
        when = f" WHEN ({self.when})" if self.when else ""
        if dialect == "sqlite":
            yield f"CREATE TRIGGER {self.name} AFTER {self.on} FOR EACH ROW{when} BEGIN {self.body}; END"
            return
        yield (
            f"CREATE FUNCTION pathway_{self.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {self.body}; RETURN NULL; END $$"
        )
        yield f"CREATE TRIGGER {self.name} AFTER {self.on} FOR EACH ROW{when} EXECUTE FUNCTION pathway_{self.name}()"
