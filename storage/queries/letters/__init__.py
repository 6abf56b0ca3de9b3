"""Rows of letters, of the outbox and of the post."""
