"""Pathway: the front-door engine for children's social care."""
