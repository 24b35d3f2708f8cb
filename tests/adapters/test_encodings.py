"""Encodings that strangers name: those of the web are read, all others as UTF-8."""

import pytest

from app.adapters.encodings import decode_safely


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("año", "utf-8"), ("año", "UTF8"), ("año", "utf-16"), ("año", "latin-1"), ("año", "windows-1252"), ("ćao", "ISO-8859-2"),
        ("привет", "koi8-r"), ("привет", "cp1251"), ("城市", "gb18030"), ("城市", "gbk"), ("城市", "big5"), ("都市", "shift_jis"),
        ("都市", "euc-jp"), ("도시", "euc-kr"),
    ],
)  # fmt: skip
def test_the_encodings_of_the_web_are_read(text: str, encoding: str) -> None:
    assert decode_safely(text.encode(encoding), encoding) == text


@pytest.mark.parametrize(
    "encoding", ["punycode", "utf-7", "idna", "rot13", "hex", "unicode_escape", "raw_unicode_escape", "", "a\x00b", "é"]
)
def test_every_other_one_is_taken_for_utf_8(encoding: str) -> None:
    assert decode_safely("one-año\\u0041 +AGE-".encode(), encoding) == "one-año\\u0041 +AGE-"


def test_what_is_no_letter_is_marked() -> None:
    assert decode_safely(b"a\xff", "utf-8") == "a\ufffd"
