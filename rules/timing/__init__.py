"""Time to the minute: calendars, working time, timescales, and how each came about."""
