"""The document of a scheme: JSON in, rules out, or every error with its place."""
