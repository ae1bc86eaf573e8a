"""A portal that teachers study in."""

__version__ = "0.1.0"
