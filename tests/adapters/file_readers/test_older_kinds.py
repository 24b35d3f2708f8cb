"""Files of older Office programs and of Outlook: every place of them in which words can stand is read, and bad ones harm nobody."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.adapters.file_readers.child import name_trouble
from app.adapters.file_readers.notes import ReadingNotes
from app.adapters.file_readers.old_documents import read_doc
from app.adapters.file_readers.old_slides import read_ppt
from app.adapters.file_readers.old_workbooks import read_xls
from app.adapters.file_readers.outlook import read_msg
from app.adapters.file_readers.reading import load_facts, read_facts
from app.adapters.file_readers.rich_text import RichTextReader, unpack_rtf
from app.adapters.files import inspect_file
from app.rules.errors import Invalid
from app.rules.files import kinds
from app.rules.files.file_reading import FileFacts, FileTrouble
from app.rules.files.file_text import TextPlace, UnreadKind, UnreadPart
from tests.compound_files import attached_file, attached_message, compound_of, message_streams

NEWARK = ZoneInfo("America/New_York")
Reader = Callable[[Path, ReadingNotes], None]
READERS: dict[str, Reader] = {"doc": read_doc, "xls": read_xls, "ppt": read_ppt, "msg": read_msg}
NUMBER = "219-63-4812"
SUBJECT, BODY, HTML, SENDER, ADDRESS, SENT, TO, KIND, NAME, SMTP = (
    0x0037, 0x1000, 0x1013, 0x0C1A, 0x5D01, 0x0039, 0x0E04, 0x0C15, 0x3001, 0x39FE
)  # fmt: skip


def office_file(name: str) -> bytes:
    """A file that LibreOffice wrote, with a social security number in every place."""
    with zipfile.ZipFile(Path(__file__).with_name("office_files.zip")) as kept:
        return kept.read(name)


def a_message() -> bytes:
    return compound_of(
        message_streams(
            {
                SUBJECT: "Permits in March", SENDER: "Ana Duarte", ADDRESS: "ana@newark.example", BODY: f"Bodymoss {NUMBER}\r\nBye",
                SENT: datetime(2025, 3, 13, 2, 30, tzinfo=UTC), TO: "not used", 0x3A08: f"Phonemoss {NUMBER}",
            },
            [{NAME: "Tamsin", SMTP: "tamsin@newark.example", KIND: 1}, {NAME: "Orla", SMTP: "orla@newark.example", KIND: 3}],
            [
                attached_file("list.txt", f"Listmoss {NUMBER}".encode()),
                attached_message({SUBJECT: "Earlier", BODY: f"Innermoss {NUMBER}"}),
                attached_file("plan.pdf", b"%PDF-1.7"),
            ],
        )
    )  # fmt: skip


FILES: dict[str, Callable[[], bytes]] = {
    "doc": lambda: office_file("letter.doc"),
    "xls": lambda: office_file("permits.xls"),
    "ppt": lambda: office_file("plan.ppt"),
    "msg": a_message,
}


def read(place: Path, content: bytes, ending: str) -> FileFacts:
    """What the child process finds in the file, without the process."""
    path = place / "kept"
    path.write_bytes(content)
    notes = ReadingNotes(place)
    try:
        READERS[ending](path, notes)
    except Exception as problem:
        notes.note(trouble=name_trouble(problem))
    notes.check_personal_data("US")
    return load_facts(place, NEWARK)


def words_by_place(facts: FileFacts) -> dict[TextPlace, str]:
    ends = [stretch.start for stretch in facts.stretches[1:]] + [len(facts.text)]
    words: dict[TextPlace, str] = {}
    for stretch, end in zip(facts.stretches, ends, strict=True):
        words[stretch.place] = words.get(stretch.place, "") + facts.text[stretch.start : end]
    return words


PLANTED = [
    ("doc", TextPlace.BODY, "Bodymoss 219-63-4814"),
    ("doc", TextPlace.BODY, "Cellmoss 219-63-4819"),
    ("doc", TextPlace.FOOTNOTE, "Footnotemoss 219-63-4815"),
    ("doc", TextPlace.FOOTNOTE, "Endnotemoss 219-63-4816"),
    ("doc", TextPlace.HEADER, "Headermoss 219-63-4812"),
    ("doc", TextPlace.FOOTER, "Footermoss 219-63-4813"),
    ("doc", TextPlace.COMMENT, "Commentmoss 219-63-4817"),
    ("doc", TextPlace.SHAPE, "Boxmoss 219-63-4818"),
    ("doc", TextPlace.PROPERTIES, "Kestrelmoor"),
    ("xls", TextPlace.SHEET, "Cellmoss 219-63-4819"),
    ("xls", TextPlace.SHEET, "Longmoss 219-63-4820"),
    ("xls", TextPlace.SHEET, "Sevenmoss 219-63-4821"),
    ("xls", TextPlace.HEADER, "Headermoss 219-63-4812"),
    ("xls", TextPlace.FOOTER, "Footermoss 219-63-4813"),
    ("xls", TextPlace.COMMENT, "Commentmoss 219-63-4817"),
    ("xls", TextPlace.SHAPE, "Boxmoss 219-63-4818"),
    ("xls", TextPlace.PROPERTIES, "Foxglovedale"),
    ("ppt", TextPlace.SLIDE, "Slidemoss 219-63-4814"),
    ("ppt", TextPlace.SPEAKER_NOTES, "Speakermoss 219-63-4822"),
    ("ppt", TextPlace.PROPERTIES, "Streets"),
    ("msg", TextPlace.BODY, f"Bodymoss {NUMBER}"),
    ("msg", TextPlace.ATTACHMENT, f"Listmoss {NUMBER}"),
    ("msg", TextPlace.ATTACHMENT, f"Innermoss {NUMBER}"),
    ("msg", TextPlace.PROPERTIES, f"Phonemoss {NUMBER}"),
]


@pytest.mark.parametrize(("ending", "where", "words"), PLANTED, ids=[f"{end}-{words[:8]}" for end, _, words in PLANTED])
def test_words_stand_in_their_place(tmp_path: Path, ending: str, where: TextPlace, words: str) -> None:
    assert words in words_by_place(read(tmp_path, FILES[ending](), ending))[where]


@pytest.mark.parametrize("ending", FILES)
def test_every_personal_number_is_found_in_the_process_too(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "0a1b2c"
    path.write_bytes(FILES[ending]())
    facts = read_facts(path, kinds.BY_EXTENSION[ending].media_type, zone=NEWARK)
    planted = len(set(re.findall(r"219-63-48\d\d", facts.text)))
    counts = {finding.kind.value: finding.count for finding in facts.findings}
    assert (facts.trouble, facts.checked, counts["us_ssn"]) == (None, True, planted)
    assert planted >= {"doc": 8, "xls": 7, "ppt": 3, "msg": 1}[ending]


@pytest.mark.parametrize("ending", ["doc", "xls", "ppt"])
def test_title_and_days_are_those_of_the_document(tmp_path: Path, ending: str) -> None:
    facts = read(tmp_path, FILES[ending](), ending)
    assert (facts.title, facts.made_on, facts.changed_on) == ("Data plan", date(2025, 3, 12), date(2025, 4, 1))


def test_signs_of_an_older_document_are_letters(tmp_path: Path) -> None:
    text = read(tmp_path, FILES["doc"](), "doc").text
    assert "ordinance 2026-15 day\nand\tnight" in text
    assert "año “Nexø”" in text
    assert "日本語 текст" in text
    assert "Link: Linkmoss" in text
    assert "HYPERLINK" not in text


def test_an_older_workbook_is_shown_as_its_cells_show_it(tmp_path: Path) -> None:
    facts = read(tmp_path, FILES["xls"](), "xls")
    assert [sheet.name for sheet in facts.sheets] == ["Permits", "Sheet2", "Sheet3", "Sheet4", "Sheet5"]
    assert facts.sheets[0].rows[1][:5] == ("Cellmoss 219-63-4819", "48", "52%", "2025-03-12", "1234.5")
    assert ("Seventh", 201) in [(spot.name, spot.number) for spot in facts.findings[0].spots]


def test_older_slides_come_in_their_order_with_their_number(tmp_path: Path) -> None:
    facts = read(tmp_path, FILES["ppt"](), "ppt")
    assert facts.pages == 2
    assert facts.text.index("Slidemoss") < facts.text.index("Secondmoss") < facts.text.index("Speakermoss")
    assert (TextPlace.SLIDE, 1) in [(spot.place, spot.number) for spot in facts.findings[0].spots]


def test_a_message_says_from_whom_to_whom_and_when(tmp_path: Path) -> None:
    facts = read(tmp_path, a_message(), "msg")
    assert facts.title == "Permits in March"
    assert facts.made_on == date(2025, 3, 12)  # in Newark, where it was evening
    for line in (
        "From: Ana Duarte <ana@newark.example>",
        "To: Tamsin <tamsin@newark.example>",
        "Bcc: Orla <orla@newark.example>",
        "[plan.pdf]",
    ):
        assert line in facts.text
    assert facts.unread == (UnreadPart(UnreadKind.ATTACHMENTS, 1, ("plan.pdf",)),)


def test_of_a_message_without_plain_text_the_page_is_read_or_said_to_be_unread(tmp_path: Path) -> None:
    page = {"__substg1.0_10130102": "<style>x</style><p>Año de <b>Quillmoss".encode("cp1252")}
    streams = message_streams({SUBJECT: "S", 0x3FDE: 1252})
    assert "Año de Quillmoss" in read(tmp_path, compound_of(streams | page), "msg").text
    facts = read(tmp_path, compound_of(streams | {"__substg1.0_10090102": b"LZFu"}), "msg")
    assert facts.unread == (UnreadPart(UnreadKind.FORMATTED_TEXT),)


HELLO = (
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
    r"{\rtf1\ansi\ansicpg1252\pard hello world}",
)
REPEATED = ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", r"{\rtf1 WXYZWXYZWXYZWXYZWXYZ}")
"""What [MS-OXRTFCP] 4.1 gives as examples."""


@pytest.mark.parametrize(("packed", "unpacked"), [HELLO, REPEATED])
def test_formatted_text_is_unpacked_as_it_is_specified(packed: str, unpacked: str) -> None:
    assert unpack_rtf(bytes.fromhex(packed)).decode().strip() == unpacked


IN_DISGUISE = rb"""{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag34 <style>p {color: red}</style>}{\*\htmltag64 <p>}
\htmlrtf {\f0 \htmlrtf0 Dear Ana{\*\htmltag84 &nbsp;}219-63-4812{\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0 {\*\htmltag64 <p>}Bye}"""


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator W;}\pard ni\'f1o \u8211? a\~b\par 219\_63\tab c}", "niño – a\xa0b\n219-63\tc"),
        (rb"{\rtf1{\field{\*\fldinst HYPERLINK x}{\fldrslt Link}}\bin3 {{{ end\line sil\-aba \{b\}}", "Link end\nsilaba {b}"),
        (rb"{\rtf1\ansi\ansicpg932 \'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1\uc2 \u241ab!{\uc0\u241n}}", "ñ!ñn"),
        (IN_DISGUISE, "Dear Ana 219-63-4812\nBye"),
    ],
)  # fmt: skip
def test_of_formatted_text_the_words_are_read(rtf: bytes, text: str) -> None:
    assert RichTextReader(rtf).read_words(1_000) == text


def test_a_message_that_is_only_formatted_text_is_read(tmp_path: Path) -> None:
    streams = message_streams({SUBJECT: "S"}) | {"__substg1.0_10090102": plain_rtf(rb"{\rtf1 Number 219-63-4812\par}")}
    facts = read(tmp_path, compound_of(streams), "msg")
    assert [finding.kind for finding in facts.findings if finding.strong] == ["us_ssn"]
    assert facts.unread == ()


def plain_rtf(content: bytes) -> bytes:
    return struct.pack("<II4sI", len(content) + 12, len(content), b"MELA", 0) + content


@pytest.mark.parametrize("seed", range(20))
def test_no_damaged_formatted_text_harms_anyone(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(bytes.fromhex(HELLO[0]) if seed % 2 else plain_rtf(IN_DISGUISE))
    for _ in range(10):
        content[chance.randrange(16, len(content))] = chance.randrange(256)
    streams = message_streams({SUBJECT: "S"}) | {"__substg1.0_10090102": bytes(content)}
    assert read(tmp_path, compound_of(streams), "msg").checked


def locked_doc() -> bytes:
    content = bytearray(office_file("letter.doc"))
    start = content.index(b"\xec\xa5")
    content[start + 11] |= 1
    return bytes(content)


def locked_ppt() -> bytes:
    return office_file("plan.ppt").replace(struct.pack("<I", 0xE391C05F), struct.pack("<I", 0xF3D1C4DF))


def locked_xls() -> bytes:
    beginning = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0)
    lock = struct.pack("<HHH", 0x2F, 54, 1).ljust(58, b"\1")
    return compound_of({"Workbook": (beginning + lock).ljust(5_000, b"\0")})


@pytest.mark.parametrize(("ending", "content"), [("doc", locked_doc), ("ppt", locked_ppt), ("xls", locked_xls)])
def test_a_file_with_a_password_is_said_to_have_one(tmp_path: Path, ending: str, content: Callable[[], bytes]) -> None:
    assert read(tmp_path, content(), ending).trouble == FileTrouble.LOCKED


@pytest.mark.parametrize("ending", FILES)
def test_no_damage_harms_the_reader_or_the_door(tmp_path: Path, ending: str) -> None:
    whole, chance = FILES[ending](), random.Random(7)
    damaged = [whole[: chance.randrange(600, len(whole))] for _ in range(6)]
    for _ in range(14):
        changed = bytearray(whole)
        for _ in range(chance.choice((1, 20, 400))):
            changed[chance.randrange(len(changed))] = chance.choice((0, 0xFF, chance.randrange(256)))
        damaged.append(bytes(changed))
    for content in damaged:
        facts = read(tmp_path, content, ending)
        assert facts.checked
        try:
            inspect_file(f"a.{ending}", io.BytesIO(content))
        except Invalid as refused:
            assert str(refused.fields["file"]).endswith(".")  # noqa: PT017 - both outcomes are right
