"""Processes for what strangers send: bounded, and fenced in."""
