"""Reading bytes in the encoding that a stranger names, where that is one of those that the web and e-mail really use.

Python knows more of them, and some can be made to take a day: decoding punycode takes the square of the length.
"""

import codecs

from app.rules.text.wide_text import find_wide_encoding

_WINDOWS = (f"cp125{number}" for number in range(9))
_LATIN = (f"iso8859-{number}" for number in (*range(1, 12), *range(13, 17)))
_ASIAN = ("gb2312", "gbk", "gb18030", "big5", "shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949")
_OTHER = ("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "koi8-r", "koi8-u", "cp874", "mac-roman")
_ACCEPTED = frozenset(codecs.lookup(name).name for name in (*_WINDOWS, *_LATIN, *_ASIAN, *_OTHER))


def is_accepted_encoding(encoding: str) -> bool:
    """Whether this is the name of an encoding that we read."""
    try:
        return codecs.lookup(encoding).name in _ACCEPTED
    except (LookupError, ValueError):
        return False


def decode_safely(content: bytes, encoding: str) -> str:
    """The text, with a mark in place of what is no letter; as UTF-8 where the name is unknown, or of a kind that is not taken."""
    return content.decode(encoding if is_accepted_encoding(encoding) else "utf-8", errors="replace")


ONE_BYTE_ENCODINGS = ("cp1252", "mac-roman", "cp850")
"""What spreadsheets write on Windows, on a Mac, and where someone chose “MS-DOS”; the first in doubt."""
LETTERS_JUDGED = 100_000
MOST_BROKEN = 0.1
"""A text in UTF-8 of which less is broken is one that was cut or joined badly."""
_LETTERS = frozenset("áéíóúüñçãõâêôàèùëïîûäöåæœøßÁÉÍÓÚÜÑÇÃÕÂÊÔÀÈÙËÏÎÛÄÖÅÆŒØ")
_SIGNS = frozenset("¿¡«»–—‘’“”„€£°ºª§©®…·½¼±×\xa0")


def decode_bytes(content: bytes) -> str:
    """The text: as its first bytes say, in UTF-8 where it can be that, or else as its letters fit together."""
    content = as_utf8(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return guess_text(content)


def guess_text(content: bytes) -> str:
    """The text of bytes of which nobody says what they are in and that are not UTF-8, by which letters stand beside each other."""
    broken = content.decode("utf-8", "replace")
    beyond_ascii = sum(letter > "\x7f" for letter in broken)
    if broken.count("\ufffd") < MOST_BROKEN * beyond_ascii:
        return broken
    beginning = content[:LETTERS_JUDGED]
    encoding = max(ONE_BYTE_ENCODINGS, key=lambda name: _judge_letters(f" {beginning.decode(name, 'replace')} "))
    return content.decode(encoding, "replace")


def _judge_letters(text: str) -> int:
    """Letters beside letters speak for an encoding, against it signs and capitals inside words, and signs that nobody writes."""
    score = 0
    for place, letter in enumerate(text[1:-1], 1):
        if letter > "\x7f":
            before, after = text[place - 1], text[place + 1]
            beside = before.isalpha() + after.isalpha()
            if letter in _LETTERS:
                is_fitting = beside > 0 and not (letter.isupper() and before.islower())
            else:
                is_fitting = letter in _SIGNS and (beside < 2 or letter == "’")
            score += 1 if is_fitting else -1
    return score


def as_utf8(raw: bytes) -> bytes:
    """A text in UTF-16 or UTF-32 in the form that all else here expects; any other as it is."""
    encoding = find_wide_encoding(raw)
    return raw.decode(encoding, "replace").encode("utf-8", "replace") if encoding else raw
