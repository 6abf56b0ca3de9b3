"""Passwords: argon2 hashes, checked outside every transaction and few at a time."""

from __future__ import annotations

import threading
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

_HASH = PasswordHash((Argon2Hasher(),))
# One check takes 64 MiB and a tenth of a second: a flood of sign-ins must not take the memory of the pages.
_TURNS = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The argon2 hash to keep; it carries its own parameters and salt."""
    with _TURNS:
        return _HASH.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """True when the password is that of the hash. None (no such user) takes as long, so that names can't be guessed."""
    with _TURNS:
        try:
            return _HASH.verify(password, password_hash or _nobody()) and password_hash is not None
        except UnknownHashError:
            return False


@cache
def _nobody() -> str:
    return _HASH.hash("nobody has this password")
