"""Children: persons, who may be one child, and whose record is restricted."""
