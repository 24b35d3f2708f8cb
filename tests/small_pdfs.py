"""PDF files with words beside those of their pages, as programs for forms, signatures and remarks write them."""

import io
from collections.abc import Callable, Mapping

import pypdf
from PIL import Image
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    RectangleObject,
    TextStringObject,
)
from weasyprint import HTML

from tests.small_files import pdf_of

Change = Callable[[pypdf.PdfWriter], object]


def changed_pdf(change: Change, text: str = "Signed policy") -> bytes:
    """A PDF of that text after the change."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf_of(text)))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def with_remark(words: str) -> bytes:
    return changed_pdf(lambda writer: writer.add_annotation(0, FreeText(text=words, rect=(50, 550, 200, 650))))


def with_bookmark(words: str) -> bytes:
    return changed_pdf(lambda writer: writer.add_outline_item(title=words, page_number=0))


def with_own_property(words: str) -> bytes:
    return changed_pdf(lambda writer: writer.add_metadata({"/Clerk of the case": words}))


def with_own_xmp(words: str) -> bytes:
    """As Acrobat writes it."""
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><p:Clerk xmlns:p="http://ns.adobe.com/pdfx/1.3/">{words}</p:Clerk></x:xmpmeta>'
    return pdf_of("Signed policy").replace(b"%%EOF", b"% " + packet.encode() + b"\n%%EOF")


def with_packed_property(words: str) -> bytes:
    """Among objects that are packed together, as in most PDFs since version 1.5."""
    page = f"<title>Policy</title><meta name='Clerk' content='{words}'><p>Signed policy"
    made: bytes = HTML(string=page).write_pdf(custom_metadata=True)
    return made


def cropped_pdf(words: str) -> bytes:
    """A page of which only the upper part is shown; the words stand below."""

    def crop(writer: pypdf.PdfWriter) -> None:
        page = writer.pages[0]
        page.cropbox = RectangleObject(
            (0, float(page.mediabox.height) - 100, float(page.mediabox.width), float(page.mediabox.height))
        )

    return changed_pdf(crop, "Signed policy\n" * 20 + words)


def with_stamp(words: str) -> bytes:
    """A stamp that draws its words and does not hold them as a text."""
    return changed_pdf(lambda writer: _pin(writer, "Stamp", words))


def with_signature(words: str) -> bytes:
    def sign(writer: pypdf.PdfWriter) -> None:
        field = _pin(writer, "Widget", words, FT=NameObject("/Sig"), T=TextStringObject("signature"))
        _set_form(writer, Fields=ArrayObject([field]), SigFlags=NumberObject(3))

    return changed_pdf(sign)


def with_pinned_file(name: str) -> bytes:
    def pin(writer: pypdf.PdfWriter) -> None:
        content = DecodedStreamObject()
        content.set_data(b"A plan")
        inside = DictionaryObject({NameObject("/F"): writer._add_object(content)})
        kept: dict[str, PdfObject] = {"Type": NameObject("/Filespec"), "F": TextStringObject(name), "EF": inside}
        _pin(writer, "FileAttachment", "", FS=writer._add_object(_dictionary(kept)))

    return changed_pdf(pin)


def live_form(words: str) -> bytes:
    """A form of Adobe LiveCycle, of which other programs draw that one has to wait."""
    typed = f'<x:datasets xmlns:x="http://www.xfa.org/schema/xfa-data/1.0/"><x:data><Name>{words}</Name></x:data></x:datasets>'
    asked = (
        '<template xmlns="t"><draw><value><text>Your name</text></value></draw><script>if (a) b()</script></template>'
    )

    def fill(writer: pypdf.PdfWriter) -> None:
        parts: list[PdfObject] = []
        for name, content in (("template", asked), ("datasets", typed)):
            part = DecodedStreamObject()
            part.set_data(content.encode())
            parts += [TextStringObject(name), writer._add_object(part)]
        _set_form(writer, Fields=ArrayObject(), XFA=ArrayObject(parts))

    return changed_pdf(fill, "Please wait")


def with_picture(text: str, share: float, *, unseen: str = "") -> bytes:
    """A page with a picture that covers about so much of it; `unseen` are words that a scanner laid over it."""
    side = share**0.5

    def add_picture(writer: pypdf.PdfWriter) -> None:
        drawn = io.BytesIO()
        Image.new("L", (60, 60), "gray").save(drawn, "PDF")
        picture = pypdf.PdfReader(drawn).pages[0]
        page = writer.pages[0]
        across, up = side * float(page.mediabox.width) / 60, side * float(page.mediabox.height) / 60
        page.merge_transformed_page(picture, pypdf.Transformation().scale(across, up))
        if unseen:
            page.merge_page(pypdf.PdfReader(io.BytesIO(_unseen_page(unseen))).pages[0])

    return changed_pdf(add_picture, text)


def _unseen_page(words: str) -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(612, 792)
    content = _drawn(writer, f"BT 3 Tr /F1 12 Tf 50 700 Td ({words}) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(content)
    page[NameObject("/Resources")] = content["/Resources"]
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _drawn(writer: pypdf.PdfWriter, commands: str) -> DecodedStreamObject:
    font = {"Type": NameObject("/Font"), "Subtype": NameObject("/Type1"), "BaseFont": NameObject("/Helvetica")}
    fonts = _dictionary({"Font": _dictionary({"F1": writer._add_object(_dictionary(font))})})
    drawn = DecodedStreamObject()
    drawn.set_data(commands.encode("latin-1"))
    box = ArrayObject([FloatObject(side) for side in (0, 0, 400, 20)])
    drawn.update(
        _dictionary({"Type": NameObject("/XObject"), "Subtype": NameObject("/Form"), "BBox": box, "Resources": fonts})
    )
    return drawn


def _pin(writer: pypdf.PdfWriter, kind: str, words: str, **others: PdfObject) -> IndirectObject:
    """A remark of that kind on the first page, which draws the words."""
    look = writer._add_object(_drawn(writer, f"BT /F1 12 Tf 2 4 Td ({words}) Tj ET"))
    place = ArrayObject([FloatObject(side) for side in (50, 300, 450, 320)])
    remark: dict[str, PdfObject] = {
        "Type": NameObject("/Annot"), "Subtype": NameObject(f"/{kind}"), "Rect": place, "F": NumberObject(4), "AP": _dictionary({"N": look})
    }  # fmt: skip
    added = writer._add_object(_dictionary(remark | others))
    page = writer.pages[0]
    page[NameObject("/Annots")] = ArrayObject([*page.get("/Annots", []), added])
    return added


def _set_form(writer: pypdf.PdfWriter, **entries: PdfObject) -> None:
    writer._root_object[NameObject("/AcroForm")] = _dictionary(entries)


def _dictionary(entries: Mapping[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})
