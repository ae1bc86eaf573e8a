"""Says whether the portal is well: to a probe, to its operator, and at the start."""
