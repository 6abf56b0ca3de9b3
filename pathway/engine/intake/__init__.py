"""Intake: contacts logged, danger marked, children added, screened and rated."""
