"""Figures that are stored: a row for each thing counted, and the counts of each day, kept with the fact itself."""
