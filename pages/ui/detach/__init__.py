"""The page that compares detach and .data."""
