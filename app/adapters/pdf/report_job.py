"""From a report's data to what its PDF is made from: its texts printable, its HTML, its fonts, and what is attached."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from app.adapters.pdf.fonts import END, OTHER, RIGHT_TO_LEFT, SignKind, make_page_printable, split_signs
from app.adapters.pdf.job import PdfAttachment, PdfJob
from app.adapters.pdf.print_quotes import print_quotes
from app.adapters.pdf.report_html import render_report_html
from app.adapters.pdf.scripts import LETTERS, SANS_FOLDER, SANS_WEIGHTS, FontFace, choose_face
from app.adapters.pdf.tight_html import drop_unseen_spaces
from app.rules.report.page import ReportPage
from app.rules.report.parts import ReportLength
from app.rules.report.summary import MOST_SHEETS

MARKS = f"{OTHER}{RIGHT_TO_LEFT}{END}"
RUNS = re.compile(f"[{OTHER}{RIGHT_TO_LEFT}]([^{MARKS}]*){END}")
PLACES_WITHOUT_ELEMENTS = re.compile(rf"<title>.*?</title>|<svg.*?</svg>|<[^<>]*[{MARKS}][^<>]*>", re.DOTALL)
"""Attributes, titles and drawings take text alone. A user's text has no < and > here, since Jinja has escaped them."""
ELEMENTS = {
    ord(OTHER): '<span class="other">',
    ord(RIGHT_TO_LEFT): '<span class="other" dir="rtl">',
    ord(END): "</span>",
}
SANS = '"Source Sans Pro Web"'


def report_job(page: ReportPage, *, logo: bytes = b"", attachments: tuple[PdfAttachment, ...] = ()) -> PdfJob:
    """What the PDF of a report is made from."""
    html = drop_unseen_spaces(render_report_html(make_page_printable(page)))
    faces = _list_faces(html)
    assets = {
        f"sans-{weight}": (SANS_FOLDER / f"sourcesanspro-{weight}-webfont.ttf").read_bytes() for weight in SANS_WEIGHTS
    }
    assets |= {name: file.read_bytes() for face in faces for name, _, file in _list_files(face)}
    if logo:
        assets["logo"] = logo
    return PdfJob(
        set_in_elements(html, faces),
        assets,
        attachments,
        date.fromisoformat(page.origin.made_on),
        MOST_SHEETS if page.length == ReportLength.SUMMARY else 0,
    )


def set_in_elements(html: str, faces: Iterable[FontFace] = ()) -> str:
    """The HTML with an element around each run of another font, and with the fonts declared."""
    html = print_quotes(html)
    html = PLACES_WITHOUT_ELEMENTS.sub(lambda place: re.sub(f"[{MARKS}]", "", place[0]), html)
    return html.replace("</head>", f"{_write_style(list(faces))}</head>", 1).translate(ELEMENTS)


def _write_style(faces: list[FontFace]) -> str:
    """The fonts that a report has beside Source Sans. In a run they come first, those of letters before those of scripts."""
    if not faces:
        return ""
    declared = "".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {weight}; src: url("asset:{name}") }}\n'
        for face in faces
        for name, weight, _ in _list_files(face)
    )
    families = ", ".join(f'"{face.family}"' for face in sorted(faces, key=lambda face: face.name not in LETTERS))
    return f"""<style>{declared}
.other {{ font-family: {families}, {SANS} }}
[dir="rtl"] {{ direction: rtl; unicode-bidi: isolate }}
@page {{ font-family: {SANS}, {families} }}
body {{ font-family: {SANS}, {families} }}
</style>"""


def _list_faces(html: str) -> list[FontFace]:
    """The fonts that the runs need, in an order that does not depend on anything else."""
    signs = {sign for run in set(RUNS.findall(html)) for sign in split_signs(run)}
    faces = {choose_face(sign.text) for sign in signs if sign.kind in (SignKind.OTHER, SignKind.RIGHT_TO_LEFT)}
    return sorted((face for face in faces if face), key=lambda face: face.name)


def _list_files(face: FontFace) -> list[tuple[str, int, Path]]:
    """Of each file of a font its asset's name and its weight."""
    return [(f"{face.name}-{weight}", weight, file) for weight, file in zip((400, 700), face.files, strict=False)]
