"""Records: what no activity reports comes in by checked spreadsheets and by hand."""
