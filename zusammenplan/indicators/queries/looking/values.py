"""Figures as an audience may see them, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.indicators.queries.words import number_text, quality_meaning, sign_meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from zusammenplan.indicators.models import Figure, Indicator
    from zusammenplan.indicators.queries.looking.audience import Audience

HIDDEN = "x"
NOTHING = "\N{EN DASH}"
QUALITIES = ("()", "p", "r", "s", "e")
GAP = "\N{NO-BREAK SPACE}"
FIELDS = (
    "pk",
    "indicator_id",
    "area_id",
    "area_version_id",
    "starts_on",
    "ends_on",
    "value",
    "sign",
    "quality",
    "secrecy",
    "method_version",
)


@dataclass(frozen=True, slots=True)
class Value:
    """A figure as somebody may see it; a hidden one has no value."""

    pk: int
    indicator: int
    area: int
    version: int
    starts_on: date
    ends_on: date
    value: Decimal | None
    sign: str = ""
    quality: str = ""
    # Everybody else sees "x" here.
    secrecy: str = ""
    method_version: int = 1

    @property
    def is_withheld(self) -> bool:
        """Tell whether this audience does not get the value."""
        return bool(self.secrecy) and self.value is None and self.sign == HIDDEN

    @property
    def year(self) -> str:
        return str(self.ends_on.year)


def read_values(rows: QuerySet[Figure], audience: Audience) -> list[Value]:
    """Read figures with one query; what is secret never leaves here for others."""
    return [_shown(Value(*row), audience) for row in rows.order_by().values_list(*FIELDS)]


def _shown(value: Value, audience: Audience) -> Value:
    if not value.secrecy or audience.sees_hidden:
        return value
    return replace(value, value=None, sign=HIDDEN, quality="")


def newest(values: Iterable[Value]) -> Value | None:
    """Give the value of the latest period, of the latest version of the area."""
    return max(values, key=lambda one: (one.ends_on, one.version), default=None)


def number_of(indicator: Indicator) -> Callable[[Decimal], str]:
    """Give how an indicator's values are written, without their unit."""
    return partial(written, places=indicator.decimals)


def written(number: Decimal, *, places: int) -> str:
    """Write a number with so many decimals."""
    return number_text(number, places)


def bare_text(indicator: Indicator, value: Value | None) -> str:
    """Write a value without unit: the number, or the sign that stands for it."""
    if value is None:
        return NOTHING
    if value.value is None:
        return value.sign or NOTHING
    text = written(value.value, places=indicator.decimals)
    if "()" in value.quality:
        text = f"({text})"
    letters = value.quality.replace("()", "")
    return f"{text}{GAP}{letters}" if letters else text


def value_text(indicator: Indicator, value: Value | None) -> str:
    """Write a value with "%" where that is its unit; other units are told beside it."""
    text = bare_text(indicator, value)
    if value is None or value.value is None or indicator.unit != "%":
        return text
    return f"{text}{GAP}%"


def unit_text(indicator: Indicator) -> str:
    """Write what a value is measured in, where neither "%" nor the name says it."""
    is_said = f" {indicator.unit} ".casefold() in f" {indicator.name} ".casefold()
    return "" if is_said or indicator.unit == "%" else indicator.unit


def measured_in(indicator: Indicator) -> str:
    """Write name and unit, as the line below a heading has them."""
    unit = _("per cent") if indicator.unit == "%" else unit_text(indicator)
    if not unit:
        return indicator.name
    return _("%(indicator)s, %(unit)s") % {"indicator": indicator.name, "unit": unit}


@dataclass(frozen=True, slots=True)
class SignNote:
    """A sign on the page and what it means."""

    sign: str
    text: str


def sign_notes(values: Iterable[Value | None]) -> list[SignNote]:
    """Explain each sign that stands among the values, once."""
    found: dict[tuple[str, str], None] = {}
    for value in values:
        if value is None:
            continue
        if value.value is None and value.sign:
            told = (
                _("hidden, so that nobody can be recognised")
                if value.is_withheld
                else sign_meaning(value.sign)
            )
            found[value.sign, told] = None
        for mark in QUALITIES:
            if mark in value.quality:
                found[mark, quality_meaning(mark)] = None
    return [SignNote(*one) for one in sorted(found)]
