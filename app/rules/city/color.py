"""The color of a city: told apart from white paper by everyone, or not taken."""

import re

from app.rules.errors import Invalid
from app.rules.message import say

LEAST_CONTRAST = 3.0
"""With white, for what is no text (WCAG 2.2, 1.4.11)."""
_COLOR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})")


def check_color(typed: str) -> str | None:
    """As `#` with six digits; None for an empty one. Raises Invalid for what is no color, and for one too light, with one that is not."""
    plain = typed.strip().lower()
    if not plain:
        return None
    digits = _COLOR.fullmatch(plain)
    if digits is None:
        raise Invalid({"color": say("Write the color as # and six digits, such as #1b5e20.")})
    color = "#" + (digits[1] if len(digits[1]) == 6 else "".join(2 * digit for digit in digits[1]))
    if contrast_with_white(color) < LEAST_CONTRAST:
        darker = darken_color(color)
        raise Invalid(
            {
                "color": say(
                    "%(color)s is too light to be seen on white. %(darker)s is like it and dark enough.",
                    color=color,
                    darker=darker,
                )
            }
        )
    return color


def contrast_with_white(color: str) -> float:
    """From 1, for white itself, to 21. Source: WCAG 2.2, relative luminance and contrast ratio."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(color)]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def darken_color(color: str) -> str:
    """The lightest color of the same hue that has the contrast, in steps of a hundredth."""
    parts = _parts(color)
    shades = (_hex([part * step / 100 for part in parts]) for step in range(100, -1, -1))
    return next(shade for shade in shades if contrast_with_white(shade) >= LEAST_CONTRAST)


def _parts(color: str) -> list[float]:
    return [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _hex(parts: list[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
