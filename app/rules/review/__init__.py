"""Rules of a response and its review: the moves, the verdict's frozen copy, comments and how long it takes."""
