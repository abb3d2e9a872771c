"""An indicator: its map, its series, its table of areas, and all one must know to read it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Paginator
from django.utils.text import capfirst
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.charts.drawing import Figure as Picture, Table
from zusammenplan.indicators.choices import Direction, IndicatorForm, LifeSituation, StateField
from zusammenplan.indicators.models import Figure
from zusammenplan.indicators.queries.catalogue import formula_told, quantities_in
from zusammenplan.indicators.queries.looking.areas import Places, kind_heading
from zusammenplan.indicators.queries.looking.charts import (
    Line,
    map_chart,
    ranking_chart,
    series_chart,
    with_downloads,
)
from zusammenplan.indicators.queries.looking.profile import Choice
from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow, rows_of
from zusammenplan.indicators.queries.looking.values import (
    NOTHING,
    SignNote,
    Value,
    bare_text,
    measured_in,
    number_of,
    read_values,
    sign_notes,
)
from zusammenplan.indicators.queries.words import (
    formula_words,
    names_of,
    period_address,
    period_text,
)
from zusammenplan.places.choices import AreaKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.core.paginator import Page

    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience

# More lines than these only hide each other; then both ends are drawn.
LINES_AT_MOST = 16
# Rows of the table of areas on one page.
LINES = 200
SORTS = ("name", "wert", "aenderung")
USUAL_KINDS = (
    AreaKind.MUNICIPALITY,
    AreaKind.PLANNING_AREA,
    AreaKind.DISTRICT,
    AreaKind.COUNTY,
    AreaKind.REGION,
    AreaKind.LAND,
    AreaKind.COUNTRY,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked of the page; whatever makes no sense is left aside."""

    kind: str = ""
    period: str = ""
    sort: str = "name"
    # Of the table of areas; a document shows it whole.
    page: str | None = None
    is_whole: bool = False

    def query(self, **other: str) -> str:
        parts = {"ebene": self.kind, "zeit": self.period, "sortierung": self.sort} | other
        told = [
            f"{name}={value}"
            for name, value in parts.items()
            if value and (name, value) != ("sortierung", "name")
        ]
        return "?" + "&".join(told) if told else ""


@dataclass(frozen=True, slots=True)
class TableLine:
    """An area's value, that of five years before, and the difference."""

    name: str
    url: str
    text: str
    value_url: str
    is_secret: bool
    before: str
    before_url: str
    change: str


class Compared(NamedTuple):
    """An area with its value and that of before; they may be missing, or of other territories."""

    place: Place
    now: Value | None
    then: Value | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    url: str
    ascending: bool
    descending: bool


@dataclass(frozen=True, slots=True)
class Fact:
    term: str
    text: str


@dataclass(slots=True)
class IndicatorPage:
    """An indicator as its page shows it."""

    indicator: Indicator
    trail: list[tuple[str, str]]
    facts: list[Fact]
    kinds: list[Choice] = field(default_factory=list)
    periods: list[Choice] = field(default_factory=list)
    period: str = ""
    map: DataChart | None = None
    charts: list[DataChart] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    lines: list[TableLine] = field(default_factory=list)
    part: Page[Compared] | None = None
    notes: list[SignNote] = field(default_factory=list)
    whole: DataChart | None = None
    kind_heading: str = ""
    hidden: int = 0

    @property
    def measured(self) -> str:
        return measured_in(self.indicator)

    @property
    def all_charts(self) -> list[DataChart]:
        found = [*([self.map] if self.map else []), *self.charts]
        return [*found, *([self.whole] if self.whole else [])]


def indicator_page(code: str, audience: Audience, wanted: Wanted) -> IndicatorPage | None:
    """Read the page; None if there is no such indicator for this audience."""
    indicator = audience.indicators().filter(code=code).first()
    if indicator is None:
        return None
    url = audience.url("indicator", indicator.code)
    page = IndicatorPage(indicator, [(_("Data"), audience.url("overview"))], facts_of(indicator))
    figures = Figure.objects.filter(indicator=indicator)
    periods = list(
        figures.order_by("area__kind", "-ends_on", "-starts_on")
        .values_list("area__kind", "starts_on", "ends_on")
        .distinct()
    )
    if not periods:
        return page
    there = {kind for kind, _start, _end in periods}
    kinds = [kind for kind in USUAL_KINDS if kind in there]
    kind = wanted.kind if wanted.kind in kinds else kinds[0]
    days = [(start, end) for of, start, end in periods if of == kind]
    period = next((one for one in days if period_address(*one) == wanted.period), days[0])
    sort = wanted.sort if wanted.sort.removeprefix("-") in SORTS else "name"
    wanted = replace(
        wanted,
        kind=kind if kind != kinds[0] else "",
        period=period_address(*period) if period != days[0] else "",
        sort=sort,
    )
    page.kinds = [
        Choice(
            kind_heading(one),
            f"{url}{wanted.query(ebene='' if one == kinds[0] else one, zeit='')}#auswahl",
            one == kind,
        )
        for one in kinds
    ]
    page.periods = [
        Choice(
            period_text(*one),
            f"{url}{wanted.query(zeit='' if one == days[0] else period_address(*one))}#auswahl",
            one == period,
        )
        for one in days
    ]
    page.period = period_text(*period)
    page.kind_heading = kind_heading(kind)
    reader = _Reader(indicator, audience, Places.load(), kind, period)
    reader.fill(page, wanted, url, days)
    return page


def facts_of(indicator: Indicator) -> list[Fact]:
    """Tell what one must know to read an indicator's values."""
    words = formula_words(names_of(quantities_in([indicator])))
    facts = [
        (_("What it tells"), indicator.definition),
        (_("Formula"), formula_told(indicator, words)),
        (_("Unit"), indicator.unit),
        (
            _("Limits of age"),
            _("%(ages)s years")
            % {"ages": ", ".join(str(age) for age in sorted(indicator.parameters.values()))}
            if indicator.parameters
            else "",
        ),
        (_("Kind"), capfirst(str(IndicatorForm(indicator.form).label))),
        (_("Direction"), capfirst(str(Direction(indicator.direction).label))),
        (_("Life situation"), capfirst(str(LifeSituation(indicator.life_situation).label))),
        (
            _("Field of action"),
            str(StateField(indicator.state_field).label) if indicator.state_field else "",
        ),
        (_("Source"), indicator.source),
        (_("Method"), _("Version %(number)d") % {"number": indicator.method_version}),
    ]
    return [Fact(term, text) for term, text in facts if text]


class _Reader:
    def __init__(
        self,
        indicator: Indicator,
        audience: Audience,
        places: Places,
        kind: str,
        period: tuple[date, date],
    ) -> None:
        self.indicator, self.audience, self.places = indicator, audience, places
        self.period = period
        self.among = places.of_kind(kind)
        self.figures = Figure.objects.filter(indicator=indicator)

    def fill(
        self, page: IndicatorPage, wanted: Wanted, url: str, days: Sequence[tuple[date, date]]
    ) -> None:
        before = _five_years_before(days, self.period)
        now, then = self._at(self.period), self._at(before) if before else {}
        county = self._compared()
        query = wanted.query()
        page.map = next(
            iter(
                with_downloads(
                    [map_chart("karte", self.indicator, self.among, now, self.places)], query
                )
            ),
            None,
        )
        compared = now.get(county.pk) if county else None
        page.charts = with_downloads(
            [
                self._series(now, county),
                ranking_chart(
                    "rangfolge",
                    self.indicator,
                    self.among,
                    now,
                    self.places,
                    reference=(county.name, compared)
                    if county and self.indicator.form != IndicatorForm.COUNT
                    else None,
                ),
            ],
            query,
        )
        page.headings = self._headings(wanted, url, before)
        rows = self._ordered(now, then, wanted.sort)
        length = len(rows) or 1 if wanted.is_whole else LINES
        page.part = Paginator(rows, length).get_page(wanted.page)
        page.lines = [self._line(one, has_before=before is not None) for one in page.part]
        page.notes = sign_notes(now.values())
        page.hidden = sum(bool(one.secrecy) for one in now.values())
        page.whole = next(iter(with_downloads([self._whole()], "")), None)

    def _at(self, period: tuple[date, date]) -> dict[int, Value]:
        """Read all areas' values of a period; what is compared with stands among them."""
        wanted = {one.pk for one in self.among}
        if county := self._compared():
            wanted.add(county.pk)
        rows = self.figures.filter(area__in=wanted, starts_on=period[0], ends_on=period[1])
        found: dict[int, Value] = {}
        for one in sorted(read_values(rows, self.audience), key=lambda one: one.version):
            found[one.area] = one
        return found

    def _compared(self) -> Place | None:
        return self.places.county(self.among[0].pk) if self.among else None

    def _series(self, now: Mapping[int, Value], county: Place | None) -> DataChart | None:
        """Draw all areas; of many both ends, beside what they lie in."""
        known = sorted(
            (place for place in self.among if place.pk in now and now[place.pk].value is not None),
            key=lambda place: -(now[place.pk].value or Decimal(0)),
        )
        drawn = known if len(known) <= LINES_AT_MOST else [*known[:3], *known[-3:]]
        is_count = self.indicator.form == IndicatorForm.COUNT
        above = county if county and not is_count else None
        wanted = {place.pk for place in drawn} | ({above.pk} if above else set())
        rows: dict[int, list[Value]] = {pk: [] for pk in wanted}
        for one in read_values(self.figures.filter(area__in=wanted), self.audience):
            rows[one.area].append(one)
        for values in rows.values():
            values.sort(key=lambda one: (one.ends_on, one.version))
        lines = [Line(above.name, rows[above.pk], "one")] if above and rows[above.pk] else []
        named = {known[0].pk, known[-1].pk} if known else set()
        lines += [
            Line(
                place.name,
                rows[place.pk],
                "one" if not lines and len(drawn) == 1 else "rest",
                is_quiet=place.pk not in named,
            )
            for place in drawn
        ]
        return series_chart("verlauf", self.indicator, lines, self.places, is_own=False)

    def _headings(
        self, wanted: Wanted, url: str, before: tuple[date, date] | None
    ) -> list[Heading]:
        labels = [("name", pgettext("statistics", "Area")), ("wert", period_text(*self.period))]
        if before:
            labels += [("", period_text(*before)), ("aenderung", pgettext("statistics", "Change"))]
        return [
            Heading(
                label,
                f"{url}{wanted.query(sortierung=_turned(wanted.sort, name))}#tabelle"
                if name
                else "",
                wanted.sort == name,
                wanted.sort == f"-{name}",
            )
            for name, label in labels
        ]

    def _ordered(
        self, now: Mapping[int, Value], then: Mapping[int, Value], sort: str
    ) -> list[Compared]:
        """Give the areas with a value in the wanted order; those without what orders come last."""
        rows = []
        for place in self.among:
            one, old = now.get(place.pk), then.get(place.pk)
            if one is None and old is None:
                continue
            change = None
            if one and old and one.value is not None and old.value is not None:
                # On another territory a difference says nothing.
                change = one.value - old.value if one.version == old.version else None
            rows.append(Compared(place, one, old, change))
        by: Callable[[Compared], Any] = {
            "name": lambda row: row.place.name,
            "wert": lambda row: row.now.value if row.now else None,
            "aenderung": lambda row: row.change,
        }[sort.removeprefix("-")]
        known = [row for row in rows if by(row) is not None]
        known.sort(key=lambda row: row.place.name)
        known.sort(key=by, reverse=sort.startswith("-"))
        return [*known, *(row for row in rows if by(row) is None)]

    def _line(self, row: Compared, *, has_before: bool) -> TableLine:
        url, number = self.audience.url, number_of(self.indicator)
        change = NOTHING
        if row.change is not None:
            change = f"+{number(row.change)}" if row.change > 0 else number(row.change)
        return TableLine(
            name=row.place.name,
            url=url("area", row.place.pk),
            text=bare_text(self.indicator, row.now),
            value_url=url("value", row.now.pk) if row.now else "",
            is_secret=bool(row.now and row.now.secrecy),
            before=bare_text(self.indicator, row.then) if has_before else "",
            before_url=url("value", row.then.pk) if row.then else "",
            change=change if has_before else "",
        )

    def _whole(self) -> DataChart:
        """Give all values of all areas and times as files; they are read only for these."""

        def rows() -> list[DataRow]:
            values = read_values(self.figures, self.audience)
            return rows_of(values, {self.indicator.pk: self.indicator}, self.places)

        return DataChart(
            Picture(
                key="alle-werte",
                heading=_("%(name)s: all areas, all years") % {"name": self.indicator.name},
                chart=None,
                told="",
                table=Table([], []),
            ),
            rows,
        )


def _five_years_before(
    days: Sequence[tuple[date, date]], period: tuple[date, date]
) -> tuple[date, date] | None:
    """Give the period five years ago, else the oldest one before."""
    older = [one for one in days if one[1] < period[1]]
    five = [one for one in older if period[1].year - one[1].year == 5]  # noqa: PLR2004 - years
    return five[0] if five else (older[-1] if older else None)


def _turned(sort: str, name: str) -> str:
    """Give the order that a heading leads to: numbers begin with the greatest."""
    if name == "name":
        return "-name" if sort == "name" else "name"
    return name if sort == f"-{name}" else f"-{name}"
