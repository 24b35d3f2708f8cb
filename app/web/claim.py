"""The sentences that may be said in public, to read and to take along as text."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from app.adapters.translations import load_translator
from app.services.evidence import claims
from app.web.access import Ask, reads
from app.web.templating import show_kept

router = APIRouter()


@router.get("/{city}/claims")
async def index(ask: Ask = reads("claim.read")) -> Response:
    return show_kept(ask, "claim/index.html", lambda: claims.index(ask.desk))


@router.get("/{city}/claims.txt")
async def text(ask: Ask = reads("claim.read")) -> Response:
    """Each sentence with its number, then the footnotes, in the reader's language."""
    say, lines = load_translator(ask.language).say, claims.index(ask.desk).lines
    body = [f"{say(line.sentence)} [{number}]" for number, line in enumerate(lines, 1)]
    notes = [f"[{number}] {' '.join(map(say, line.footnote))}" for number, line in enumerate(lines, 1)]
    headers = {"Content-Disposition": 'attachment; filename="claims.txt"'}
    return PlainTextResponse("\n".join([*body, "", *notes, ""]), headers=headers)
