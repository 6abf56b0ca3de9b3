"""What the pages for people outside the council show."""
