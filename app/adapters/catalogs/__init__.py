"""Catalogs of open-data portals, one shape a file."""
