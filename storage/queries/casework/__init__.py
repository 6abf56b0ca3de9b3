"""Rows about who holds a child."""
