"""Pages about all children of one contact at once."""
