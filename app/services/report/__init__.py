"""Use cases of the readiness report."""
