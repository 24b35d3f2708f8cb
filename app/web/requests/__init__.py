"""Requests for evidence: from the city, and as a partner sees them."""
