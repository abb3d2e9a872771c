"""What a file says about areas: each with its key, name and outline, or why it is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from zusammenplan.places.domain.keys import AGS, ARS, ags_of, kind_of_key

if TYPE_CHECKING:
    from decimal import Decimal

    from zusammenplan.places.domain.geometry import Outline

ASSOCIATION_DIGITS = 9


class Layout(StrEnum):
    """How the file is built."""

    GEOJSON = "geojson"
    DIRECTORY = "directory"


class Reason(StrEnum):
    """Why one area of a file is not taken."""

    NO_NAME = "no_name"
    BAD_KEY = "bad_key"
    LOST_ZERO = "lost_zero"
    KEYS_DIFFER = "keys_differ"
    NO_SHAPE = "no_shape"
    NOT_AN_AREA = "not_an_area"
    BAD_NUMBER = "bad_number"
    UNCLOSED = "unclosed"
    TOO_FEW_POINTS = "too_few_points"
    CROSSES_ITSELF = "crosses_itself"
    SWAPPED = "swapped"
    NOT_IN_DEGREES = "not_in_degrees"
    FAR_AWAY = "far_away"
    TWO_NAMES = "two_names"
    ONLY_WATER = "only_water"


class Unreadable(StrEnum):
    """Why a whole file is not read."""

    EMPTY = "empty"
    HTML = "html"
    ARCHIVE = "archive"
    BINARY = "binary"
    NOT_JSON = "not_json"
    ENCODING = "encoding"
    TOPOJSON = "topojson"
    NO_FEATURES = "no_features"
    DATUM = "datum"
    NO_DIRECTORY = "no_directory"


LONGEST_ASSOCIATION = 120


class UnreadableError(ValueError):
    """The file as a whole cannot be read; ``detail`` says what was found or where."""

    def __init__(self, why: Unreadable, detail: str = "") -> None:
        super().__init__(why, detail)
        self.why = why
        self.detail = detail


class RefusedArea(NamedTuple):
    """An area of the file that is not taken; ``number`` counts features or rows from 1."""

    number: int
    name: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FileArea:
    """One area as the file tells it. Without a key it is known by its name alone."""

    number: int
    name: str
    ags: str = ""
    ars: str = ""
    # County, municipality and so on, by the key; "" without one.
    kind: str = ""
    # Stadt, Landkreis: what stands beside the name.
    designation: str = ""
    outline: Outline | None = None
    km2: Decimal | None = None
    # The day on which its last legal change took effect.
    since: date | None = None
    # The association it belongs to, by name, and for areas without a key the one it lies in.
    association: str = ""
    lies_in: str = ""


@dataclass(slots=True)
class AreaFile:
    """All that a file says, with its provenance."""

    layout: Layout
    areas: list[FileArea] = field(default_factory=list)
    refused: list[RefusedArea] = field(default_factory=list)
    # Verwaltungsgemeinschaften: their municipalities tell of them, but they are no areas.
    associations: list[str] = field(default_factory=list)
    source: str = ""
    licence: str = ""
    as_of: date | None = None


_DAY = re.compile(
    r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)|(?<!\d)(\d{4})[-/](\d{2})[-/](\d{2})"
)


def day_in(text: str) -> date | None:
    """Give the first day that a text names: 01.01.2021, 2021-01-01 or 2021/01/01."""
    for found in _DAY.finditer(text):
        german = found.group(3, 2, 1)
        try:
            return date(*map(int, german if german[0] else found.group(4, 5, 6)))
        except ValueError:
            continue
    return None


class Keys(NamedTuple):
    """The official keys of an area and what it is; all empty without a key."""

    ags: str = ""
    ars: str = ""
    kind: str = ""

    @property
    def is_no_area(self) -> bool:
        """Tell whether it is an association, or a municipality in the place of one."""
        return len(self.ars) == ASSOCIATION_DIGITS


def association_name(kind: str, name: str) -> str:
    """Write an association's name with what it is, for a municipality often has the same name."""
    bare = name.partition(", ")[0].removeprefix("EG ").strip()
    return f"{kind} {bare}".strip()[:LONGEST_ASSOCIATION]


def is_association(ars: str) -> bool:
    """Tell an association's digits from those of a municipality by itself, which begin with 0."""
    return len(ars) >= ASSOCIATION_DIGITS and ars[5] != "0"


class BadKeyError(ValueError):
    """What stands in the place of a key is none."""

    def __init__(self, reason: Reason, key: str) -> None:
        super().__init__(reason, key)
        self.reason = reason
        self.key = key


def keys_of(ags: object, ars: object) -> Keys:
    """
    Give both official keys, from either.

    :raises BadKeyError: if what is there is no key, lost its leading zero as a number, or
        the two are of different areas
    """
    short, long = _text(ags), _text(ars)
    for key, pattern, given in ((short, AGS, ags), (long, ARS, ars)):
        if key and not re.match(pattern, key):
            lost = isinstance(given, int) and re.match(pattern, f"0{key}")
            raise BadKeyError(Reason.LOST_ZERO if lost else Reason.BAD_KEY, key)
    if len(long) == ASSOCIATION_DIGITS:
        return Keys("", long, "")
    if long and not short:
        short = ags_of(long)
    if long and ags_of(long) != short:
        raise BadKeyError(Reason.KEYS_DIFFER, f"{short} {long}")
    return Keys(short, long if len(long) > len(short) else "", kind_of_key(short) if short else "")


def _text(key: object) -> str:
    # Associations have dashes where municipalities have their AGS.
    text = "".join(str(key if key is not None else "").split())
    return "" if set(text) <= {"-"} else text
