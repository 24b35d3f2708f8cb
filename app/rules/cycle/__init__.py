"""Rules of one assessment after another: what is copied, and what a person has to confirm."""
