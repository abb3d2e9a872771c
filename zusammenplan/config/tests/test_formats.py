"""How dates and numbers are written in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format, localize

from zusammenplan.people.tests.factories import make_user

DAY = date(2027, 4, 5)
MOMENT = datetime(2027, 4, 5, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "long", "short", "moment"),
    [
        (
            "de",
            "5.\xa0April 2027",
            "05.04.2027",
            "5.\xa0April 2027 18:30",
        ),
        ("en", "5 April 2027", "5 Apr 2027", "5 April 2027, 18:30"),
    ],
)
def test_a_day_cannot_be_read_as_another(language: str, long: str, short: str, moment: str) -> None:
    with translation.override(language):
        assert date_format(DAY, "DATE_FORMAT") == long
        assert date_format(DAY, "SHORT_DATE_FORMAT") == short
        assert date_format(MOMENT, "DATETIME_FORMAT") == moment


@pytest.mark.django_db
def test_a_key_of_the_tests_is_no_key_when_it_is_written_as_a_number() -> None:
    with translation.override("de"):
        assert "." in str(localize(make_user().pk))
