"""Letters, alerts and the outbox: rendered, kept and sent; nothing is decided here."""
