"""One file a step, named NUMBER_what.py; the number is the revision, and the highest is the head."""
