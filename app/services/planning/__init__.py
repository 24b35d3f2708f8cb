"""Use cases of planning."""
