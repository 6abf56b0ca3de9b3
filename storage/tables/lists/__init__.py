"""What the lists stand on, and lists that somebody saved."""
