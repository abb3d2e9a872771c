"""Words of an address or a file name, made of what people wrote."""

import re

from django.utils.text import slugify

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(text: str, *, at_most: int = 70) -> str:
    """
    Write a text in small letters without umlauts and signs; empty if nothing is left of it.

    A long one ends with a whole word, unless its first word alone is too long.
    """
    words = re.sub(r"[–—/]", "-", text.lower()).translate(UMLAUTS)
    slug = slugify(words).strip("-")
    if len(slug) <= at_most:
        return slug
    whole, _hyphen, _cut = slug[: at_most + 1].rpartition("-")
    return whole.strip("-") or slug[:at_most]
