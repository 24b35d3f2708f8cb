"""Use cases of open-data portals."""
