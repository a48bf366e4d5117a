"""The page that compares tokens with one another."""
