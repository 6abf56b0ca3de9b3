"""Information added after a contact was logged: taken, kept with its files, and what it asks of a decision."""
