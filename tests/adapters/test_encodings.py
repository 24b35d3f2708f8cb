"""Encodings that strangers name: those of the web are read, all others as UTF-8."""

import pytest

from app.adapters.encodings import decode_safely, guess_text


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


SPANISH = "Año;Descripción;Niñez\n2026;Educación ¿sí? «más»;Peña\n"
PORTUGUESE = "Órgão;Situação;Não\nAções;São João;1º\n"
FRENCH = "Année;Montant;Ville\n2026;1 250,50 $;Québec, Noël\n"


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman", "cp850"])
@pytest.mark.parametrize("text", [SPANISH, PORTUGUESE, FRENCH])
def test_a_table_of_excel_is_read_as_windows_a_mac_and_ms_dos_write_it(text: str, encoding: str) -> None:
    assert guess_text(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["José", "L’Île-d’Orléans – « là »", "Preis: 5 € – “Größe”", "Owner ©"])
def test_a_few_letters_are_those_of_windows(text: str) -> None:
    assert guess_text(text.encode("cp1252")) == text


def test_a_text_in_utf_8_with_one_bad_letter_stays_in_utf_8() -> None:
    assert guess_text("áéíóúñç".encode() * 3 + b"\xff") == "áéíóúñç" * 3 + "\ufffd"
