"""``pathway demo``."""

from __future__ import annotations


def demo() -> None:
    """Play one weekend at the front door in a few seconds: the real engine, real mail, a clock of its own.

    Nothing is kept, and no database of yours is touched.

    \b
    Example:
      pathway demo
    """
    from pathway.demo import story

    story.play()
