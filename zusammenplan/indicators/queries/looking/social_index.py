"""A social index: classes on a map, z-scores beside the raw values, and who was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.charts.choropleth import Region, choropleth
from zusammenplan.core.charts.drawing import Column, Figure as Picture, Table
from zusammenplan.indicators.domain.social_index import LeftOut, NoWeightError, Part, evaluate
from zusammenplan.indicators.models import Figure, SocialIndex
from zusammenplan.indicators.queries.looking.ages import POPULATION
from zusammenplan.indicators.queries.looking.areas import Places, count_text, kind_heading
from zusammenplan.indicators.queries.looking.charts import with_downloads
from zusammenplan.indicators.queries.looking.outlines import outlines_of
from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow
from zusammenplan.indicators.queries.looking.values import (
    NOTHING,
    SignNote,
    Value,
    bare_text,
    read_values,
    sign_notes,
    written,
)
from zusammenplan.indicators.queries.words import period_text

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.indicators.domain.social_index import AreaResult
    from zusammenplan.indicators.models import IndexPart, Indicator
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience

PLACES = Decimal("0.01")


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
    class_number: int | None
    class_text: str
    scores: list[Score]
    left_out: str


@dataclass(slots=True)
class IndexPage:
    """A social index as its page shows it."""

    index: SocialIndex
    trail: list[tuple[str, str]]
    parts: list[PartLine]
    period: str = ""
    lines: list[AreaLine] = field(default_factory=list)
    left_out: list[AreaLine] = field(default_factory=list)
    map: DataChart | None = None
    lead: str = ""
    notes: list[SignNote] = field(default_factory=list)

    @property
    def all_charts(self) -> list[DataChart]:
        return [self.map] if self.map else []


def social_index_page(slug: str, audience: Audience) -> IndexPage | None:
    """Read the page; None if there is no such index for this audience."""
    rows = (
        SocialIndex.objects.all()
        if audience.is_inside
        else SocialIndex.objects.filter(is_public=True)
    )
    index = rows.filter(slug=slug).first()
    return None if index is None else _Reader(index, audience).read()


class _Reader:
    def __init__(self, index: SocialIndex, audience: Audience) -> None:
        self.index, self.audience = index, audience
        self.places = Places.load()
        self.among = self.places.of_kind(index.kind)
        self.parts: list[IndexPart] = list(
            index.parts.select_related("indicator").order_by("indicator__position", "pk")
        )

    def read(self) -> IndexPage:
        values = self._values()
        page = IndexPage(
            self.index,
            [(_("Data"), self.audience.url("overview"))],
            [self._part(part, values) for part in self.parts],
        )
        results = self._evaluated(values)
        by_pk = {place.pk: place for place in self.among}
        lines = [self._line(by_pk[int(str(one.area))], one, values) for one in results]
        page.lines = sorted(
            (line for line in lines if line.rank is not None), key=lambda line: line.rank or 0
        )
        page.left_out = [line for line in lines if line.rank is None]
        page.period = self._period(values)
        page.lead = _("%(count)s are compared; %(left)d are left out.") % {
            "count": count_text(self.index.kind, len(page.lines)),
            "left": len(page.left_out),
        }
        page.map = next(iter(with_downloads([self._map(results, page.period)], "")), None)
        page.notes = sign_notes(values.values())
        return page

    def _values(self) -> dict[tuple[int, int], Value]:
        """Read the newest period of each indicator, and of the population."""
        indicators = {part.indicator_id for part in self.parts}
        wanted = {place.pk for place in self.among}
        rows = Figure.objects.filter(area__in=wanted)
        days: dict[int, tuple[date, date]] = {}
        known = (
            rows.filter(indicator__in=indicators)
            .order_by("ends_on", "starts_on")
            .values_list("indicator_id", "starts_on", "ends_on")
            .distinct()
        )
        for indicator, start, end in known:
            days[indicator] = start, end
        people = Figure.objects.filter(area__in=wanted, indicator__code=POPULATION)
        last = people.order_by("-ends_on").values_list("ends_on", flat=True).first()
        ends = {end for _start, end in days.values()}
        found: dict[tuple[int, int], Value] = {}
        for one in sorted(
            read_values(rows.filter(indicator__in=indicators, ends_on__in=ends), self.audience),
            key=lambda one: one.version,
        ):
            if days[one.indicator] == (one.starts_on, one.ends_on):
                found[one.indicator, one.area] = one
        for one in read_values(people.filter(ends_on=last), self.audience):
            found[0, one.area] = one
        return found

    def _evaluated(self, values: dict[tuple[int, int], Value]) -> list[AreaResult]:
        parts = [
            Part(part.indicator_id, float(part.weight), part.high_is_burden) for part in self.parts
        ]
        table = {
            place.pk: {
                part.indicator_id: getattr(values.get((part.indicator_id, place.pk)), "value", None)
                for part in self.parts
            }
            for place in self.among
        }
        population = {
            place.pk: getattr(values.get((0, place.pk)), "value", None) for place in self.among
        }
        try:
            return evaluate(
                table,  # type: ignore[arg-type] # keys are numbers
                population,
                parts,
                minimum_population=self.index.minimum_population,
                classes=self.index.classes,
            )
        except NoWeightError:
            return []

    def _part(self, part: IndexPart, values: dict[tuple[int, int], Value]) -> PartLine:
        indicator: Indicator = part.indicator
        one = next((value for (pk, _area), value in values.items() if pk == indicator.pk), None)
        return PartLine(
            indicator.name,
            self.audience.url("indicator", indicator.code),
            written(part.weight, places=0 if part.weight == int(part.weight) else 2),
            _("high is a burden") if part.high_is_burden else _("low is a burden"),
            indicator.unit,
            period_text(one.starts_on, one.ends_on) if one else NOTHING,
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
            result.burden_class,
            class_text(result.burden_class, self.index.classes),
            scores,
            self._reason(result.left_out),
        )

    def _reason(self, reason: LeftOut | None) -> str:
        return {
            None: "",
            LeftOut.TOO_SMALL: _("fewer than %(number)d inhabitants")
            % {"number": self.index.minimum_population},
            LeftOut.POPULATION_UNKNOWN: _("the number of inhabitants is not known"),
            LeftOut.VALUE_MISSING: _("a value is missing or hidden"),
        }[reason]

    def _period(self, values: dict[tuple[int, int], Value]) -> str:
        found = {(one.starts_on, one.ends_on) for (pk, _area), one in values.items() if pk}
        return period_text(*found.pop()) if len(found) == 1 else ""

    def _map(self, results: list[AreaResult], period: str) -> DataChart | None:
        versions = {
            place.pk: version.pk
            for place in self.among
            if (version := self.places.current(place.pk))
        }
        rings = outlines_of(list(versions.values()))
        found = {int(str(one.area)): one for one in results}
        classes = self.index.classes
        if not rings or not any(one.burden_class for one in results):
            return None
        chart = choropleth(
            [
                Region(
                    place.name,
                    rings.get(versions.get(place.pk, 0), []),
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
                table=Table(
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
                ),
                source=_("own calculation, method version %(number)d")
                % {"number": self.index.method_version},
            ),
            lambda: self._rows(results),
        )

    def _rows(self, results: list[AreaResult]) -> list[DataRow]:
        values = self._values()
        days = [one for (pk, _area), one in values.items() if pk]
        if not days:
            return []
        rows = []
        for result in results:
            place = self.places.by_pk[int(str(result.area))]
            told: list[tuple[str, str, str, float | None]] = [
                (self.index.slug, self.index.name, _("z-score"), result.index)
            ]
            told += [
                (
                    part.indicator.code,
                    part.indicator.name,
                    _("z-score"),
                    result.scores.get(part.indicator_id),
                )
                for part in self.parts
            ]
            rows += [
                DataRow(
                    area=place.name,
                    ags=self.places.ags(place.pk),
                    code=code,
                    indicator=name,
                    detail=self._reason(result.left_out),
                    unit=unit,
                    starts_on=days[0].starts_on,
                    ends_on=days[0].ends_on,
                    value=None if number is None else Decimal(str(number)).quantize(PLACES),
                    sign="" if number is not None else ".",
                    is_hidden=False,
                    quality="",
                    method_version=self.index.method_version,
                    source=self.index.name,
                )
                for code, name, unit, number in told
            ]
        return rows


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
