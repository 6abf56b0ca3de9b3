"""Rows of published rulebooks and calendars."""
