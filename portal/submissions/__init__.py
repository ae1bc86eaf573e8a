"""What people hand in, in versions, and how it is reviewed."""
