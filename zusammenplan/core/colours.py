"""Colours that people choose: whether they can be read on white."""

import re

LEAST_CONTRAST = 4.5


def is_colour(text: str) -> bool:
    return re.fullmatch(r"#[0-9a-f]{6}", text) is not None


def contrast_with_white(colour: str) -> float:
    """Give the contrast of a colour such as #2044aa with white, as WCAG 2 reckons it."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the standard's numbers
