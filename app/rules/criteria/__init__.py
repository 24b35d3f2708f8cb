"""Rules of a standard's editions: what one says, what goes with it, and how to get from one to another."""
