"""Criteria as pages: the list, one criterion, the guide around it and the city's own wording."""
