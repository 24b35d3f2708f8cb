"""Use cases of review."""
