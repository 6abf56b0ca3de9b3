"""Rows of alerts, notices and heartbeats."""
