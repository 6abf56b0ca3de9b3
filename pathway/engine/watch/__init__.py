"""Watch: the sweep, the auditor, and how people are told in time."""
