"""What the board shows: which families wait, how many, what is known of each, and who is on it."""
