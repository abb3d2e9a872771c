"""Days, spans of time and kinds of areas as pages and sentences write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.keys import is_city

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


def kind_name(kind: str, ags: str) -> str:
    """
    Name the kind of an area with this key.

    A city that belongs to no county is of the counties' kind, whose rules hold for it, too.
    """
    if kind == AreaKind.COUNTY and is_city(ags):
        return _("independent city")
    return str(AreaKind(kind).label)


def some(names: Sequence[str]) -> str:
    """Name some of many, and say how many more there are."""
    more = len(names) - NAMES_TOLD
    if more <= 0:
        return ", ".join(names)
    return _("%(names)s and %(count)s more") % {
        "names": ", ".join(names[:NAMES_TOLD]),
        "count": more,
    }
