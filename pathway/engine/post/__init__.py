"""Post: what left the building, what came back, and what lies here."""
