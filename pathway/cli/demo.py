"""``pathway demo``."""

from __future__ import annotations

from pathway.demo import story


def demo() -> None:
    """Play one weekend at the front door, in seconds.

    The real engine and real mail, on a clock of its own, from Friday to Monday. Nothing is kept, and no database of
    yours is touched.

    \b
    Example:
      pathway demo
    """
    story.play()
