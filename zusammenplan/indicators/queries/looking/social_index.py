"""A social index: classes on a map, z-scores beside the raw values, and who was left out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from zusammenplan.core.charts.choropleth import Region, choropleth
from zusammenplan.core.charts.drawing import Column, Figure as Picture, Table
from zusammenplan.indicators.domain.social_index import LeftOut
from zusammenplan.indicators.models import Figure, SocialIndex
from zusammenplan.indicators.queries.looking.areas import Places, count_text, kind_heading
from zusammenplan.indicators.queries.looking.charts import with_downloads
from zusammenplan.indicators.queries.looking.outlines import rings_of_kind, with_makers
from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow, rows_of
from zusammenplan.indicators.queries.looking.values import (
    NOTHING,
    SignNote,
    Value,
    bare_text,
    read_values,
    sign_notes,
    written,
)
from zusammenplan.indicators.queries.social_index import IndexTable, index_table
from zusammenplan.indicators.queries.words import period_text

if TYPE_CHECKING:
    from django.core.paginator import Page

    from zusammenplan.indicators.domain.social_index import AreaResult
    from zusammenplan.indicators.models import IndexPart, Indicator
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience

PLACES = Decimal("0.01")
# As many as one may look through at once.
LINES = 200


@dataclass(frozen=True, slots=True)
class PartLine:
    """An indicator in the index."""

    name: str
    url: str
    weight: str
    direction: str
    unit: str
    period: str


@dataclass(frozen=True, slots=True)
class Score:
    """A raw value, and its z-score: positive is more burden."""

    text: str
    value_url: str
    score: str


@dataclass(frozen=True, slots=True)
class AreaLine:
    name: str
    url: str
    rank: int | None
    index: str
    class_text: str
    scores: list[Score]


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """An area without a place in the index, and why."""

    name: str
    url: str
    reason: str


@dataclass(slots=True)
class IndexPage:
    """A social index as its page shows it."""

    index: SocialIndex
    trail: list[tuple[str, str]]
    parts: list[PartLine]
    period: str = ""
    lines: list[AreaLine] = field(default_factory=list)
    part: Page[AreaResult] | None = None
    # The names and reasons of some that are left out, and how many there are.
    left_out: list[LeftOutLine] = field(default_factory=list)
    left_out_count: int = 0
    map: DataChart | None = None
    lead: str = ""
    notes: list[SignNote] = field(default_factory=list)

    @property
    def all_charts(self) -> list[DataChart]:
        return [self.map] if self.map else []


def social_index_page(slug: str, audience: Audience, number: str | None = None) -> IndexPage | None:
    """Read a page of it; None if there is no such index for this audience."""
    index = _visible(slug, audience)
    return None if index is None else _Reader(index, audience, number).read()


def _visible(slug: str, audience: Audience) -> SocialIndex | None:
    rows = SocialIndex.objects.all() if audience.is_inside else SocialIndex.objects.public()
    return rows.filter(slug=slug).first()


def index_results(slug: str, audience: Audience) -> tuple[SocialIndex, IndexTable] | None:
    """Give the index and what it says of the areas."""
    index = _visible(slug, audience)
    return None if index is None else (index, index_table(index))


class _Reader:
    def __init__(self, index: SocialIndex, audience: Audience, number: str | None) -> None:
        self.index, self.audience, self.number = index, audience, number
        self.places = Places.load()
        self.table = index_table(index)
        self.parts, self.results = self.table.parts, self.table.results
        self.among = [self.places.by_pk[pk] for pk in self.table.areas if pk in self.places.by_pk]

    def read(self) -> IndexPage:
        page = IndexPage(
            self.index,
            [(_("Data"), self.audience.url("overview"))],
            [self._part(part) for part in self.parts],
        )
        by_pk = {place.pk: place for place in self.among}
        ranked = sorted(
            (one for one in self.results if one.rank is not None), key=lambda one: one.rank or 0
        )
        page.part = Paginator(ranked, LINES).get_page(self.number)
        values = self._values([one.area for one in page.part])
        page.lines = [self._line(by_pk[one.area], one, values) for one in page.part]
        # Nobody misses an area that has ceased to be.
        left_out = [
            (by_pk[one.area], one)
            for one in self.results
            if one.rank is None and self.places.is_there(one.area)
        ]
        page.left_out = [
            LeftOutLine(place.name, self.audience.url("area", place.pk), self._reason(one.left_out))
            for place, one in left_out[:LINES]
        ]
        page.left_out_count = len(left_out)
        page.period = self._period()
        page.lead = _("Compared: %(count)s; left out: %(left)d.") % {
            "count": count_text(self.index.kind, len(ranked)),
            "left": len(left_out),
        }
        page.map = next(iter(with_downloads([self._map(page.period)], "")), None)
        page.notes = sign_notes(values.values())
        return page

    def _values(self, areas: list[int]) -> dict[tuple[int, int], Value]:
        """Read the raw values beside the z-scores, of the periods in which they are compared."""
        rows = Figure.objects.filter(
            area__in=areas,
            indicator__in=self.table.periods,
            ends_on__in={end for _start, end in self.table.periods.values()},
        )
        return {
            (one.indicator, one.area): one
            for one in sorted(read_values(rows, self.audience), key=lambda one: one.version)
            if self.table.periods[one.indicator] == (one.starts_on, one.ends_on)
        }

    def _part(self, part: IndexPart) -> PartLine:
        indicator: Indicator = part.indicator
        period = self.table.periods.get(indicator.pk)
        return PartLine(
            indicator.name,
            self.audience.url("indicator", indicator.code),
            written(part.weight, places=0 if part.weight == int(part.weight) else 2),
            _("high is a burden") if part.high_is_burden else _("low is a burden"),
            indicator.unit,
            period_text(*period) if period else NOTHING,
        )

    def _line(
        self, place: Place, result: AreaResult, values: dict[tuple[int, int], Value]
    ) -> AreaLine:
        scores = []
        for part in self.parts:
            one = values.get((part.indicator_id, place.pk))
            score = result.scores.get(part.indicator_id)
            scores.append(
                Score(
                    bare_text(part.indicator, one),
                    self.audience.url("value", one.pk) if one else "",
                    "" if score is None else signed(score),
                )
            )
        return AreaLine(
            place.name,
            self.audience.url("area", place.pk),
            result.rank,
            "" if result.index is None else signed(result.index),
            class_text(result.burden_class, self.index.classes),
            scores,
        )

    def _reason(self, reason: LeftOut | None) -> str:
        return {
            None: "",
            LeftOut.TOO_SMALL: _("fewer than %(number)d inhabitants")
            % {"number": self.index.minimum_population},
            LeftOut.POPULATION_UNKNOWN: _("the number of inhabitants is not known"),
            LeftOut.VALUE_MISSING: _("a value is missing or hidden"),
        }[reason]

    def _period(self) -> str:
        """Name the period, if it is the same one for all indicators."""
        found = set(self.table.periods.values())
        return period_text(*found.pop()) if len(found) == 1 else ""

    def _map(self, period: str) -> DataChart | None:
        if not self.table.periods:
            return None
        day = max(end for _start, end in self.table.periods.values())
        rings = rings_of_kind(self.index.kind, day)
        found = {one.area: one for one in self.results}
        classes = self.index.classes
        if not rings or not any(one.burden_class for one in self.results):
            return None
        chart = choropleth(
            [
                Region(
                    place.name,
                    rings.get(place.pk, ()),
                    None
                    if (one := found.get(place.pk)) is None or one.burden_class is None
                    else Decimal(one.burden_class),
                    sign=NOTHING,
                )
                for place in self.among
            ],
            [Decimal(number) for number in range(2, classes + 1)],
            number=lambda value: written(value, places=0),
            labels=[class_text(number, classes) for number in range(1, classes + 1)],
            missing=_("left out"),
        )
        if chart is None:
            return None
        highest = [
            place.name for place in self.among if (one := found.get(place.pk)) and one.rank == 1
        ]
        return DataChart(
            Picture(
                key="karte",
                heading=_("The burden is highest in %(names)s") % {"names": ", ".join(highest[:3])},
                note=", ".join(
                    filter(None, [self.index.name, period, kind_heading(self.index.kind)])
                ),
                chart=chart,
                told=_("Areas by class, 1 is the least burden, %(last)d the highest.")
                % {"last": classes},
                table=self._map_table(found),
                source=with_makers(self._source(), self.index.kind, day),
            ),
            self._rows,
        )

    def _map_table(self, found: dict[int, AreaResult]) -> Table:
        """Write what the map shows."""
        return Table(
            [Column(kind_heading(self.index.kind)), Column(_("Class")), Column(_("Index"))],
            [
                (
                    place.name,
                    str(one.burden_class or NOTHING),
                    NOTHING if one.index is None else signed(one.index),
                )
                for place in self.among
                if (one := found.get(place.pk))
            ],
        )

    def _source(self) -> str:
        return _("own calculation, method version %(number)d") % {
            "number": self.index.method_version
        }

    def _rows(self) -> list[DataRow]:
        """Write each z-score with its raw value below it."""
        if not self.table.periods:
            return []
        first, last = max(self.table.periods.values(), key=lambda period: period[1])
        values = self._values([one.area for one in self.results])
        indicators = {part.indicator_id: part.indicator for part in self.parts}
        rows = []
        for result in self.results:
            place = self.places.by_pk[result.area]
            index = DataRow(
                area=place.name,
                ags=self.places.ags(place.pk),
                code=self.index.slug,
                indicator=self.index.name,
                detail=self._reason(result.left_out),
                unit=_("z-score"),
                starts_on=first,
                ends_on=last,
                value=_rounded(result.index),
                sign="" if result.index is not None else ".",
                is_hidden=False,
                quality="",
                method_version=self.index.method_version,
                source=self._source(),
            )
            rows.append(index)
            for pk, indicator in indicators.items():
                score = _rounded(result.scores.get(pk))
                rows.append(
                    replace(
                        index,
                        code=indicator.code,
                        indicator=indicator.name,
                        value=score,
                        sign="" if score is not None else ".",
                    )
                )
                if value := values.get((pk, place.pk)):
                    rows += rows_of([value], indicators, self.places)
        return rows


def _rounded(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(PLACES)


def class_text(number: int | None, classes: int) -> str:
    """Name a class: 1 of 4, with what the ends mean."""
    if number is None:
        return ""
    if number == 1:
        return _("%(number)d: least burden") % {"number": number}
    if number == classes:
        return _("%(number)d: highest burden") % {"number": number}
    return str(number)


def signed(number: float) -> str:
    """Write a z-score with its sign and two decimals."""
    value = Decimal(str(number)).quantize(PLACES)
    text = written(value, places=2)
    return f"+{text}" if value > 0 else text
