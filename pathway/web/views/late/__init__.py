"""What the forms and pages show of why something is late."""
