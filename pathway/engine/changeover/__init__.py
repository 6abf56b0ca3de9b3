"""Changeover: what is open goes on under another version of a rulebook or calendar."""
