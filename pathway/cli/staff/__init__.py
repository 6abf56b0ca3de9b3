"""Commands about those who work here."""
