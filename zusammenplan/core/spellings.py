"""Looking for a text as it stands in columns, on both databases."""

from collections.abc import Iterable

from django.db.models import Q


def holds(columns: Iterable[str], text: str) -> Q:
    """
    Look for a text in any of these columns, in capitals or not.

    SQLite tells umlauts in capitals from small ones, so the usual ways to write a word are looked
    for.
    """
    ways = sorted({text, text.lower(), text.capitalize(), text.upper()})
    return Q(
        *((f"{column}__icontains", way) for column in columns for way in ways), _connector=Q.OR
    )
