"""Likeness: whether two records may be one child."""
