"""What the pages show of a whole family: all children of one contact at once."""
