"""Messages as mail programs and the servers between them write them: nothing that came with one is lost without a word."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.adapters.file_readers.mail import read_email
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.reading import load_facts
from app.rules.files.file_reading import FileFacts
from app.rules.files.file_text import UnreadKind

NEWARK = ZoneInfo("America/New_York")
PLAIN, PAGE = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"
PDF = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=scan.pdf\n\n%PDF"
SIGNED = "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx"


def read(place: Path, content: str | bytes) -> FileFacts:
    path = place / "kept"
    path.write_bytes(content.replace("\n", "\r\n").encode() if isinstance(content, str) else content)
    notes = ReadingNotes(place)
    read_email(path, notes)
    notes.check_personal_data("US")
    return load_facts(place, NEWARK)


def letter(body: str) -> str:
    return f"From: a@newark.example\nSubject: Minutes\nMIME-Version: 1.0\n{body}"


def parts(kind: str, *inner: str) -> str:
    border = f"--{kind}-{len(inner)}"
    joined = "".join(f"--{border}\n{part}\n" for part in inner)
    return f'Content-Type: multipart/{kind}; boundary="{border}"\n\n{joined}--{border}--\n'


def list_unread(facts: FileFacts) -> Iterable[str]:
    return [name for part in facts.unread if part.kind == UnreadKind.ATTACHMENTS for name in part.names]


@pytest.mark.parametrize(
    ("body", "words", "unread"),
    [
        (PDF, [], ["scan.pdf"]),
        (parts("signed", parts("mixed", PLAIN + "Quillmoss", PDF), SIGNED), ["Quillmoss"], ["scan.pdf"]),
        ("Content-Type: application/pkcs7-mime; name=smime.p7m\n\nMIAG", [], ["smime.p7m"]),
        ("Content-Type: application/ms-tnef; name=winmail.dat\n\nx", [], ["winmail.dat"]),
        (parts("mixed", PLAIN + "See below", "Content-Type: application/octet-stream; name=list.csv\n\nQuillmoss;7"), ["Quillmoss;7"], []),
        (parts("related", parts("alternative", PLAIN + "See", PAGE + "<p>See"), "Content-Type: image/png; name=a.png\n\nx"), [], ["a.png"]),
        (parts("mixed", PLAIN + "Before the picture", PDF, PLAIN + "After the picture"), ["Before the", "After the picture"], ["scan.pdf"]),
    ],
    ids=["a scanner", "signed", "encrypted", "outlook", "a table of an unknown kind", "a picture in the text", "a telephone"],
)  # fmt: skip
def test_what_comes_with_a_message_is_read_or_named(
    tmp_path: Path, body: str, words: list[str], unread: list[str]
) -> None:
    facts = read(tmp_path, letter(body))
    assert [word for word in words if word not in facts.text] == []
    assert list_unread(facts) == unread
    assert all(f"[{name}]" in facts.text for name in unread)


def test_of_two_forms_of_a_message_what_only_the_other_says_is_read_too(tmp_path: Path) -> None:
    page = (
        "<p>Dear all,</p><p>Her number is <b>219-63-4812</b></p><img src=x alt='Seal of Quillmoss'><a href=x>More</a>"
    )
    facts = read(tmp_path, letter(parts("alternative", PLAIN + "Dear all,", PAGE + page)))
    assert facts.text.endswith("Dear all,\n\nHer number is 219-63-4812\nSeal of Quillmoss More")
    assert [finding.kind for finding in facts.findings if finding.strong] == ["us_ssn"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_letters_that_stand_there_as_they_are_stay_letters(tmp_path: Path, encoding: str) -> None:
    facts = read(tmp_path, "Subject: Año de ñandú\nContent-Type: text/plain\n\ncafé\n".encode(encoding))
    assert (facts.title, "Subject: Año de ñandú" in facts.text, "café" in facts.text) == ("Año de ñandú", True, True)


def test_a_message_may_begin_with_the_mark_of_an_editor(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfSubject: Minutes\n\nQuillmoss\n").title == "Minutes"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sun, 1 Mar 2026 02:30:00 +0000", date(2026, 2, 28)),
        ("Sun, 01 Mar 2026 02:30:00 GMT", date(2026, 2, 28)),
        ("Sun, 1 Mar 2026 02:30:00 -0000", date(2026, 2, 28)),
        ("Sun, 1 Mar 2026 02:30:00 +0100", date(2026, 3, 1)),
        ("28 Feb 2026 21:30 EST", date(2026, 2, 28)),
    ],
)
def test_the_day_is_that_of_the_writer_or_of_the_city(tmp_path: Path, written: str, day: date) -> None:
    assert read(tmp_path, f"Date: {written}\nSubject: Minutes\n\nHello\n").made_on == day
