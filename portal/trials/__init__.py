"""Trying a scheme on a spreadsheet of records: nothing of it is kept."""
