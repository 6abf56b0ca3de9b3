"""Rows about children as persons."""
