"""Rules of the readiness report."""
