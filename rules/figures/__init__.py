"""Figures: what each one counts, in words, and which facts of a contact make a row of it."""
