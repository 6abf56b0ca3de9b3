"""Rows about those who work here."""
