"""What is typed into a form, kept until it is recorded."""
