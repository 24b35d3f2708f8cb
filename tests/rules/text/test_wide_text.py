"""Texts of two bytes a letter are known by the mark at their beginning, or because they can be nothing else."""

import wave
from io import BytesIO

import pytest

from app.rules.text.wide_text import find_wide_encoding

TABLE = "Año;Descripción\r\n2026;“Niñez” – 50 €\r\n" * 20


@pytest.mark.parametrize("text", ['{"dataset": []}', "[1]", TABLE, "Señal…\n\fDos", "Straße 👍 und mehr davon"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_of_two_bytes_a_letter_needs_no_mark(text: str, encoding: str) -> None:
    assert find_wide_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize(("mark", "encoding"), [("utf-16", "utf-16"), ("utf-32", "utf-32")])
def test_a_mark_says_it(mark: str, encoding: str) -> None:
    assert find_wide_encoding("año".encode(mark)) == encoding


def sound() -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(byte for number in range(400) for byte in (number % 30, 0)))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"a", b"a\0", b"plain text", "Año\n".encode("latin-1"), b"\0" * 400, bytes(range(256)), b"a\0b", b"a\0\0\0b\0\0\0",
        b"a\0" * 20 + b"\x01\0" * 4, b"abcdefgh" * 10 + b"i\0", sound(), sound()[44:],
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_one(content: bytes) -> None:
    assert find_wide_encoding(content) is None
