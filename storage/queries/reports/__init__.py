"""Rows that reports and replays count."""
