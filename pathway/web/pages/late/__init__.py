"""Pages on which people say why something was late."""
