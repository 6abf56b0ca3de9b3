"""Details put right: what can be corrected, by whom, and what follows from it."""
