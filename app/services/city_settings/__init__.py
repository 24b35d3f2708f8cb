"""Use cases of the page with a city's settings, one module a section."""
