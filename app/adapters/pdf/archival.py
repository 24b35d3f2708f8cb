"""One file for everyone and for the archive: PDF/UA-1 and PDF/A-3a at once, which WeasyPrint makes only one at a time.

It is asked for PDF/A-3a, and what PDF/UA-1 wants beside that is added: its part in the metadata, with the description that PDF/A asks
of metadata that it does not know.
"""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pydyf
from weasyprint import Attachment, Document

from app.adapters.pdf.drawn_texts import set_drawn_texts
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.reading_back import reading_back
from app.adapters.pdf.replacing import replace_attribute
from app.adapters.pdf.structure import described_elements

VARIANT = "pdf/a-3a"
UA_PART = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of PDF/UA</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
RDF_END = b"</rdf:RDF>"
PACKING = 5
"""How hard is packed: 6 makes a report 3 % smaller and takes twice the time for it, 9 makes it 6 % smaller and takes six times."""


def write_archival_pdf(document: Document, job: PdfJob) -> bytes:
    """The laid out document as a file with the job's attachments, the same bytes at any time."""
    metadata = document.metadata
    described = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *given: described(*given).replace(RDF_END, UA_PART + RDF_END)
    moment = datetime(job.made_on.year, job.made_on.month, job.made_on.day)  # noqa: DTZ001 (WeasyPrint writes it as it is)
    metadata.attachments += [
        Attachment(
            file_obj=io.BytesIO(each.content),
            name=each.name,
            description=each.about,
            relationship=each.relationship,
            created=moment,
            modified=moment,
        )
        for each in job.attachments
    ]
    for page in document.pages:  # what stands inside a link would be a link of its own, which PDF/UA forbids
        page.links = [link for link in page.links if link[3].link]
    with described_elements(metadata.lang), _firm_streams(), reading_back(), set_drawn_texts():
        pdf: bytes = document.write_pdf(pdf_variant=VARIANT, finisher=_finish)
    return pdf


def _finish(_: Document, pdf: pydyf.PDF) -> None:
    number = int(pdf.catalog["Metadata"].split()[0])
    pdf.objects[number].compress = False  # archives read it without unpacking
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))  # WeasyPrint names each file twice


@contextmanager
def _firm_streams() -> Iterator[None]:
    """While the block runs streams are packed by `_pack_stream`."""
    with replace_attribute(pydyf.Stream, "data", property(_pack_stream)):
        yield


def _pack_stream(stream: pydyf.Stream) -> bytes:
    """The stream as it stands in the file, packed once, where pydyf packs again for the file's identifier.

    What is packed never ends in a carriage return: before the line that ends the stream it is taken for a part of the line's end,
    and the length is then wrong by PDF/A. A list of objects and what is drawn get a space instead, anything else stays unpacked.
    """
    if "packed" not in stream.__dict__:
        content, extra = b"\n".join(map(pydyf._to_bytes, stream.stream)), pydyf.Dictionary(stream.extra)
        if stream.compress:
            ends = ("", " ") if not extra or extra.get("Type") == "/ObjStm" else ("",)
            tries = (zlib.compress(content + end.encode(), PACKING) for end in ends)
            packed = next((each for each in tries if not each.endswith(b"\r")), None)
            extra |= {"Filter": "/FlateDecode"} if packed else {}
            content = packed or content
        extra["Length"] = len(content)
        stream.packed = b"\n".join((extra.data, b"stream", content, b"endstream"))
    packed_stream: bytes = stream.packed
    return packed_stream
