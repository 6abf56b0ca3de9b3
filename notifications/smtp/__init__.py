"""Mail servers: the one that is named, and the embedded catcher."""
