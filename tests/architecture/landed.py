"""The migrations that have landed, each with the hash of its text: whoever has run one must never meet another.

``make migration`` lists new ones. It never changes a line that stands.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from support import source

FOLDER = source.ROOT / "storage" / "migrations" / "versions"
KEPT = Path(__file__).with_name("landed.toml")
HEAD = "# Migrations that have landed. They are only added: `make migration` lists a new one.\n"


def listed(kept: Path = KEPT) -> dict[str, str]:
    """The hash of each migration that has landed, by its file's name."""
    return tomllib.loads(kept.read_text()) if kept.is_file() else {}


def there(folder: Path = FOLDER) -> dict[str, str]:
    """The hash of each migration in the tree, by its file's name."""
    files = sorted(file for file in folder.glob("*.py") if file.name != "__init__.py")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def faults(kept: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """What is wrong with the migrations, each with what to do about it."""
    return [
        *(f"{name} is gone: databases stand on it. Bring it back." for name in kept if name not in found),
        *(
            f"{name} has changed since it landed. Take the change back, and add a migration of its own."
            for name, digest in kept.items()
            if found.get(name, digest) != digest
        ),
        *(f"{name} is new: list it with `make migration`, in the same commit." for name in found if name not in kept),
    ]


if __name__ == "__main__":
    lines = [f'"{name}" = "{digest}"\n' for name, digest in (there() | listed()).items()]
    KEPT.write_text(HEAD + "".join(sorted(lines)))
    sys.stdout.write(f"{len(lines)} migrations have landed.\n")
