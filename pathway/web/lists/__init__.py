"""What every list of the pages shares: its filter, its pages by key, its files, and the way back to it."""
