"""Tables, sessions, queries and migrations: the only place that speaks SQL."""
