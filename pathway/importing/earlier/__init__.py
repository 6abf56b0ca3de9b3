"""What earlier files and trials said of the contacts of a file."""
