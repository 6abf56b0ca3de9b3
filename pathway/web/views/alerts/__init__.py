"""What the page of alerts shows."""
