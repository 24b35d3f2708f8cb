"""Uploads in parts, as the tus protocol 1.0 says (core, creation, termination): a cut line or a restart costs no more than a part."""

import base64
import binascii
import tempfile
from collections.abc import Mapping
from typing import BinaryIO, cast

from anyio import to_thread
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.services import upload
from app.services.upload import Standing
from app.web import body
from app.web.access import Ask, works

router = APIRouter()

VERSION = {"Tus-Resumable": "1.0.0"}
PART_TYPE = "application/offset+octet-stream"
LARGEST_PART_BYTES = 20_000_000
IN_MEMORY_BYTES = 1_000_000


@router.post("/{city}/uploads")
def begin(ask: Ask = works("evidence.write")) -> Response:
    """`Upload-Length` and the file's name in `Upload-Metadata`; the answer's `Location` takes the parts."""
    token = upload.begin(ask.site, ask.who, _name(ask.request), _number(ask.request, "upload-length"))
    return Response(status_code=201, headers={**VERSION, "Location": f"/{ask.who.city.slug}/uploads/{token}"})


@router.head("/{city}/uploads/{token}")
def standing(token: str, ask: Ask = works("evidence.write")) -> Response:
    return Response(headers=_headers(upload.standing(ask.site, ask.who, token)))


@router.patch("/{city}/uploads/{token}")
async def take(token: str, ask: Ask = works("evidence.write")) -> Response:
    """The next part. It comes in here, in the loop, and goes to storage in a thread."""
    if ask.request.headers.get("content-type") != PART_TYPE:
        raise HTTPException(415)
    begins_at = _number(ask.request, "upload-offset")
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
        part = cast(BinaryIO, spooled)
        size = await _receive(ask.request, part)
        work = (ask.site, ask.who, token, begins_at, size, part)
        now = await to_thread.run_sync(upload.take, *work)
    return Response(status_code=204, headers=_headers(now))


@router.delete("/{city}/uploads/{token}")
def forget(token: str, ask: Ask = works("evidence.write")) -> Response:
    upload.forget(ask.site, ask.who, token)
    return Response(status_code=204, headers=VERSION)


async def _receive(request: Request, part: BinaryIO) -> int:
    body.allow(request, LARGEST_PART_BYTES)
    async for chunk in request.stream():
        part.write(chunk)
    size = part.tell()
    part.seek(0)
    return size


def _headers(now: Standing) -> Mapping[str, str]:
    return {
        **VERSION,
        "Upload-Offset": str(now.received_bytes),
        "Upload-Length": str(now.size_bytes),
        "Cache-Control": "no-store",
    }


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400)
    return int(text)


def _name(request: Request) -> str:
    """The file's name: in the header, pairs of a word and a Base64 text, with commas between."""
    pairs = (pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(","))
    given = {word: text for word, _, text in pairs}
    try:
        return base64.b64decode(given.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise HTTPException(400) from None
