"""What plugin authors, and we, test with: fixtures, factories and the kit."""
