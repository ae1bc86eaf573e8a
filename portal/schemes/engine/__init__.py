"""From facts and a scheme to a score sheet. Pure: no words, no database, no HTTP."""
