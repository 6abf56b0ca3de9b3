"""Rulebooks as text: read, checked, compared, described and tried out. The shipped ones lie here too."""
