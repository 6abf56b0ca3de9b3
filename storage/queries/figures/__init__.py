"""Figures: the counts of a period, and the rows behind each."""
