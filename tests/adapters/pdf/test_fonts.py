"""What stands in a report for each sign that was typed: itself in a font that has it, or its name."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from app.adapters.pdf import scripts
from app.adapters.pdf.fonts import END, OTHER, RIGHT_TO_LEFT, list_unprinted, make_page_printable, make_printable
from app.adapters.pdf.report_job import report_job, set_in_elements
from tests.report_sample import sample_page


def show(text: str) -> str:
    """The printable text with its runs in brackets that can be typed."""
    return make_printable(text).translate({ord(OTHER): "<", ord(RIGHT_TO_LEFT): "<<", ord(END): ">"})


@pytest.mark.parametrize("text", ["Plain", "São José, Ñuñoa, Québec – “quoted” … 36 %", "½ €"])
def test_what_source_sans_draws_stays_as_it_is(text: str) -> None:
    assert show(text) == text


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("so xʷməθkʷəy̓əm, and", "so <xʷməθkʷəy̓əm,> and"),
        ("Sḵwx̱wú7mesh nation", "<Sḵwx̱wú7mesh> nation"),
        ("in Київ і Харків now", "in <Київ і Харків> now"),
        ("in ᐃᓄᒃᑎᑐᑦ and ᏣᎳᎩ", "in <ᐃᓄᒃᑎᑐᑦ> and <ᏣᎳᎩ>"),
        ("北京 2026 東京", "<北京> 2026 <東京>"),
        ("from 5→6", "from 5<→>6"),
        ("no. 12 مرحبا بالعالم 13", "no. 12 <<مرحبا بالعالم> 13"),
        ("مرحبا by Newark", "<<مرحبا by Newark>"),
    ],
)
def test_a_word_is_drawn_by_one_font_and_what_begins_from_the_right_is_laid_out_so(text: str, drawn: str) -> None:
    assert show(text) == drawn


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Fine 👍🏽!", "Fine [emoji: thumbs up sign]!"),
        ("👨‍👩‍👧", "[emoji: man, woman, girl]"),
        ("🇺🇸", "[flag: US]"),
        ("👍 👎 🚀 🎉 😀", "[emoji: thumbs up sign] [emoji: thumbs down sign] [emoji: rocket] [emoji: party popper] [emoji: grinning face]"),
        ("👍👎🚀🎉😀", "[emoji: thumbs up sign; thumbs down sign; rocket; +2]"),
        ("\ue000 \uf428 \uf8f0 \ud800", "[U+E000] [U+F428] [U+F8F0] [U+D800]"),
        ("e\u0301", "é"),
        ("a\x00b\u202ec\u200d", "abc"),
        ("one\ntwo\tthree\u2028four", "one\ntwo\tthree four"),
    ],
)  # fmt: skip
def test_what_no_font_draws_stands_by_its_name_and_what_is_unseen_goes(text: str, drawn: str) -> None:
    assert show(text) == drawn


def test_a_pile_of_marks_becomes_a_few() -> None:
    assert len(make_printable("Z" + "\u0316\u0302" * 40)) < 12


def test_a_machine_without_other_fonts_prints_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "FONT_FOLDERS", (Path("/nowhere"),))
    for cached in (scripts.find_face, scripts.choose_face):
        cached.cache_clear()
    make_printable_again = make_printable.__globals__["_draw_sign"]
    make_printable_again.cache_clear()
    try:
        assert show("Київ ñ") == "[cyrillic capital letter ka; cyrillic small letter i; cyrillic small letter yi; +1] ñ"
        assert show("y̓") == "y", "a letter without its mark rather than a letter beside it"
    finally:
        for cached in (scripts.find_face, scripts.choose_face, make_printable_again):
            cached.cache_clear()


def test_a_long_word_may_break_and_loses_no_letter() -> None:
    word = "".join(chr(97 + place % 26) for place in range(130))
    pieces = make_printable(f"so {word}, yes").split("\u200b")
    assert max(len(piece.split()[0]) for piece in pieces) <= 40
    assert "".join(pieces) == f"so {word}, yes"
    marked = show("x̱" * 100)
    assert marked.replace("\u200b", "") == f"<{'x̱' * 100}>"
    assert not any(piece.startswith("\u0331") for piece in marked.split("\u200b"))


def test_the_signs_that_stand_by_their_names_can_be_told_before() -> None:
    assert list_unprinted("Fine 👍, 👍 and 🚀 in Київ") == ["👍", "🚀"]


def test_a_page_of_latin_text_needs_no_other_font_and_stays_as_it_is() -> None:
    page = sample_page()
    assert make_page_printable(page) == page
    assert sorted(report_job(page).assets) == ["sans-bold", "sans-light", "sans-regular", "sans-semibold"]


def _ending_in(more: str) -> Callable[[str], str]:
    return lambda words: words + more


def test_a_page_notes_lost_signs_and_takes_only_the_fonts_that_it_needs() -> None:
    greek, thumbs = (sample_page(text=_ending_in(more)) for more in (" Ελλάδα", " 👍"))
    assert not make_page_printable(greek).characters_replaced
    assert sorted(report_job(greek).assets)[:2] == ["NotoSans-400", "NotoSans-700"]
    assert make_page_printable(thumbs).characters_replaced
    assert "👍" not in str(asdict(make_page_printable(thumbs)))


def test_elements_stand_in_texts_alone() -> None:
    run = f"{OTHER}Київ{END}"
    html = f'<head><title>{run}</title></head><p data-x="{run}">{run}</p><svg><text>{run}</text></svg>'
    plain = "<head><title>Київ</title></head>"
    assert set_in_elements(html) == (
        f'{plain}<p data-x="Київ"><span class="other">Київ</span></p><svg><text>Київ</text></svg>'
    )


def test_a_web_address_is_encoded_and_keeps_working() -> None:
    page = sample_page(text=lambda words: words + ("/año?x=1%20#中" if words.startswith("https://") else ""))
    addresses = {entry.evidence.address for entry in make_page_printable(page).index}
    assert "https://data.example.org/catalog/group-notes/a%C3%B1o?x=1%20#%E4%B8%AD" in addresses


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("Київ\tХарків", "<Київ>\t<Харків>"),
        ("| Київ | Харків |", "| <Київ> | <Харків> |"),
        ("- مرحبا by us", "- <<مرحبا by us>"),
        ("12. Київ", "12. <Київ>"),
    ],
)
def test_no_run_goes_over_what_makes_lists_and_tables(line: str, drawn: str) -> None:
    assert show(line) == drawn
