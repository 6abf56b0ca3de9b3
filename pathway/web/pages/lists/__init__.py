"""Pages about lists themselves."""
