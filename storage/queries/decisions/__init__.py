"""Rows about what a decision leads to."""
