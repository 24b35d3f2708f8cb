"""Use cases of a whole installation: backup, restoring, moving, and whether it is whole."""
