"""Alerts: ladders, whom a rung reaches, and the words in which they are told."""
