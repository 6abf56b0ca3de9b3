"""Casework: who holds a child, how many a worker holds, and the end of it."""
