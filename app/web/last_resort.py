"""The page for when no other can be made: words from a table in this file, and nothing that can fail.

It needs no template, no translation file, no database and no style, since any of these may be what is broken.
"""

from collections.abc import Sequence
from html import escape

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Something went wrong",
        "asked": "What you asked for is not possible. Go back and try again; if it happens again, tell your data office.",
        "ours": "Something went wrong on our side. Go back and try again; if it happens again, tell your data office.",
        "kept": "This is what you had typed. Copy it before you leave this page:",
        "back": "Go to the start",
    },
    "es": {
        "title": "Esto no funcionó",
        "asked": "Lo que pidió no es posible. Vuelva atrás e inténtelo de nuevo; si se repite, avise a su oficina de datos.",
        "ours": "Algo falló de nuestro lado. Vuelva atrás e inténtelo de nuevo; si se repite, avise a su oficina de datos.",
        "kept": "Esto es lo que había escrito. Cópielo antes de salir de esta página:",
        "back": "Ir al inicio",
    },
}


def render_last_resort(language: str, status: int, texts: Sequence[str] = (), number: str = "") -> str:
    """A whole page that says that something failed, with the texts that would be lost otherwise and the number that the log has."""
    code = language if language in WORDS else "en"
    words = WORDS[code]
    label = escape(words["kept"])
    typed_texts = "".join(
        f'<p><textarea readonly rows="8" cols="34" aria-label="{label}">\n{escape(text)}</textarea></p>'
        for text in texts
    )
    return (
        f'<!doctype html><html lang="{code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{words['title']} · CityReady</title></head><body><main><h1>{words['title']}</h1>"
        f"<p>{words['ours' if status >= 500 else 'asked']} ({status}{f' · {number}' if number else ''})</p>"
        + (f"<p>{words['kept']}</p>{typed_texts}" if typed_texts else "")
        + f'<p><a href="/">{words["back"]}</a></p></main></body></html>'
    )
