"""Finding, admitting, calling and keeping plugins."""
