"""Rules of people: roles and rights, who stands in for whom, and who takes over."""
