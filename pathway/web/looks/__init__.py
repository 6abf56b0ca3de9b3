"""Who looked at whom, in words and as a file."""
