from collections.abc import Callable
from dataclasses import asdict

import pytest

from app.adapters.pdf import fonts
from app.adapters.pdf.fonts import make_page_printable, make_printable
from tests.report_sample import sample_page


@pytest.mark.parametrize("text", ["Plain", "São José, Ñuñoa, Québec – “quoted” … 36 %", "Ελλάδα Київ שלום مرحبا ½ ≥ €"])
def test_what_the_fonts_can_draw_stays(text: str) -> None:
    assert make_printable(text) == text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("👍 中文", "□ □□"),
        ("e\u0301", "é"),
        ("a\x00b\u202ec\u200d", "abc"),
        ("one\ntwo\tthree\u2028four", "one two three four"),
        ("\ud800 \ue000", "□ □"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_what_they_cannot_draw_is_replaced_or_left_out(text: str, drawn: str) -> None:
    assert make_printable(text) == drawn


def test_a_machine_without_dejavu_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "other_characters", frozenset)
    assert make_printable("Київ ñ") == "???? ñ"


def test_a_long_word_may_break_and_loses_no_letter() -> None:
    word = "".join(chr(97 + place % 26) for place in range(130))
    pieces = make_printable(f"so {word}, yes").split("\u200b")
    assert max(len(piece.split()[0]) for piece in pieces) <= 40
    assert "".join(pieces) == f"so {word}, yes"


def test_a_page_of_latin_text_needs_no_other_font_and_stays_as_it_is() -> None:
    page = sample_page()
    assert make_page_printable(page) == page


def _ending_in(more: str) -> Callable[[str], str]:
    return lambda words: words + more


def test_a_page_notes_other_scripts_and_lost_characters_apart() -> None:
    greek, thumbs = (make_page_printable(sample_page(text=_ending_in(more))) for more in (" Ελλάδα", " 👍"))
    assert (greek.other_scripts, greek.characters_replaced) == (True, False)
    assert (thumbs.other_scripts, thumbs.characters_replaced) == (True, True)
    assert "👍" not in str(asdict(thumbs))


def test_a_web_address_is_encoded_and_keeps_working() -> None:
    page = sample_page(text=lambda words: words + ("/año?x=1%20#中" if words.startswith("https://") else ""))
    addresses = {entry.evidence.address for entry in make_page_printable(page).index}
    assert "https://data.example.org/catalog/group-notes/a%C3%B1o?x=1%20#%E4%B8%AD" in addresses
