"""Real files, whole, broken and made to harm."""

import email.message
import struct
import tracemalloc
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from app.adapters.files import inspect_file
from app.rules.errors import Invalid
from tests.compound_files import compound_of


def package(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, body in members.items():
            archive.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else None)
    return file


def word(**more: bytes) -> BytesIO:
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def picture(form: str, size: tuple[int, int] = (4, 3)) -> BytesIO:
    file = BytesIO()
    Image.new("L", size).save(file, form)
    return file


def refusal(name: str, file: BytesIO) -> str:
    with pytest.raises(Invalid) as refused:
        inspect_file(name, file)
    return str(refused.value.fields["file"])


def a_letter() -> BytesIO:
    letter = email.message.EmailMessage()
    letter["Subject"] = "Data"
    letter.set_content("Hello")
    return BytesIO(letter.as_bytes())


@pytest.mark.parametrize(
    ("name", "file", "media_type"),
    [
        ("a.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "a.odt",
            package({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
            "application/vnd.oasis.opendocument.text",
        ),
        ("a.png", picture("PNG"), "image/png"),
        ("a.JPG", picture("JPEG"), "image/jpeg"),
        ("a.gif", picture("GIF"), "image/gif"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.eml", a_letter(), "message/rfc822"),
        ("a.csv", BytesIO(b"a;b\r\n1;2\r\n"), "text/csv"),
    ],
)
def test_real_files_are_told_by_what_is_in_them(name: str, file: BytesIO, media_type: str) -> None:
    assert inspect_file(name, file).media_type == media_type
    assert file.tell() == 0


def test_a_large_zip_record_is_read_too() -> None:
    file = word()
    whole = file.getvalue()
    at = whole.rfind(b"PK\x05\x06")
    size, offset = struct.unpack("<II", whole[at + 12 : at + 20])
    large = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2, 2, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    small = whole[at : at + 8] + b"\xff" * 12 + b"\x00\x00"
    assert inspect_file("a.docx", BytesIO(whole[:at] + large + locator + small)).extensions == ("docx",)


@pytest.mark.parametrize("cut", [5, 40, 100, -1, -10])
def test_a_broken_zip_is_called_damaged(cut: int) -> None:
    assert "damaged" in refusal("a.docx", BytesIO(word().getvalue()[:cut]))


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 cut", package({f"part-{number}": b"" for number in range(10_001)}).getvalue()]
)
def test_what_to_press_is_told_of_a_kind_that_is_not_kept_whatever_is_in_it(content: bytes) -> None:
    assert "Open it in Pages" in refusal("plan.pages", BytesIO(content))


def test_a_zip_with_too_many_parts_is_refused() -> None:
    members = {f"word/{number}": b"" for number in range(10_001)}
    assert "too many parts" in refusal("a.docx", package({"[Content_Types].xml": b"", **members}))


def test_a_zip_that_grows_too_large_is_refused() -> None:
    file = word(x=b"x")
    whole = bytearray(file.getvalue())
    entry = whole.rfind(b"PK\x01\x02")
    whole[entry + 24 : entry + 28] = struct.pack("<I", 1_500_000_000)
    assert "grows too large" in refusal("a.docx", BytesIO(whole))


def test_a_table_of_contents_of_many_megabytes_is_refused_before_it_is_read() -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 4, *[0] * 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 30, 0)
    file = BytesIO(b"PK\x03\x04" + bytes(26) + directory + end)
    tracemalloc.start()
    try:
        assert "too many parts" in refusal("a.docx", file)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 1_000_000


def png_of(width: int, height: int) -> BytesIO:
    """A PNG of any stated size without the work of painting it."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")))


@pytest.mark.parametrize("size", [(5000, 10_001), (10_000, 10_000), (60_000, 60_000)])
def test_an_image_of_more_than_50_megapixels_is_refused(size: tuple[int, int]) -> None:
    assert "50 megapixels" in refusal("a.png", png_of(*size))


def tiff(*tags: tuple[int, int, int, int]) -> BytesIO:
    """The head of a TIFF with these tags, each with its form, its count and its value."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return BytesIO(b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4_000))


def test_a_scan_of_more_than_50_megapixels_is_refused_before_its_library_sees_it() -> None:
    large = ((256, 4, 1, 100_000), (257, 3, 1, 60_000), (273, 4, 4_000_000_000, 8))
    assert "megapixels" in refusal("a.tif", tiff(*large))
    assert "megapixels" in refusal(
        "a.heic", BytesIO(b"\0\0\0\x18ftypheic" + bytes(99) + b"ispe" + struct.pack(">III", 0, 9_000, 9_000))
    )
    assert inspect_file("a.tif", tiff((256, 4, 1, 5_000), (257, 3, 1, 9_000))).extensions == ("tif", "tiff")


@pytest.mark.parametrize(
    "content", [b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0+\0\x08\0\0" + b"\xff" * 8, tiff().getvalue()]
)
def test_a_scan_that_does_not_say_its_size_is_called_damaged(content: bytes) -> None:
    assert "damaged" in refusal("a.tif", BytesIO(content))


def test_an_older_file_is_told_by_its_streams_and_not_by_those_of_files_in_it() -> None:
    message = compound_of({"__properties_version1.0": bytes(32), "inner/WordDocument": b"x"})
    assert inspect_file("a.msg", BytesIO(message)).label.text == "Outlook message"
    assert "Outlook message" in refusal("a.doc", BytesIO(message))


@pytest.mark.parametrize("cut", [8, 512, 1_300, -600])
def test_a_broken_older_file_is_called_damaged(cut: int) -> None:
    assert "damaged" in refusal("a.doc", BytesIO(compound_of({"WordDocument": bytes(9_000)})[:cut]))


def test_a_list_of_more_streams_than_anyone_makes_is_refused_before_it_is_read() -> None:
    many = BytesIO(compound_of({"WordDocument": b"x", **{f"s{number}": b"" for number in range(20_000)}}))
    tracemalloc.start()
    try:
        assert "too many parts" in refusal("a.doc", many)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_macros_of_older_slides_are_refused() -> None:
    told = struct.pack("<HHIHHIIII", 0xF, 0x3FF, 20, 2, 0x400, 12, 7, 1, 2)
    slides = compound_of({"Current User": b"x", "PowerPoint Document": bytes(999_990) + told + bytes(5_000)})
    assert "macros" in refusal("a.ppt", BytesIO(slides))
    without = compound_of({"Current User": b"x", "PowerPoint Document": told.replace(b"\1\0\0\0\2", b"\0\0\0\0\2")})
    assert inspect_file("a.ppt", BytesIO(without)).extensions == ("ppt",)


def test_an_image_of_50_megapixels_is_kept() -> None:
    assert inspect_file("a.png", png_of(5000, 10_000)).previewable


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_an_image_cut_within_its_header_is_called_damaged(form: str) -> None:
    assert "damaged" in refusal(f"a.{form.lower()}", BytesIO(picture(form).getvalue()[:12]))


def test_a_page_in_the_clothes_of_an_image_is_refused() -> None:
    assert "web page" in refusal("a.png", BytesIO(b"<html><script>alert(1)</script>"))
