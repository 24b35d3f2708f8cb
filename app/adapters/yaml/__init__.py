"""YAML that people write by hand, read without surprises."""
