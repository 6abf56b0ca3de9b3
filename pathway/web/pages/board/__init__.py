"""The board, and the first pages of those who have none."""
