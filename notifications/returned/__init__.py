"""What comes back by e-mail."""
