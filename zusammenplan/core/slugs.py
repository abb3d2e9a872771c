"""Words of an address or a file name, made of what people wrote."""

import re

from django.utils.text import slugify

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(text: str, *, at_most: int = 70) -> str:
    """Write a text in small letters without umlauts and signs; empty if nothing is left of it."""
    words = re.sub(r"[–—/]", "-", text.lower()).translate(UMLAUTS)
    return slugify(words)[:at_most].strip("-")
