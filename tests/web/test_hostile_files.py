"""Two hundred hostile files and names: none makes the app fail, leaves the store, or runs anything in a browser."""

import io
import itertools
import zipfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, Response
from sqlmodel import select
from starlette.testclient import TestClient

from app.adapters.storage.keys import KEY
from app.store.evidence.files import StoredFile
from app.store.evidence.pieces import Evidence
from tests import world
from tests.conftest import BrowserPage, ClientFor, Live, note_dialog
from tests.world import World

SCRIPT = "window.ran=1;alert(1)"
ADD = "/alpha/criteria/LC1/evidence"


def _zip(*members: tuple[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, text in members:
            package.writestr(name, text)
    return made.getvalue()


def _docx(text: str) -> bytes:
    body = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    return _zip(("[Content_Types].xml", "<Types/>"), ("word/document.xml", body))


HTML = f"<html><body onload={SCRIPT}><script>{SCRIPT}</script><img src=x onerror={SCRIPT}></body></html>".encode()
CONTENTS: dict[str, tuple[bytes, ...]] = {
    "pdf": (
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n%%EOF\n",
        b"%PDF-1.7\n" + HTML,
        b"%PDF-1.7\n<</Type/Catalog/AA<</O<</S/URI/URI(javascript:alert\\(1\\))>>>>>>\n%%EOF",
        b" \n%PDF-\n" + b"<" * 5_000,
    ),
    "txt": (
        HTML[1:],
        f"hello <script>{SCRIPT}</script>".encode(),
        b"\xef\xbb\xbfjavascript:alert(1)",
        "\u202e\u2066evil".encode(),
    ),
    "csv": (
        b"=cmd|' /C calc'!A0,@SUM(1+1)\n" + HTML[1:],
        f'"<script>{SCRIPT}</script>","<svg onload={SCRIPT}>"\n'.encode(),
        b"a,b\n" * 3_000,
        b'"' + b"x" * 10_000,
    ),
    "eml": (
        b"Subject: <script>alert(1)</script>\nContent-Type: text/html\n\n" + HTML,
        b"From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 500,
        b"From: =?utf-8?q?=3Cscript=3Ealert(1)?=\n\nx",
        b"Received: x\n" * 1_000 + b"\n<script>alert(1)</script>",
    ),
    "docx": (
        _docx("&lt;script&gt;alert(1)&lt;/script&gt;"),
        _docx("javascript:alert(1)"),
        _zip(("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")),
        _zip(("[Content_Types].xml", "<Types/>"), ("word/../../../../tmp/evil", "x"), ("word/document.xml", "<")),
    ),
    "png": (
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\xff" * 20,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
        b"\x89PNG\r\n\x1a\n" + b"IEND" * 50,
    ),
}
NAMES = (
    "../../../../tmp/evil.{0}",
    "..\\..\\windows\\system32\\evil.{0}",
    "<script>alert(1)<script>.{0}",
    '"><img src=x onerror=alert(1)>.{0}',
    "plan.html.{0}",
    "plan\x00.exe.{0}",
    "\u202efdp.{0}",
    "con.{0}",
    "a" * 400 + ".{0}",
    "javascript:alert(1)//.{0}",
)
FILES = [
    (name.format(ending), content)
    for ending, contents in CONTENTS.items()
    for name, content in itertools.islice(itertools.product(NAMES, contents), 34)
]


def test_hostile_files_and_names_are_kept_or_refused_in_words_and_never_leave_the_store(
    client_for: ClientFor, seeded: World, data_dir: Path
) -> None:
    assert len(FILES) >= 200
    before = {path for path in data_dir.parent.rglob("*") if path.is_file()}
    lead = client_for("lead", raises=False)
    for number, (name, content) in enumerate(FILES):
        answer = lead.post(ADD, data=_form(), files=[("file", (name, _only(content, number), "text/html"))])
        assert answer.status_code in {303, 422}, (name, answer.status_code)
        assert "<script>alert" not in answer.text
    _all_pages_answer(lead)
    new = {path for path in data_dir.parent.rglob("*") if path.is_file()} - before
    store = data_dir / "files"
    strays = [path for path in new if store not in path.parents and not path.name.startswith("cityready.db")]
    assert strays == []
    assert all(KEY.fullmatch(path.relative_to(store).as_posix()) for path in new if store in path.parents)


def _only(content: bytes, number: int) -> bytes:
    """No two files alike, so that none is taken for another."""
    return content + f"\n{number}".encode()


def _form() -> dict[str, str]:
    return {"kind": "file", "title": "", "visibility": "public"}


def _all_pages_answer(lead: TestClient) -> None:
    for path in ("criteria/LC1", "evidence", "evidence?q=script", "history", "board"):
        assert lead.get(f"/alpha/{path}").status_code == (403 if path == "history" else 200), path


def test_no_hostile_file_runs_anything_in_a_browser(
    live: Live, seeded: World, client_for: ClientFor, browser_page: BrowserPage
) -> None:
    lead = client_for("lead", raises=False)
    for number, (name, content) in enumerate(FILES):
        lead.post(ADD, data=_form(), files=[("file", (name, _only(content, number), "text/html"))])
    world.run_jobs(live.site)
    with live.site.database.reading() as session:
        query = select(Evidence.id).join(StoredFile).where(Evidence.city_id == seeded.alpha.id)
        pieces = [piece for piece in session.exec(query) if piece not in seeded.alpha.evidence.values()]
    assert len(pieces) > 80, "most are refused, and those that are not must be harmless"
    page = browser_page("lead")
    ran: list[str] = []
    answers: list[Response] = []
    page.on("dialog", partial(note_dialog, ran))
    page.on("response", lambda answer: answers.append(answer))
    for piece in pieces:
        _look_at(page, piece or 0, ran)
    assert ran == []
    assert [answer.url for answer in answers if answer.status >= 500] == []


def _look_at(page: Page, piece: int, ran: list[str]) -> None:
    """The piece's page with its preview, and the file itself, opened by its own address where a browser shows it."""
    page.goto(f"/alpha/evidence/{piece}")
    if page.evaluate("window.ran"):
        ran.append(f"page {piece}")
    headers = page.request.get(f"/alpha/evidence/{piece}/file?view=1").headers
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'"), piece
    assert headers["x-content-type-options"] == "nosniff", piece
    assert not headers["content-type"].startswith(("text/html", "image/svg")), piece
    if headers["content-disposition"].startswith("inline") and not headers["content-type"].endswith("pdf"):
        page.goto(f"/alpha/evidence/{piece}/file?view=1")
        if page.evaluate("window.ran"):
            ran.append(f"file {piece}")
