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

from app.rules.files.upload import Sender
from app.services.evidence import upload
from app.services.evidence.upload import UploadProgress
from app.services.requests import personal_link
from app.web.access import Ask, Visit, visits_by_link, works
from app.web.wire import body

router = APIRouter()

PROTOCOL_HEADER = {"Tus-Resumable": "1.0.0"}
PART_MEDIA_TYPE = "application/offset+octet-stream"
LARGEST_PART_BYTES = 20_000_000
IN_MEMORY_BYTES = 1_000_000


@router.post("/{city}/uploads")
def begin_upload(ask: Ask = works("evidence.write")) -> Response:
    """`Upload-Length` and the file's name in `Upload-Metadata`; the answer's `Location` takes the parts."""
    return _begin_upload(ask, upload.sender_of_person(ask.who))


@router.head("/{city}/uploads/{token}")
def show_progress(token: str, ask: Ask = works("evidence.write")) -> Response:
    return _show_progress(ask, upload.sender_of_person(ask.who), token)


@router.patch("/{city}/uploads/{token}")
async def receive_part(token: str, ask: Ask = works("evidence.write")) -> Response:
    return await _receive_part(ask, upload.sender_of_person(ask.who), token)


@router.delete("/{city}/uploads/{token}")
def remove_upload(token: str, ask: Ask = works("evidence.write")) -> Response:
    return _remove_upload(ask, upload.sender_of_person(ask.who), token)


@router.post("/contribute/{token}/uploads", name="contribute_upload")
def begin_upload_by_link(token: str, visit: Visit = visits_by_link()) -> Response:
    """The same for a partner, as long as the link opens."""
    return _begin_upload(visit, personal_link.load_sender(visit.site, token))


@router.head("/contribute/{token}/uploads/{upload_token}", name="contribute_upload_standing")
def show_progress_by_link(token: str, upload_token: str, visit: Visit = visits_by_link()) -> Response:
    return _show_progress(visit, personal_link.load_sender(visit.site, token), upload_token)


@router.patch("/contribute/{token}/uploads/{upload_token}", name="contribute_upload_part")
async def receive_part_by_link(token: str, upload_token: str, visit: Visit = visits_by_link()) -> Response:
    return await _receive_part(visit, personal_link.load_sender(visit.site, token), upload_token)


@router.delete("/contribute/{token}/uploads/{upload_token}", name="contribute_upload_end")
def remove_upload_by_link(token: str, upload_token: str, visit: Visit = visits_by_link()) -> Response:
    return _remove_upload(visit, personal_link.load_sender(visit.site, token), upload_token)


def _begin_upload(visit: Visit, sender: Sender) -> Response:
    token = upload.begin_upload(
        visit.site, sender, _read_file_name(visit.request), _read_number(visit.request, "upload-length")
    )
    return Response(status_code=201, headers={**PROTOCOL_HEADER, "Location": f"{visit.request.url.path}/{token}"})


def _show_progress(visit: Visit, sender: Sender, token: str) -> Response:
    return Response(headers=_progress_headers(upload.read_progress(visit.site, sender, token)))


async def _receive_part(visit: Visit, sender: Sender, token: str) -> Response:
    """The next part. It comes in here, in the loop, and goes to storage in a thread."""
    if visit.request.headers.get("content-type") != PART_MEDIA_TYPE:
        raise HTTPException(415)
    begins_at = _read_number(visit.request, "upload-offset")
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
        part = cast(BinaryIO, spooled)
        size = await _spool_part(visit.request, part)
        work = (visit.site, sender, token, begins_at, size, part)
        progress = await to_thread.run_sync(upload.receive_part, *work)
    return Response(status_code=204, headers=_progress_headers(progress))


def _remove_upload(visit: Visit, sender: Sender, token: str) -> Response:
    upload.remove_upload(visit.site, sender, token)
    return Response(status_code=204, headers=PROTOCOL_HEADER)


async def _spool_part(request: Request, part: BinaryIO) -> int:
    body.allow_size(request, LARGEST_PART_BYTES)
    async for chunk in request.stream():
        part.write(chunk)
    size = part.tell()
    part.seek(0)
    return size


def _progress_headers(progress: UploadProgress) -> Mapping[str, str]:
    return {
        **PROTOCOL_HEADER,
        "Upload-Offset": str(progress.received_bytes),
        "Upload-Length": str(progress.size_bytes),
        "Cache-Control": "no-store",
    }


def _read_number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise HTTPException(400)
    return int(text)


def _read_file_name(request: Request) -> str:
    """The file's name: in the header, pairs of a word and a Base64 text, with commas between."""
    pairs = (pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(","))
    metadata = {word: text for word, _, text in pairs}
    try:
        return base64.b64decode(metadata.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise HTTPException(400) from None
