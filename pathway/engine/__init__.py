"""The engine: it decides and records, and never sends."""
