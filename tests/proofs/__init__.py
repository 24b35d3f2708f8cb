"""Proofs that take long and are run on demand: `python -m tests.proofs.backups`, `python -m tests.proofs.moves`; each says what it found."""
