"""Monday's sheet and the children behind a number, on the command line; why something was late."""
