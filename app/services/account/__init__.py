"""Use cases of accounts and signing in."""
