"""People, how they log in, and the lists their posts are described by."""
