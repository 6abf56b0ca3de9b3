"""What the pages about the post show: what goes out, and what came back."""
