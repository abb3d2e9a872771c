"""Days as people read them."""

from datetime import date

from django.utils.formats import date_format

from zusammenplan.core.days import precision_of
from zusammenplan.core.periods import Precision


def due_label(day: date | None) -> str:
    """Write a day on which something is due: the last of a month as month, of a year as year."""
    return day_label(day, precision_of(day)) if day else ""


def day_label(day: date | None, precision: Precision) -> str:
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    return date_format(day, "YEAR_MONTH_FORMAT" if precision == "month" else "SHORT_DATE_FORMAT")
