"""Which texts are in UTF-16 or UTF-32: those that say so with their first bytes, and those that can be nothing else."""

import codecs

WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
"""The marks at the beginning of a text in a wide encoding, the longer ones first."""
JUDGED_BYTES = 400
FEWEST_BYTES = 4
MOST_PLAIN = 0.75
"""So large a part of the letters of any text in the languages of the app, with its blanks and signs, has a NUL as its other half."""


def find_wide_encoding(content: bytes) -> str | None:
    """The encoding, by the mark, or by a NUL in every other byte and nowhere else; None for a text of single bytes and for no text.

    Of UTF-32 without a mark nothing is known: no program that cities have writes it.
    """
    if marked := next((name for mark, name in WIDE_MARKS if content.startswith(mark)), None):
        return marked
    head = content[:JUDGED_BYTES]
    even, odd = head[::2], head[1::2]
    if len(head) < FEWEST_BYTES or (b"\0" in even) == (b"\0" in odd):
        return None
    encoding, zeros = ("utf-16-le", odd) if b"\0" in odd else ("utf-16-be", even)
    is_text = zeros.count(0) >= MOST_PLAIN * len(zeros) and _is_plain(head.decode(encoding, "replace"))
    return encoding if is_text else None


def _is_plain(text: str) -> bool:
    """Whether there is no sign in it that no text has."""
    return all(letter >= " " or letter in "\t\n\r\f" for letter in text)
