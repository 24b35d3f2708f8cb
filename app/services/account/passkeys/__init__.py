"""Passkeys: asked for, kept, and opening an account."""
