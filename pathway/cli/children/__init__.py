"""Commands about children as persons."""
