"""Pages about children as persons."""
