"""Measurements: what the engine costs over plain inserts, and what a sweep costs as the record grows."""
