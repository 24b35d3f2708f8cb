"""Use cases of requests for evidence, and of what partners contribute."""
