"""The county, its tree of organisations, and who works or holds a role where."""
