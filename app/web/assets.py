"""Our own and the installed front-end files, under names that carry their content's hash, so that a browser may keep them for good."""

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from app.rules.errors import NotFound
from app.rules.message import say
from app.settings import ROOT
from app.web.named_parts import pick_icons, pick_rules

FOLDER = ROOT / "static"
FOREVER = "public, max-age=31536000, immutable"
ICONS = "icons.svg"
"""Not a file: the icons that our templates name, of the installed ones."""
STYLES = "vendor/uswds/css/uswds.min.css"
"""Of this file the rules that our templates name."""
_COMPRESSIBLE = {".css", ".js", ".svg", ".json"}


@dataclass(frozen=True)
class Asset:
    body: bytes
    squeezed: bytes | None
    media_type: str
    mark: str


@cache
def load_asset(name: str) -> Asset:
    """The file static/`name`, or ICONS. Raises NotFound, also for every name that leaves the folder."""
    body = _BUILDERS.get(name, _read_file)(name)
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    compressed = gzip.compress(body, 9, mtime=0) if Path(name).suffix in _COMPRESSIBLE else None
    return Asset(body, compressed, media_type, hashlib.sha256(body).hexdigest()[:12])


def _read_file(name: str) -> bytes:
    path = _find_file(name)
    if path is None:
        raise NotFound(say("We could not find that file."))
    return path.read_bytes()


def _build_icons(_: str) -> bytes:
    """None where nothing is installed."""
    installed = _find_file("vendor/uswds/img/sprite.svg")
    return pick_icons(installed.read_text("utf-8") if installed else "").encode()


def _build_styles(name: str) -> bytes:
    return pick_rules(_read_file(name).decode()).encode()


_BUILDERS: dict[str, Callable[[str], bytes]] = {ICONS: _build_icons, STYLES: _build_styles}


def _find_file(name: str) -> Path | None:
    """The file in the folder, if `name` is its one spelling: what is loaded is kept, and of `./././` there are many.

    A name can be too long for the file system to look for.
    """
    try:
        path = (FOLDER / name).resolve()
        return path if str(path) == f"{FOLDER}/{name}" and path.is_file() else None
    except OSError:
        return None


@cache
def asset_address(name: str) -> str:
    """Where a page finds the file. Style sheets refer to fonts and images beside them, so the mark stands before the path.

    A set-up mark over all installed files serves for those that are served whole, and may be reached only from a style sheet.
    """
    is_picked = name == STYLES and _find_file(name)
    has_own_mark = is_picked or not name.startswith("vendor/")
    return f"/static/{load_asset(name).mark if has_own_mark else _installed_mark()}/{name}"


@cache
def _installed_mark() -> str:
    lock = Path(FOLDER / "vendor" / ".lock")
    return hashlib.sha256(lock.read_bytes() if lock.exists() else b"").hexdigest()[:12]


async def serve_asset(request: Request) -> Response:
    """Answer `/static/{mark}/{name}`, compressed where the browser takes it."""
    asset = load_asset(request.path_params["name"])
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.squeezed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.squeezed, media_type=asset.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(asset.body, media_type=asset.media_type, headers=headers)
