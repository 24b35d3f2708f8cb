"""Use cases of one assessment after another."""
