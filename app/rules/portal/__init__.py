"""Rules of open-data portals: what counts, and what a catalog says of itself."""
