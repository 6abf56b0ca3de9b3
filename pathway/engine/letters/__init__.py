"""Letters: written, kept, linked to, and stopped while they are still here."""
