"""The files of the standard in criteria/: read, checked, and told apart by edition."""
