"""Two areas side by side, by all indicators that both have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import IndicatorForm, LifeSituation
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.looking.ages import (
    Person,
    groups_chart,
    pyramid_chart,
    read_ages,
)
from zusammenplan.indicators.queries.looking.areas import Places, kind_heading
from zusammenplan.indicators.queries.looking.charts import Line, series_chart, with_downloads
from zusammenplan.indicators.queries.looking.values import (
    NOTHING,
    SignNote,
    Value,
    number_of,
    read_values,
    sign_notes,
    unit_text,
    value_text,
)
from zusammenplan.indicators.queries.words import period_text

if TYPE_CHECKING:
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.rows import DataChart

Series = dict[int, list[Value]]
# What is as large as its area.
ABSOLUTE = {IndicatorForm.COUNT, IndicatorForm.DIFFERENCE}
# No area has a longer number.
KEY_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """An indicator's values of both areas for the newest period that both have."""

    name: str
    url: str
    unit: str
    period: str
    first: str
    first_url: str
    second: str
    second_url: str
    difference: str
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    lines: list[Pair]


@dataclass(slots=True)
class Comparison:
    """Two areas side by side; without both there is only what to pick from."""

    trail: list[tuple[str, str]]
    picks: list[tuple[str, list[tuple[int, str]]]]
    first: Place | None
    second: Place | None
    groups: list[Group] = field(default_factory=list)
    charts: list[DataChart] = field(default_factory=list)
    # Short name, name, and whether it is drawn.
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    notes: list[SignNote] = field(default_factory=list)
    first_url: str = ""
    second_url: str = ""
    turned_url: str = ""

    @property
    def all_charts(self) -> list[DataChart]:
        return self.charts


def comparison(audience: Audience, *, first: str, second: str, wanted: str = "") -> Comparison:
    """Read both areas; what is no area's number is as if nothing was picked."""
    places = Places.load()
    url = audience.url("comparison")
    one, other = _picked(places, first), _picked(places, second)
    page = Comparison(
        [(_("Data"), audience.url("overview"))],
        [
            (
                kind_heading(kind),
                [
                    (place.pk, place.name)
                    for place in places.by_pk.values()
                    if place.kind == kind and places.is_there(place.pk)
                ],
            )
            for kind in places.kinds()
        ],
        one,
        other,
    )
    if one is None or other is None or one.pk == other.pk:
        return page
    page.first_url, page.second_url = audience.url("area", one.pk), audience.url("area", other.pk)
    page.turned_url = f"{url}?a={other.pk}&b={one.pk}"
    has = Figure.objects.filter(indicator=OuterRef("pk"))
    indicators = list(
        audience.indicators()
        .filter(Exists(has.filter(area=one.pk)), Exists(has.filter(area=other.pk)))
        .in_order()
    )
    mine, theirs = _series_of(audience, indicators, one, other)
    page.groups = _groups(audience, indicators, mine, theirs)
    chosen = next((indicator for indicator in indicators if indicator.code == wanted), None)
    is_asked = chosen is not None
    shares = [indicator for indicator in indicators if indicator.form != IndicatorForm.COUNT]
    chosen = chosen or next(iter([*shares, *indicators]), None)
    query = f"?a={one.pk}&b={other.pk}" + (f"&indikator={wanted}" if is_asked else "")
    page.options = [(each.code, each.name, each == chosen) for each in indicators]
    page.charts = with_downloads(
        [
            *_age_charts(audience, places, one, other),
            _series_chart(chosen, one, other, mine, theirs, places),
        ],
        query,
    )
    page.notes = sign_notes(
        values[-1] for some in (mine, theirs) for values in some.values() if values
    )
    return page


def _picked(places: Places, text: str) -> Place | None:
    is_key = text.isascii() and text.isdecimal() and len(text) < KEY_DIGITS
    return places.by_pk.get(int(text)) if is_key else None


def _series_of(
    audience: Audience, indicators: list[Indicator], one: Place, other: Place
) -> tuple[Series, Series]:
    """Read all values of both areas with one query."""
    rows = Figure.objects.filter(
        area__in=[one.pk, other.pk], indicator__in=[indicator.pk for indicator in indicators]
    )
    mine: Series = {}
    theirs: Series = {}
    for value in sorted(read_values(rows, audience), key=lambda one: (one.ends_on, one.version)):
        (mine if value.area == one.pk else theirs).setdefault(value.indicator, []).append(value)
    return mine, theirs


def _groups(
    audience: Audience, indicators: list[Indicator], mine: Series, theirs: Series
) -> list[Group]:
    groups = []
    for value, label in LifeSituation.choices:
        lines = [
            line
            for one in indicators
            if one.life_situation == value and (line := _line(audience, one, mine, theirs))
        ]
        if lines:
            groups.append(Group(capfirst(str(label)), lines))
    return groups


def _line(audience: Audience, indicator: Indicator, mine: Series, theirs: Series) -> Pair | None:
    """Compare the newest period that both have; where there is none, nothing is compared."""
    first = {(one.starts_on, one.ends_on): one for one in mine.get(indicator.pk, ())}
    second = {(one.starts_on, one.ends_on): one for one in theirs.get(indicator.pk, ())}
    both = sorted(first.keys() & second.keys(), key=lambda one: (one[1], one[0]))
    if not both:
        return None
    a, b = first[both[-1]], second[both[-1]]
    difference = NOTHING
    # How many more people live in the larger area is no comparison.
    if indicator.form not in ABSOLUTE and a.value is not None and b.value is not None:
        number = number_of(indicator)
        apart = a.value - b.value
        difference = f"+{number(apart)}" if round(apart, indicator.decimals) > 0 else number(apart)
    return Pair(
        name=indicator.name,
        url=audience.url("indicator", indicator.code),
        unit=unit_text(indicator),
        period=period_text(*both[-1]),
        first=value_text(indicator, a),
        first_url=audience.url("value", a.pk),
        second=value_text(indicator, b),
        second_url=audience.url("value", b.pk),
        difference=difference,
        is_secret=bool(a.secrecy or b.secrecy),
    )


def _age_charts(
    audience: Audience, places: Places, one: Place, other: Place
) -> list[DataChart | None]:
    people = [
        Person(place.name, version.pk, version.ags)
        for place in (one, other)
        if (version := places.current(place.pk))
    ]
    if len(people) < 2:  # noqa: PLR2004 - two are compared
        return []
    ages = read_ages([person.version for person in people], audience)
    return [
        pyramid_chart("altersaufbau", ages, people[0], people[1]),
        groups_chart("altersgruppen", ages, people),
    ]


def _series_chart(
    indicator: Indicator | None,
    one: Place,
    other: Place,
    mine: Series,
    theirs: Series,
    places: Places,
) -> DataChart | None:
    if indicator is None:
        return None
    lines = [
        Line(one.name, mine.get(indicator.pk, [])),
        Line(other.name, theirs.get(indicator.pk, []), "two"),
    ]
    return series_chart("verlauf", indicator, lines, places, is_own=False)
