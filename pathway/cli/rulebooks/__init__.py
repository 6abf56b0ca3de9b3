"""Commands of rulebooks, calendars and what they lead to."""
