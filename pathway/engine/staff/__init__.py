"""Staff: the accounts of those who work here, and how they change."""
