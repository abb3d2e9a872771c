"""What is valid from one day to another, both included; a day that is missing is an open end."""

from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _


class EndsBeforeItBeginsError(Exception):
    """The last day lies before the first."""

    def __init__(self, first: date) -> None:
        super().__init__(
            _("The end must not lie before the beginning, %(day)s.")
            % {"day": date_format(first, "SHORT_DATE_FORMAT")}
        )


def valid_on(day: date, of: str = "") -> Q:
    """Ask for rows that are valid on the day; ``of`` leads to them, such as ``seats__``."""
    return begun_by(day, of) & lasting_to(day, of)


def begun_by(day: date, of: str = "") -> Q:
    return Q(**{f"{of}valid_from": None}) | Q(**{f"{of}valid_from__lte": day})


def lasting_to(day: date, of: str = "") -> Q:
    return Q(**{f"{of}valid_to": None}) | Q(**{f"{of}valid_to__gte": day})


def is_valid_on(day: date, first: date | None, last: date | None) -> bool:
    """Tell the same of what was read already."""
    return (first is None or first <= day) and (last is None or day <= last)
