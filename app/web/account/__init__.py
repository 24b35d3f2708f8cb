"""Doors and the own account: signing in, its second steps and passphrases, and where a person is signed in."""
