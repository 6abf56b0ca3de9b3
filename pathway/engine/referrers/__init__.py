"""Referrers: what is known of whoever contacted us, and who may see it."""
