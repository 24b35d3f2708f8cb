"""What is an anchor, and what is told of a text that is none."""

import pytest

from app.rules.errors import Invalid
from app.rules.history.anchor import Anchor, read_anchors

HASH = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("", ()),
        (f"214:{HASH}", (Anchor(214, HASH),)),
        (f" 214 : {HASH.upper()} ", (Anchor(214, HASH),)),
        (f"214, {HASH[:16]}", (Anchor(214, HASH[:16]),)),
        (f"# kept\nsan-juan 7:{HASH} 2026-05-01T08:00\r\n\nalpha 8:{HASH}", (Anchor(7, HASH, "san-juan"), Anchor(8, HASH, "alpha"))),
        (f"\ufeffalpha 1:{HASH}", (Anchor(1, HASH, "alpha"),)),
    ],
)  # fmt: skip
def test_anchors_are_read_one_a_line(text: str, anchors: tuple[Anchor, ...]) -> None:
    assert read_anchors(text) == anchors


@pytest.mark.parametrize(
    "text", ["hello", HASH, f"0x5:{HASH}", f"7:{HASH[:15]}", f"7:{HASH}0", f"9999999999:{HASH}", f"٣:{HASH}"]
)
def test_what_is_no_anchor_is_named(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_anchors(f"1:{HASH}\n{text}")
    assert text[:80] in str(refused.value.fields["anchor"])


def test_a_text_that_is_too_long_is_not_read() -> None:
    with pytest.raises(Invalid, match="too long"):
        read_anchors("1" * 20_001)


def test_an_anchor_is_written_as_it_is_read() -> None:
    assert read_anchors(str(Anchor(3, HASH))) == (Anchor(3, HASH),)
