"""``pathway version``."""

from __future__ import annotations

from importlib import metadata

from pathway.cli.speech import say


def version() -> None:
    """Say which release this is."""
    try:
        say(f"pathway {metadata.version('pathway')}")
    except metadata.PackageNotFoundError:
        say("pathway, not installed but run from its source")
