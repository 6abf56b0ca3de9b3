"""The outbox: messages kept with the fact that caused them, and what was said about each."""
