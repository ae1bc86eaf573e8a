"""Facts: this person did this, with measures and evidence. Appended, never changed."""
