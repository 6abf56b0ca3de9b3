"""Monday's sheet, the children behind a number, and both as files."""
