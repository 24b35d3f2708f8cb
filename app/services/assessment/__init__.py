"""The assessment at a glance: how each criterion stands, the figures and levels, and what all pages of it share."""
