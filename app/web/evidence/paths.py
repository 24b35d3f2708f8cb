"""Addresses that the pages about evidence lead to."""

from urllib.parse import quote

from app.web.access import Ask


def criterion_path(ask: Ask, code: str) -> str:
    return f"/{ask.who.city.slug}/criteria/{quote(code, safe='')}"


def piece_path(ask: Ask, evidence_id: int) -> str:
    return f"/{ask.who.city.slug}/evidence/{evidence_id}"
