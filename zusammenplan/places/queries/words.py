"""Days and spans of time as pages and sentences write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NAMES_TOLD = 6


def day_text(day: date) -> str:
    """Write a day in the page's language."""
    return date_format(day, "DATE_FORMAT")


def period_text(first: date | None, last: date | None) -> str:
    """Write from when until when something is valid."""
    if first and last:
        return _("from %(first)s to %(last)s") % {
            "first": day_text(first),
            "last": day_text(last),
        }
    if first:
        return _("since %(first)s") % {"first": day_text(first)}
    if last:
        return _("until %(last)s") % {"last": day_text(last)}
    return _("always")


def some(names: Sequence[str]) -> str:
    """Name some of many, and say how many more there are."""
    more = len(names) - NAMES_TOLD
    if more <= 0:
        return ", ".join(names)
    return _("%(names)s and %(count)s more") % {
        "names": ", ".join(names[:NAMES_TOLD]),
        "count": more,
    }
