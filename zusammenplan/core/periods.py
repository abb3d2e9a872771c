"""
The period of a measure as people write it: “seit 2019”, “ab Mai 2027”, “2025–2030”, “laufend”.

“Mitte 2027” means the second quarter, “ab Mitte 2027” the second half; a season its three months.

A period may be open at either end. What is not understood is kept as written, without dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Precision = Literal["day", "month", "year"]
Kind = Literal["open", "since", "until", "within", "between"]

MONTHS = (
    ("januar", "jan", "jänner"),
    ("februar", "feb"),
    ("märz", "mär", "mrz", "maerz"),
    ("april", "apr"),
    ("mai",),
    ("juni", "jun"),
    ("juli", "jul"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt"),
    ("november", "nov"),
    ("dezember", "dez"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
ROMAN_PARTS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
FIRST_YEAR, LAST_YEAR = 1900, 2199
# A year of two digits below this one lies in this century.
TURN_OF_CENTURY = 70
MAX_READ = 200

SEASONS = {"frühjahr": 3, "frühling": 3, "sommer": 6, "herbst": 9}
ORDINALS = {"erste": "1.", "zweite": "2.", "dritte": "3.", "vierte": "4."}
PARTS_OF_YEAR = {"anfang": 1, "beginn": 1, "mitte": 4, "ende": 10}
SCHOOL_YEAR_BEGINS = 8

DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})")
NAMED_DAY = re.compile(r"(\d{1,2})\.?\s?([a-zä]+)\.?\s*(\d{4}|\d{2})")
SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
WEEK = re.compile(r"(?:kw\s?(\d{1,2})|(\d{1,2})\.\s?kw)[ /]?(\d{4})")
MONTH_AND_YEAR = re.compile(r"(\d{1,2})[./](\d{4})")
NAMED_MONTH = re.compile(r"([a-zä]+)\.?\s*(\d{4}|\d{2})")
PART_OF_MONTH = re.compile(r"(anfang|beginn|mitte|ende) ([a-zä]+\.?\s*\d{4}|\d{1,2}[./]\d{4})")
YEAR_AND_QUARTER = re.compile(r"q(?P<which>[1-4])[ /-]?(?P<year>\d{4})|(\d{4})[ /-]?q([1-4])")
QUARTER = re.compile(r"([1-4]|i{1,3}|iv)\.?\s?(?:quartal|q\.?)[ /]?(\d{4})")
ROMAN_QUARTER = re.compile(r"(i{1,3}|iv)\s?/\s?(\d{4})")
HALF_YEAR = re.compile(r"([12]|i{1,2})\.?\s?(?:halbjahr|hj\.?)[ /]?(\d{4})")
SEASON = re.compile(r"(frühjahr|frühling|sommer|herbst) (\d{4})")
WINTER = re.compile(r"winter\s?(\d{4})\s?/\s?(\d{4}|\d{2})")
PART_OF_YEAR = re.compile(r"(?:jahres)?(anfang|beginn|mitte|ende) (?:des jahres )?(\d{4})")
SCHOOL_YEAR = re.compile(r"(?:schul-?|kita-?|kindergarten)jahr\s?(\d{4})\s?/\s?(\d{4}|\d{2})")
YEAR = re.compile(r"(\d{4})")
TWO_YEARS = re.compile(r"(\d{4})\s?[/–—-]\s?(\d{4}|\d{2})")
BARE_MONTH = re.compile(r"(?:\d{1,2}\.\s?|(?:anfang|beginn|mitte|ende) )?[a-zä]+\.?")
BARE_PART = re.compile(r"q?[1-4]\.?|i{1,3}\.?|iv\.?")
PART_NAMED = re.compile(r"(?:[1-4]|i{1,3}|iv)\.?\s?(quartal|q\.?|halbjahr|hj\.?)[ /]?\d{4}")
BARE_DAY = re.compile(r"\d{1,2}\.\s?(\d{1,2}\.)?")

# Words before a day or year that change nothing about it.
LEADING = re.compile(
    r"(?:(?:im|in|am|zum|den|dem|des|(?:kalender|haushalts)?jahre?s?|förderperiode|ca\.?|circa|etwa"
    r"|(?:laufe|verlauf)(?: des)?|ganzjährig"
    r"|(?:mo|di|mi|do|fr|sa|so)\.?,|(?:mon|diens|donners|frei|sams|sonn)tag,?|mittwoch,?)\s+)+"
)
# Words before a whole period that change nothing about it.
QUALIFIED = re.compile(
    r"(?:geplant|voraussichtlich|vorauss\.|vsl\.|einmalig|jährlich|regelmäßig)\s+(?:für\s+)?"
    r"|\s*\((?:geplant|einmalig|jährlich)\)$"
)
ORDINAL = re.compile(rf"({'|'.join(ORDINALS)})[nrs]?(?=\s(?:quartal|halbjahr))")
SINCE = re.compile(r"(?:seit|ab|von|beginnend(?: ab)?)\s+(?:dem\s+)?(.+)")
MIDDLE = re.compile(r"(?:jahres)?mitte (?:des jahres )?(\d{4})")
UNTIL = re.compile(r"(?:bis|spätestens|längstens)\s+(?:spätestens\s+|längstens\s+)?(?:zum\s+)?(.+)")
ONWARDS = re.compile(r"(.+?)(?:\s*ff\.?|\s*[-–—])")
GOES_ON = re.compile(
    r"[,;/]?\s*\(?(?:(?:fort)?laufend|kontinuierlich|lfd\.?|dauerhaft|unbefristet)\)?"
    r"|\s*(?:[-–—]|\bbis)\s+(?:heute|offen|dato|auf weiteres)"
)
WITHOUT_END = {"laufend", "fortlaufend", "kontinuierlich", "dauerhaft", "unbefristet", "ständig"}
WITHOUT_END |= {"regelmäßig", "jährlich", "offen"}
YEARS_IN_TITLE = re.compile(r"(?<!\d)(\d{4})\s*(?:[-–—/]|bis)\s*(\d{4}|\d{2})(?!\d)")
BETWEEN = re.compile(r"\s*[–—]\s*|\s+-\s+|(?<=[\da-zä.])\s*-\s*(?=[\da-zä])|\s+bis(?:\s+zum)?\s+")
FROM_TO = re.compile(r"zwischen\s+(.+?)\s+und\s+(.+)")
BESIDE = re.compile(r"\s*/\s*(?!\d{4}$)|\s+(?:und|u\.)\s+")
LISTED = re.compile(r"\s*(?:\bund\b|\bu\.|[,;+&])\s*")


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when; ``None`` is open. ``text`` is what somebody wrote."""

    starts_on: date | None
    ends_on: date | None
    text: str

    @property
    def is_understood(self) -> bool:
        return bool(self.starts_on or self.ends_on) or self.text.lower() in WITHOUT_END


@dataclass(frozen=True, slots=True)
class PeriodText:
    """What a page writes of a period: which kind, and the days with how exactly they are meant."""

    kind: Kind
    starts_on: date | None
    ends_on: date | None
    precision: Precision


def parse_period(text: str) -> Period:
    """Read a period; text that says nothing known keeps its words and has no dates."""
    written = " ".join(text.split())
    starts_on, ends_on = _read(written.lower()) if len(written) <= MAX_READ else (None, None)
    if starts_on and ends_on and ends_on < starts_on:
        starts_on = ends_on = None
    return Period(starts_on, ends_on, written)


def parse_day(text: str, *, at_end: bool = False) -> date | None:
    """Read the day that a column of begins or ends names; of a year its first or last day."""
    words = " ".join(text.split()).lower()
    if len(words) > MAX_READ:
        return None
    words = re.sub(r"^(?:ab|seit|von|bis|zum|am)(?: (?:dem|zum))? ", "", words)
    words = re.sub(r"[ t]\d{1,2}:\d{2}(?::\d{2})?(?: uhr)?$", "", words)
    if span := read_one(words):
        return span[1] if at_end else span[0]
    return None


def years_in_title(title: str) -> tuple[date | None, date | None]:
    """Give the years in a plan's title, “Sozialplan 2021–2022”; one year says too little."""
    spans = [
        _whole_years(int(first), _year_after(first, last))
        for first, last in YEARS_IN_TITLE.findall(title)
    ]
    return next((span for span in spans if span and span[0] < span[1]), NOTHING)


def period_text(starts_on: date | None, ends_on: date | None) -> PeriodText:
    """Tell how to write a period: whole years as years, whole months as months."""
    precision = _precision(starts_on, ends_on)
    kind: Kind
    if starts_on is None:
        kind = "open" if ends_on is None else "until"
    elif ends_on is None:
        kind = "since"
    else:
        kind = "within" if _same(starts_on, ends_on, precision) else "between"
    return PeriodText(kind, starts_on, ends_on, precision)


Span = tuple[date | None, date | None]
NOTHING: Span = (None, None)


def read_one(text: str) -> tuple[date, date] | None:
    """Read the day, week, month, quarter, half-year, season or year that the text names."""
    words = LEADING.sub("", text, count=1) if LEADING.match(text) else text
    for pattern, read in ONES:
        if (found := pattern.fullmatch(words)) and (span := read(found)):
            return span
    return None


def _read(text: str) -> Span:
    text = ORDINAL.sub(lambda found: ORDINALS[found[1]], QUALIFIED.sub("", text))
    words = GOES_ON.sub("", text).strip()
    if found := SINCE.fullmatch(words):
        first = MIDDLE.sub(r"2. halbjahr \1", found[1])
        return _read_between(found[1]) or (_begin(read_one(first)), None)
    if found := UNTIL.fullmatch(words):
        return (None, _end(_read_between(found[1]) or read_one(found[1])))
    if found := ONWARDS.fullmatch(words):
        return (_begin(read_one(found[1])), None)
    span = _read_between(words) or read_one(words)
    # “2026, laufend” began in 2026 and has no end.
    return (_begin(span), None) if words != text else span or NOTHING


def _read_between(text: str) -> tuple[date, date] | None:
    if ISO_DAY.fullmatch(text):
        return None
    if found := TWO_YEARS.fullmatch(text):
        first, last = int(found[1]), _year_after(found[1], found[2])
        if first < last:
            return _whole_years(first, last)
    if years := _listed_years(text):
        return _whole_years(years[0], years[-1])
    found = FROM_TO.fullmatch(text)
    if both := _both(list(found.groups()) if found else BETWEEN.split(text)):
        return both[0][0], both[1][1]
    # “Juni/Juli 2027” is a period, “Mai und August 2027” is none.
    both = _both(BESIDE.split(text))
    follow = both and both[0][1] + timedelta(days=1) == both[1][0]
    return (both[0][0], both[1][1]) if both and follow else None


def _both(sides: list[str]) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """Read what a period begins and ends with."""
    if len(sides) != 2:  # noqa: PLR2004 - from and to
        return None
    end = read_one(sides[1])
    begin = end and (read_one(sides[0]) or read_one(_completed(sides[0], sides[1], end[1])))
    return (begin, end) if begin and end else None


def _completed(text: str, last: str, end: date) -> str:
    """Add to “Mai”, “1.1.” or “1.” what stands only at the end: the year, perhaps the month."""
    if BARE_PART.fullmatch(text) and (found := PART_NAMED.fullmatch(last)):
        return f"{text} {found[1]} {end.year}"
    if BARE_PART.fullmatch(text) and YEAR_AND_QUARTER.fullmatch(last):
        return f"{text} {end.year}"
    if BARE_MONTH.fullmatch(text):
        return f"{text} {end.year}"
    if found := BARE_DAY.fullmatch(text):
        return f"{text}{end.year}" if found[1] else f"{text}{end.month}.{end.year}"
    return text


def _listed_years(text: str) -> list[int]:
    """Read “2022 und 2023”; years with one missing between them are no period."""
    parts = LISTED.split(text)
    years = [int(part) for part in parts if YEAR.fullmatch(part)]
    follow = years == list(range(years[0], years[0] + len(parts))) if years else False
    return years if follow and len(years) > 1 else []


def _part_of_year(found: re.Match[str], months: int) -> tuple[date, date] | None:
    """Read the second quarter or the first half-year."""
    which = ROMAN_PARTS.get(found[1]) or int(found[1])
    return _months(int(found[2]), months * (which - 1) + 1, months)


def _quarter(found: re.Match[str]) -> tuple[date, date] | None:
    which, year = (found["which"], found["year"]) if found["which"] else (found[4], found[3])
    return _months(int(year), 3 * (int(which) - 1) + 1, 3)


def _school_year(found: re.Match[str]) -> tuple[date, date] | None:
    year = int(found[1])
    if _year_after(found[1], found[2]) != year + 1:
        return None
    span = _months(year, SCHOOL_YEAR_BEGINS, 1), _months(year + 1, SCHOOL_YEAR_BEGINS - 1, 1)
    return (span[0][0], span[1][1]) if span[0] and span[1] else None


def _winter(found: re.Match[str]) -> tuple[date, date] | None:
    if _year_after(found[1], found[2]) != int(found[1]) + 1:
        return None
    begin, end = _months(int(found[1]), 12, 1), _months(int(found[1]) + 1, 2, 1)
    return (begin[0], end[1]) if begin and end else None


def _part_of_month(found: re.Match[str]) -> tuple[date, date] | None:
    month = read_one(found[2])
    if month is None:
        return None
    first, last = month
    if found[1] == "mitte":
        return first.replace(day=11), first.replace(day=20)
    return (first.replace(day=21), last) if found[1] == "ende" else (first, first.replace(day=10))


def _week(found: re.Match[str]) -> tuple[date, date] | None:
    year = int(found[3])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        monday = date.fromisocalendar(year, int(found[1] or found[2]), 1)
    except ValueError:
        return None
    return (monday, monday + timedelta(days=6))


def _year_after(first: str, digits: str) -> int:
    """Give the second year of “2021/22”, which may leave out the century."""
    return int(digits) if len(digits) > 2 else int(first[:2] + digits)  # noqa: PLR2004 - “22” is 2022


def full_year(digits: str) -> int:
    """Give the year of “2027”, “27” or “98”."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - a whole year
        return year
    return year + (2000 if year < TURN_OF_CENTURY else 1900)


def _day(year: int, month: int, day: int) -> tuple[date, date] | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return (found, found)


def _months(year: int, first: int, length: int) -> tuple[date, date] | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= first <= 12):  # noqa: PLR2004 - a year's months
        return None
    last = first + length - 1
    return (date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _whole_years(first: int, last: int) -> tuple[date, date] | None:
    if FIRST_YEAR <= first <= LAST_YEAR and FIRST_YEAR <= last <= LAST_YEAR:
        return (date(first, 1, 1), date(last, 12, 31))
    return None


def _begin(span: tuple[date, date] | None) -> date | None:
    return span[0] if span else None


def _end(span: tuple[date, date] | None) -> date | None:
    return span[1] if span else None


def _precision(starts_on: date | None, ends_on: date | None) -> Precision:
    begins_year = starts_on is None or (starts_on.month, starts_on.day) == (1, 1)
    ends_year = ends_on is None or (ends_on.month, ends_on.day) == (12, 31)
    if begins_year and ends_year:
        return "year"
    begins_month = starts_on is None or starts_on.day == 1
    ends_month = ends_on is None or ends_on.day == monthrange(ends_on.year, ends_on.month)[1]
    return "month" if begins_month and ends_month else "day"


def _same(first: date, last: date, precision: Precision) -> bool:
    if precision == "year":
        return first.year == last.year
    if precision == "month":
        return (first.year, first.month) == (last.year, last.month)
    return first == last


ONES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, date] | None]], ...] = (
    (DAY, lambda found: _day(full_year(found[3]), int(found[2]), int(found[1]))),
    (SLASHED_DAY, lambda found: _day(int(found[3]), int(found[2]), int(found[1]))),
    (ISO_DAY, lambda found: _day(int(found[1]), int(found[2]), int(found[3]))),
    (WEEK, _week),
    (MONTH_AND_YEAR, lambda found: _months(int(found[2]), int(found[1]), 1)),
    (
        NAMED_MONTH,
        lambda found: _months(full_year(found[2]), MONTH_NUMBERS.get(found[1], 0), 1),
    ),
    (PART_OF_MONTH, _part_of_month),
    (YEAR_AND_QUARTER, _quarter),
    (QUARTER, lambda found: _part_of_year(found, 3)),
    (ROMAN_QUARTER, lambda found: _part_of_year(found, 3)),
    (HALF_YEAR, lambda found: _part_of_year(found, 6)),
    (SEASON, lambda found: _months(int(found[2]), SEASONS[found[1]], 3)),
    (WINTER, _winter),
    (PART_OF_YEAR, lambda found: _months(int(found[2]), PARTS_OF_YEAR[found[1]], 3)),
    (SCHOOL_YEAR, _school_year),
    (
        NAMED_DAY,
        lambda found: _day(full_year(found[3]), MONTH_NUMBERS.get(found[2], 0), int(found[1])),
    ),
    (YEAR, lambda found: _whole_years(int(found[1]), int(found[1]))),
)
