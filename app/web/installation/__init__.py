"""What belongs to an installation and to no city: its health, its figures, and keeping the app on a phone."""
