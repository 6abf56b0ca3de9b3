"""Decisions: made, seen by a second manager, corrected, taken back, and what they lead to."""
