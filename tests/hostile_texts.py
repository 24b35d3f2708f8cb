"""Texts that nobody would write, to try what is made of texts with: every script, bidi, controls, huge words, many paragraphs, emoji."""

import random
import sys

PIECES = (
    "مرحبا بالعالم ١٢٣", "שָׁלוֹם עולם", "\u202etxt.exe\u202c", "\u2066x\u2069", "\u200f\u200e", "\ufeff", "\x00\x07\x1b[31m", "\ud800", "\udfff",
    "e\u0301", "x\u0302\u0316", "xʷməθkʷəy̓əm", "Sḵwx̱wú7mesh", "g̃uahẽ", "a" + "\u0300" * 60, "\u00ad\u200b\u2028\u2029", "👍🏽", "👨‍👩‍👧", "🇺🇸", "1️⃣",
    "\ue000", "\ufffe", "\U0010ffff", "中文 日本語 한국어", "हिन्दी বাংলা தமிழ்", "ไทย ລາວ မြန်မာ ខ្មែរ", "ᐃᓄᒃᑎᑐᑦ ᏣᎳᎩ ᖃᓂᐅᔮᖅ", "አማርኛ", "ქართული հայերեն",
    "Ελλάδα Київ", "𝕳𝖊𝖑𝖑𝖔", "ﷺ", "꧁꧂", "W" * 400, "pneumono" * 40, "\n\n", "\n- one\n- two\n• three", "\n1. one\n2. two\n", "\na\tb\tc\n1\t2\t3\n",
    "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "</p></div><script>alert(1)</script>", "{{ 7 * 7 }}", "<style>* { display: none }", "&#0; &amp; ]]> <!--",
    '"quoted" and \'so\'', "it's 5'", "https://example.org/año?x=1#中", "file:///etc/passwd", 
    "\t\t\t", "|" * 50, "-" * 80, "$\\alpha$", "%(name)s", "\\(", "٪", "½ ≥ €",
)  # fmt: skip


def write_hostile_text(chance: random.Random, most: int) -> str:
    """Pieces and signs by chance, at most so many characters."""
    parts = [
        chance.choice(PIECES) if chance.random() < 0.8 else _any_sign(chance) for _ in range(chance.randint(1, 12))
    ]
    return chance.choice((" ", "", "\n")).join(parts)[:most]


def _any_sign(chance: random.Random) -> str:
    """A sign of all that there are, half of them from where people write."""
    return chr(chance.randint(0, 0x2FFF if chance.random() < 0.5 else sys.maxunicode))
