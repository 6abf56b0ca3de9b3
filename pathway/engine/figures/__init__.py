"""Monday's sheet: figures of a period, each with what it counts, where it comes from, and the condition of its rows."""
