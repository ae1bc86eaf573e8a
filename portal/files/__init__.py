"""Uploaded files: sniffed, limited, content-addressed, served after a check."""
