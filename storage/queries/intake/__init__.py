"""Rows of the screening list and of imports."""
