"""Rules of an installation: its jobs and network, and what its database can be in trouble with."""
