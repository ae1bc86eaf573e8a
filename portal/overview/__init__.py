"""How a workshop is doing, and who needs a reminder."""
