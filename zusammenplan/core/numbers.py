"""Numbers as people write them in the page's language."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

NONE = "\N{EN DASH}"


def decimal_text(value: Decimal | Fraction | float | None, *, places: int | None = None) -> str:
    """Write 1,5 in German and 1.5 in English, without needless noughts; a dash for none."""
    if value is None:
        return NONE
    text = f"{float(value):.{places}f}" if places is not None else f"{float(value):.6g}"
    return text if (get_language() or "").startswith("en") else text.replace(".", ",")
