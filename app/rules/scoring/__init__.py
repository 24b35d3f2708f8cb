"""Rules of the result: the score, how sure it is, when it changes, and how it came about."""
