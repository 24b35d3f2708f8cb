"""Use cases of a city's people."""
