"""What was typed and is not recorded yet."""
