"""Rules of checklists: how a criterion's items stand, and how a checklist is written down."""
