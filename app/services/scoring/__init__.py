"""Use cases of the result."""
