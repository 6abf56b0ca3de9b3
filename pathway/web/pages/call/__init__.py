"""What the form of a contact asks the server while somebody is on the telephone."""
