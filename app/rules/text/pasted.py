"""What copying and pasting brings along around a text."""

_BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_UNSEEN = "\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"


def strip_pasted(text: str, most: int) -> str | None:
    """The text without blanks and unseen signs around it; None when more than `most` characters are left.

    A text of more than twice `most` is not looked at, so that whatever strangers send costs nothing.
    """
    if len(text) > 2 * most:
        return None
    plain = text.strip(_BLANKS + _UNSEEN)
    return plain if len(plain) <= most else None
