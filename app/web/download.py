"""Files as answers: streamed, named, and never run by a browser."""

from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from app.services.evidence import opening

FILE_HEADERS = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
"""A file that people brought must not run or fetch anything, whatever it was made to be."""


def stream_file(download: opening.FileDownload, *, view: bool) -> Response:
    """A stored file on its way out; shown rather than saved only where it is asked for and a browser does that by itself."""
    view = view and download.viewable
    headers = {
        "Content-Disposition": content_disposition("inline" if view else "attachment", download.name),
        "Content-Length": str(download.size_bytes),
        **FILE_HEADERS,
    }
    return StreamingResponse(download.chunks, media_type=download.media_type, headers=headers)


def content_disposition(delivery: str, name: str) -> str:
    """The header's value: the name in ASCII for old programs, and whole as RFC 6266 and RFC 8187 say."""
    ascii_name = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"{delivery}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


CALENDAR_TYPE = "text/calendar; charset=utf-8"


def calendar_reply(content: bytes, name: str) -> Response:
    """A calendar to keep, as a file of this name."""
    headers = {"Content-Type": CALENDAR_TYPE, "Content-Disposition": content_disposition("attachment", f"{name}.ics")}
    return Response(content, headers=headers)
