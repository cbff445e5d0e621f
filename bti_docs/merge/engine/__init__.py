"""A template made ready once, and rendered many times."""
