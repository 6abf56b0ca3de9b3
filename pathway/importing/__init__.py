"""Contacts from an old system's export: read, checked line by line, taken in or held back with a reason."""
