"""The rules of the front door: pure values and functions, no clock, no database, no network."""
