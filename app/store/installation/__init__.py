"""Tables and queries about the installation as a whole: what it is called, its backups, its figures, whether all is there."""
