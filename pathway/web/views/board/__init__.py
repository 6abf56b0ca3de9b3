"""What the board and the other first pages show."""
