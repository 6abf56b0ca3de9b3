"""Rulebooks: the shipped ones, the published versions, and a council's own."""
