"""Questions put to the database, by what they are about. Functions take a session first; none of them commits."""
