"""Rules of evidence: what a piece is, who may write it, which versions it has, and what it supports."""
