"""Elements are matched together only where no rule of a sheet can tell them apart."""

from contextlib import nullcontext

import pytest
from cssselect2 import Matcher

from app.adapters.pdf import quick
from app.adapters.pdf.child import make_pdf
from app.adapters.pdf.job import PdfJob
from app.adapters.pdf.quick.matching import asks_little

pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # WeasyPrint leaves its colour profile open
LITTLE = """@page { margin: 2cm; @top-left { content: "a + b #c" } }
p { margin: calc(1em + 3px) } .a .b { color: red } ul > li:first-child, .c:last-child { color: blue }
b[data-at]::after { content: "~" } [dir="rtl"] i { color: green } a { color: #123 } div p { color: gray }"""
MORE = (
    "p + p { color: red }",
    "p ~ p { color: red }",
    "@media print { p + p { color: red } }",
    "#two { color: red }",
    "p:nth-child(2) { color: red }",
    "p:not(.a) { color: red }",
    "p:empty { color: red }",
    "i:only-child { color: red }",
    '[href="#two"] { color: red }',
    "[data-of^=o] { color: red }",
    '[title~="two"] { color: red }',
)
BODY = """<body><p>0</p><p id="one">1</p><p id="two">2</p><p id="three">3</p><p>4</p><p>5 <i>i</i> <i>i</i></p><p>6</p><p></p><p>7</p>
<div class="a"><span class="b c">x</span><span class="b c">y</span><b data-at="1">z</b><b data-of="two">z</b><b data-of="one">z</b></div>
<div><p>8</p><i>i</i><p>9</p><p>10</p><p>11</p></div><div><p>12</p><p>13</p><i>14</i></div><div><p><i>i</i></p></div>
<ul><li class="c">1 <i>i</i></li><li class="c">2 <i dir="rtl">i</i></li><li class="c" dir="rtl">3 <i>i</i></li></ul>
<div><p>A</p><p lang="es">B</p><p class="a">C</p></div><q title="one">q</q><q title="two words">q</q>
<a href="#one">one</a> <a href="#two">two</a> <a>no</a><select><option>s</option><option selected>t</option></select></body>"""


@pytest.mark.parametrize("sheet", [LITTLE, *MORE])
def test_each_element_has_the_style_that_its_rules_give_it(sheet: str, monkeypatch: pytest.MonkeyPatch) -> None:
    job = PdfJob(f'<html lang="en"><head><title>T</title><style>{sheet}</style></head>{BODY}</html>')
    made = make_pdf(job)
    monkeypatch.setattr(quick, "quick_layout", nullcontext)
    assert make_pdf(job) == made


@pytest.mark.parametrize("sheet", MORE)
def test_a_sheet_that_asks_more_of_elements_is_noticed(sheet: str) -> None:
    assert asks_little(LITTLE)
    assert not asks_little(f"{LITTLE} {sheet}")


def test_elements_in_the_same_place_are_matched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    matched = 0
    match = Matcher.match

    def count(matcher: Matcher, element: object) -> object:
        nonlocal matched
        matched += 1
        return match(matcher, element)

    monkeypatch.setattr(Matcher, "match", count)
    lines = '<li id="{}"><b>Line</b></li>' * 100
    make_pdf(
        PdfJob(
            f"<html lang=en><head><title>T</title><style>{LITTLE}</style></head><body><ul>{lines}</ul></body></html>"
        )
    )
    assert matched < 30
