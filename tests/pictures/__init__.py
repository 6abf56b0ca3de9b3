"""The pictures of the guides, taken from the demonstration: ``make pictures``."""
