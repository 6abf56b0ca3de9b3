"""Figures, each judged by the facts."""
