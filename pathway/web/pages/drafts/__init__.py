"""Keeping what is typed, and contacts that were left unfinished."""
