"""Builds everything from the settings: database, mail, background work and pages."""
