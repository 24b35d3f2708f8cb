"""Rules of planning: the question, the options with the least work, and how they lie in time."""
