"""Rules of accounts: signing in, passphrases, tries, and in whose hands an account is."""
