"""Which files may be kept, told by what is in them, and which names they may carry.

A file is kept when its content is of an allowed kind and its name ends as that kind does. This keeps people from
mistakes; it cannot stop a file made to be two kinds at once, so whoever serves files must forbid them to run anyway.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.rules.errors import Invalid
from app.rules.message import Message, say
from app.rules.text.bounds import normalize_text
from app.rules.text.wide_text import find_wide_encoding

NAME_CHARACTERS = 120
NAME_BYTES = 240
"""Below the 255 bytes that file systems allow, so that a number can be put before a name."""


@dataclass(frozen=True)
class FileValues:
    """A kept file as pages show it; `scan` says what the virus scanner made of it."""

    size_bytes: int
    scan: str


@dataclass(frozen=True)
class FileKind:
    """A kind of file that may be kept; `previewable` when a browser shows it by itself."""

    media_type: str
    extensions: tuple[str, ...]
    label: Message
    previewable: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

PDF = FileKind("application/pdf", ("pdf",), say("PDF document"), previewable=True)
DOCX = FileKind(_OFFICE + "wordprocessingml.document", ("docx",), say("Word document"))
XLSX = FileKind(_OFFICE + "spreadsheetml.sheet", ("xlsx",), say("Excel workbook"))
PPTX = FileKind(_OFFICE + "presentationml.presentation", ("pptx",), say("PowerPoint presentation"))
ODT = FileKind(_OPEN + "text", ("odt",), say("OpenDocument text"))
ODS = FileKind(_OPEN + "spreadsheet", ("ods",), say("OpenDocument spreadsheet"))
ODP = FileKind(_OPEN + "presentation", ("odp",), say("OpenDocument presentation"))
PNG = FileKind("image/png", ("png",), say("PNG image"), previewable=True)
JPEG = FileKind("image/jpeg", ("jpg", "jpeg", "jfif"), say("JPEG image"), previewable=True)
GIF = FileKind("image/gif", ("gif",), say("GIF image"), previewable=True)
WEBP = FileKind("image/webp", ("webp",), say("WebP image"), previewable=True)
TIFF = FileKind("image/tiff", ("tif", "tiff"), say("TIFF image"))
HEIC = FileKind("image/heic", ("heic", "heif"), say("HEIC photo"))
DOC = FileKind("application/msword", ("doc",), say("older Word document"))
XLS = FileKind("application/vnd.ms-excel", ("xls",), say("older Excel workbook"))
PPT = FileKind("application/vnd.ms-powerpoint", ("ppt",), say("older PowerPoint presentation"))
MSG = FileKind("application/vnd.ms-outlook", ("msg",), say("Outlook message"))
CSV = FileKind("text/csv", ("csv",), say("CSV table"))
TEXT = FileKind("text/plain", ("txt",), say("plain text"))
EMAIL = FileKind("message/rfc822", ("eml",), say("e-mail message"))

IMAGES = (PNG, JPEG, GIF, WEBP, TIFF, HEIC)
FILE_KINDS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, DOC, XLS, PPT, *IMAGES, CSV, TEXT, EMAIL, MSG)
BY_EXTENSION = {extension: kind for kind in FILE_KINDS for extension in kind.extensions}

_BEGINNINGS: tuple[tuple[bytes, FileKind | Message], ...] = (
    (rb"(\xef\xbb\xbf)?\s*%PDF-", PDF),
    (rb"\x89PNG\r\n\x1a\n", PNG),
    (rb"\xff\xd8\xff", JPEG),
    (rb"GIF8[79]a", GIF),
    (rb"RIFF.{4}WEBP", WEBP),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.textPK", ODT),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.spreadsheetPK", ODS),
    (rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.presentationPK", ODP),
    (rb"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+", TIFF),
    (rb".{4}ftyp(hei|hev|mif|msf)", HEIC),
    (rb"MZ.{0,60}\x00|\x7fELF|#!", say("program")),
    (rb"\{\\rtf", say("RTF document")),
    (rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|script|svg)", say("web page")),
    (rb"7z\xbc\xaf\x27\x1c|Rar!|\x1f\x8b|BZh", say("archive")),
)
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), found) for pattern, found in _BEGINNINGS)
_PDF_LATER = re.compile(rb".{0,1016}%PDF-[0-9]", re.DOTALL)
"""Readers take a PDF that begins anywhere in the first 1,024 bytes (ISO 32000, Annex H)."""
COMPOUND_BEGINNING = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How compound files begin ([MS-CFB] 2.2), in which older Office programs and Outlook keep their streams."""
_STREAM_KINDS = {
    "worddocument": DOC,
    "workbook": XLS,
    "book": XLS,
    "powerpoint document": PPT,
    "__properties_version1.0": MSG,
}
"""The stream at the root of a compound file that holds what the file is."""
_LOCKED_STREAM = "encryptedpackage"
"""In which Office puts a whole document that has a password ([MS-OFFCRYPTO] 2.3.1)."""
_MACRO_STREAMS = {"macros", "_vba_project_cur"}
_OFFICE_FOLDERS = {"word/": DOCX, "xl/": XLSX, "ppt/": PPTX}
_PACKAGE_TYPES = (
    (re.compile(r"wordprocessingml\.(document|template)\.main\+xml"), DOCX),
    (re.compile(r"spreadsheetml\.(sheet|template)\.main\+xml"), XLSX),
    (re.compile(r"presentationml\.(presentation|slideshow|template)\.main\+xml"), PPTX),
    (re.compile(r"opendocument\.text(?![a-z-])"), ODT),
    (re.compile(r"opendocument\.spreadsheet(?![a-z-])"), ODS),
    (re.compile(r"opendocument\.presentation(?![a-z-])"), ODP),
)
"""What a package says of itself, whatever its parts are called."""
MACROS = say("This file contains macros, which are small programs. Save it without them first.")
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MESSAGE_HEADER = re.compile(rb"(\xef\xbb\xbf)?(From |[!-9;-~]{1,70}:)")
"""RFC 5322, 2.2: any printable sign but a colon, and no blank is needed after the colon."""
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)


def kinds_named(endings: str) -> tuple[FileKind, ...]:
    """The kinds that a setting names by their endings, with spaces between; all for an empty one. Raises ValueError for an unknown one."""
    wanted = set(endings.lower().replace(".", " ").split())
    if unknown := wanted - BY_EXTENSION.keys():
        raise ValueError(f"unknown file types: {' '.join(sorted(unknown))}; known are {' '.join(BY_EXTENSION)}")
    return tuple(kind for kind in FILE_KINDS if not wanted or wanted.intersection(kind.extensions))


def check_named_kind(name: str, kinds: Collection[FileKind] = FILE_KINDS) -> FileKind:
    """The kind that the name claims. Raises Invalid for the field `file` when none of `kinds` ends so."""
    ending = _name_ending(name)
    wanted = BY_EXTENSION.get(ending)
    if wanted is None or wanted not in kinds:
        raise Invalid({"file": _not_kept(ending)})
    return wanted


def check_file_kind(
    name: str,
    head: bytes,
    members: Sequence[str] | None,
    kinds: Collection[FileKind] = FILE_KINDS,
    *,
    package_type: str = "",
) -> FileKind:
    """The kind of a file from its name, its first bytes (1,024 or more, or all) and its members: of a zip, or at the root of a compound file.

    `package_type` is what the zip says of itself: its content types, or its media type. Raises Invalid for the field `file` when
    such files are not kept or the content is not what the name says.
    """
    ending, wanted = _name_ending(name), check_named_kind(name, kinds)
    if _LOCKED_STREAM in map(str.lower, members or ()):
        raise Invalid({"file": say("This file needs a password to be opened. Save it without one first.")})
    detected = _detect_content(head, members, wanted, package_type)
    if detected != wanted:
        raise Invalid({"file": _not_as_named(detected, ending)})
    if _has_macros(members or ()):
        raise Invalid({"file": MACROS})
    return wanted


def safe_name(name: str) -> str:
    """A name that every file system and every download takes: 1 to 120 characters, the extension kept."""
    last = re.split(r"[/\\]", normalize_text("NFC", name))[-1]
    marked = re.sub(r'[<>:"|?*]', "_", last)
    visible = "".join(letter for letter in marked if letter.isspace() or unicodedata.category(letter)[0] != "C")
    clean = normalize_text("NFC", " ".join(visible.split())).strip(" .") or "file"
    if _RESERVED.fullmatch(clean.partition(".")[0].strip()):
        clean = "_" + clean
    return _shorten_name(clean)


def _name_ending(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return ending.lower() if stem else ""


def _detect_content(
    head: bytes, members: Sequence[str] | None, wanted: FileKind, package_type: str
) -> FileKind | Message | None:
    for pattern, detected in _PATTERNS:
        if pattern.match(head):
            return detected
    if wanted == PDF and _PDF_LATER.match(head):
        return PDF
    if head.startswith(COMPOUND_BEGINNING):
        return _detect_compound(members or ())
    if members is not None:
        return _detect_package(members, package_type)
    return _detect_text(head, wanted)


def _detect_package(members: Sequence[str], package_type: str) -> FileKind | Message:
    for pattern, kind in _PACKAGE_TYPES:
        if pattern.search(package_type):
            return kind
    if "[Content_Types].xml" in members:
        for folder, kind in _OFFICE_FOLDERS.items():
            if any(member.startswith(folder) for member in members):
                return kind
    return say("archive")


def _detect_compound(streams: Sequence[str]) -> FileKind | Message:
    names = {name.lower() for name in streams}
    found = (kind for name, kind in _STREAM_KINDS.items() if name in names)
    return next(found, say("older Office file, or one with a password"))


def _detect_text(head: bytes, wanted: FileKind) -> FileKind | None:
    """Plain text and CSV cannot be told apart, so the name decides between them."""
    if not find_wide_encoding(head) and _NOT_IN_TEXT.search(head):
        return None
    if wanted == CSV or (wanted == EMAIL and _MESSAGE_HEADER.match(head)):
        return wanted
    return TEXT


def _has_macros(members: Sequence[str]) -> bool:
    return any(
        member.endswith("vbaProject.bin")
        or member.startswith(("Basic/", "Scripts/"))
        or member.lower() in _MACRO_STREAMS
        for member in members
    )


OTHER_KINDS: dict[Message, str] = {
    say("Open it in Word, choose Save As, and there Word Document (.docx) or PDF."): "doc dot dotx docm rtf wps wpd",
    say("Open it in Excel, choose Save As, and there Excel Workbook (.xlsx)."): "xls xlsb xlsm xltx",
    say(
        "Open it in PowerPoint, choose Save As, and there PowerPoint Presentation (.pptx) or PDF."
    ): "ppt pptm pps ppsx pot potx",
    say("Open it in Outlook, choose File, Print, and there Save as PDF; or save it as .eml."): "msg oft pst",
    say("Open it in Pages, choose File, Export To, and there PDF or Word."): "pages",
    say("Open it in Numbers, choose File, Export To, and there Excel."): "numbers",
    say("Open it in Keynote, choose File, Export To, and there PDF or PowerPoint."): "key",
    say(
        "Open it in the program that made it, and choose Save As or Export, and there PDF."
    ): "pub vsd vsdx mpp one xps oxps odg fodt fods fodp dwg dxf indd",
    say(
        "It only points to a document on Google Drive: open that, choose File, Download, and there PDF or the Office format."
    ): "gdoc gsheet gslides",
    say("Open the photo and share or export it as JPEG."): "heic heif avif raw dng",
    say("Open it with an image program and save it as PDF or PNG."): "tif tiff bmp psd ai eps svg",
    say("Unpack it, and choose the files in it."): "zip 7z rar gz tar tgz",
    say("Add its address as a link, or print it as PDF."): "html htm mht mhtml url webloc",
    say(
        "Put it where people can watch or hear it, and add its address as a link."
    ): "mp4 mov avi wmv m4v mkv mp3 m4a wav",
    say("Save it as CSV, or as an Excel workbook (.xlsx)."): "tsv tab dbf sav json xml geojson parquet accdb mdb",
}
"""What to do with a file of a kind that is not kept, by the endings of such files."""
_OTHER_ENDINGS = {ending: advice for advice, endings in OTHER_KINDS.items() for ending in endings.split()}


def _not_kept(ending: str) -> Message:
    if not ending:
        return say("The name of this file has no ending such as .pdf, so its type is not known. Add the right one.")
    if advice := _OTHER_ENDINGS.get(ending):
        return say("Files of type .%(ending)s cannot be kept here. %(advice)s", ending=ending[:20], advice=advice)
    return say(
        "Files of type .%(ending)s cannot be kept here; use PDF, Office, image, CSV or text.", ending=ending[:20]
    )


def _not_as_named(detected: FileKind | Message | None, ending: str) -> Message:
    if detected is None:
        return say(
            "This file does not contain what a .%(ending)s file should; it may be damaged. Open it and save it again.",
            ending=ending,
        )
    if not isinstance(detected, FileKind):
        return say(
            "This looks like “%(found)s”, which cannot be kept, though its name ends in .%(ending)s. "
            "In the program that it comes from, save it as that type.",
            found=detected,
            ending=ending,
        )
    return say(
        "This looks like “%(found)s” but its name ends in .%(ending)s. Give it the right name, or save it as that type.",
        found=detected.label,
        ending=ending,
    )


def _shorten_name(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    tail = dot + ending
    fitting = stem[: NAME_CHARACTERS - len(tail)].encode()[: NAME_BYTES - len(tail.encode())]
    return fitting.decode(errors="ignore").rstrip(" .") + tail
