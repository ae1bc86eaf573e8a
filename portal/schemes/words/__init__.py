"""Schemes and score sheets in the reader's language."""
