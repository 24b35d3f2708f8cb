"""Rules of files: which kinds, how they come in, how much room they have, and when they go."""
