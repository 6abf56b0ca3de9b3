"""Dispatch: claimed messages on their way."""
