"""Charts of figures: each with heading, note, words, table and the values behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.core.charts.bars import Bar, Reference, bar_chart
from zusammenplan.core.charts.choropleth import Region, choropleth
from zusammenplan.core.charts.drawing import Column, Figure, Table, class_labels
from zusammenplan.core.charts.line import Break, Point, Series, line_chart
from zusammenplan.indicators.choices import IndicatorForm
from zusammenplan.indicators.domain.classes import classify
from zusammenplan.indicators.queries.looking.areas import kind_heading
from zusammenplan.indicators.queries.looking.outlines import rings_of_kind, with_makers
from zusammenplan.indicators.queries.looking.rows import DataChart, origin_of, rows_of
from zusammenplan.indicators.queries.looking.values import (
    GAP,
    NOTHING,
    bare_text,
    measured_in,
    number_of,
    value_text,
    written,
)
from zusammenplan.indicators.queries.words import period_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from zusammenplan.core.charts.axis import Style
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Place, Places
    from zusammenplan.indicators.queries.looking.values import Value

KINDS = ("svg", "png", "csv", "xlsx", "json")
# Of a longer list both ends are drawn, and the own area with its neighbours.
BARS_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A series to draw."""

    name: str
    values: Sequence[Value]
    style: Style = "one"
    # One of many is named in the table alone.
    is_quiet: bool = False


def with_downloads(charts: Iterable[DataChart | None], query: str) -> list[DataChart]:
    """Give each chart its files; they lie below the page's own address."""
    found = []
    for one in charts:
        if one is None:
            continue
        kinds = KINDS if one.figure.chart else KINDS[2:]
        links = tuple((kind.upper(), f"{one.key}.{kind}{query}") for kind in kinds)
        found.append(replace(one, figure=replace(one.figure, downloads=links)))
    return found


def series_chart(
    key: str,
    indicator: Indicator,
    lines: Sequence[Line],
    places: Places,
    *,
    breaks: Sequence[Break] = (),
    remark: str = "",
    is_own: bool = True,
) -> DataChart | None:
    """
    Draw an indicator over time; values before and after a break are not joined.

    ``is_own`` says that the page is about the area of the first line, so that it needs no name.
    """
    lines = [line for line in lines if any(one.value is not None for one in line.values)]
    if not lines:
        return None
    chart = line_chart(
        [
            Series(
                "" if line.is_quiet else line.name,
                _points(line.values, places),
                line.style,
            )
            for line in lines
        ],
        breaks=breaks,
        number=number_of(indicator),
        day=_month,
    )
    own = lines[0]
    return DataChart(
        Figure(
            key=key,
            heading=_series_heading(indicator, own, breaks, "" if is_own else own.name),
            note=measured_in(indicator),
            chart=chart,
            told=" ".join(
                _series_told(indicator, line)
                for line in lines
                if not line.is_quiet and any(one.value is not None for one in line.values)
            ),
            table=_over_time(indicator, lines),
            source=_source(indicator),
            remark=remark,
        ),
        lambda: rows_of(
            [one for line in lines for one in line.values],
            {indicator.pk: indicator},
            places,
        ),
    )


def _points(values: Sequence[Value], places: Places) -> list[Point]:
    """Leave a gap where the values begin to be of another territory."""
    points: list[Point] = []
    before = 0
    for one in values:
        if before not in (0, one.version) and one.version in places.begins_anew:
            points.append((one.ends_on - timedelta(1), None))
        points.append((one.ends_on, one.value))
        before = one.version
    return points


def ranking_chart(
    key: str,
    indicator: Indicator,
    among: Sequence[Place],
    values: Mapping[int, Value],
    places: Places,
    *,
    own: int | None = None,
    reference: tuple[str, Value | None] | None = None,
) -> DataChart | None:
    """Draw areas by their value, the greatest first; areas without one come last."""
    found = [(place, values[place.pk]) for place in among if place.pk in values]
    known = [(place, one) for place, one in found if one.value is not None]
    if len(known) < 2:  # noqa: PLR2004 - one alone has no rank
        return None
    found.sort(key=lambda one: (one[1].value is None, -(one[1].value or 0), one[0].name))
    compared = reference[1] if reference else None
    drawn = _around(found, own)
    chart = bar_chart(
        [
            Bar(place.name, one.value, sign=one.sign or NOTHING, is_own=place.pk == own)
            for place, one in drawn
        ],
        number=number_of(indicator),
        reference=Reference(compared.value, reference[0])
        if reference and compared and compared.value is not None
        else None,
    )
    first, last = _ends(known)
    day = _day_of(one for _place, one in found)
    return DataChart(
        Figure(
            key=key,
            heading=_rank_heading(indicator, known, own),
            note=_noted(indicator, day),
            chart=chart,
            told=_from_to(indicator, first, last),
            table=_by_area(indicator, found),
            source=_source(indicator),
        ),
        lambda: rows_of((one for _, one in found), {indicator.pk: indicator}, places),
    )


def map_chart(
    key: str,
    indicator: Indicator,
    among: Sequence[Place],
    values: Mapping[int, Value],
    places: Places,
    *,
    own: frozenset[int] | set[int] = frozenset(),
    own_name: str = "",
) -> DataChart | None:
    """Draw areas in the tones of classes that differ least within themselves."""
    found = [(place, values.get(place.pk)) for place in among]
    known = [(place, one) for place, one in found if one is not None and one.value is not None]
    if not known:
        return None
    kind, last_day = among[0].kind, max(one.ends_on for _, one in known)
    rings = rings_of_kind(kind, last_day)
    if not rings:
        return None
    number = number_of(indicator)
    bounds = classify([one.value for _, one in known if one.value is not None])
    chart = choropleth(
        [
            Region(
                place.name,
                rings.get(place.pk, ()),
                one.value if one else None,
                sign=(one.sign if one else "") or NOTHING,
                is_own=place.pk in own,
            )
            for place, one in found
        ],
        bounds,
        number=number,
        labels=class_labels(bounds, number),
        missing=_missing_text(found),
    )
    if chart is None:
        return None
    first, last = _ends(known)
    day = _day_of(one for _, one in known)
    note = f"{_noted(indicator, day)}; {kind_heading(among[0].kind)}"
    if own and own_name:
        note = _("%(note)s. Thick line: %(area)s") % {"note": note, "area": own_name}
    return DataChart(
        Figure(
            key=key,
            heading=_map_heading(indicator, first, last),
            note=note,
            chart=chart,
            told=_from_to(indicator, first, last),
            table=_by_area(indicator, [one for one in found if one[1] is not None]),
            source=with_makers(_source(indicator), kind, last_day),
        ),
        lambda: rows_of(
            (one for _, one in found if one is not None), {indicator.pk: indicator}, places
        ),
    )


# --- words -------------------------------------------------------------------------------


def _series_heading(indicator: Indicator, line: Line, breaks: Sequence[Break], place: str) -> str:
    """Tell the last value, and by how much it differs from the first comparable one."""
    name = f"{indicator.name}, {place}" if place else indicator.name
    known = [one for one in line.values if one.value is not None]
    last = known[-1]
    since = max((one.on for one in breaks if one.on <= last.ends_on), default=None)
    known = [one for one in known if since is None or one.ends_on >= since]
    first = known[0]
    now = value_text(indicator, last)
    if first is last or first.value is None or last.value is None:
        return _("%(name)s: %(value)s") % {"name": name, "value": now}
    return _changed(indicator, first.value, last.value) % {
        "name": name,
        "value": now,
        "year": first.year,
    }


def _changed(indicator: Indicator, first: Decimal, last: Decimal) -> str:
    """Give the sentence for what became of a value; the difference is already in it."""
    difference = last - first
    if not round(difference, indicator.decimals):
        return _("%(name)s: %(value)s, as in %(year)s")
    # The amount takes part in the sentence before the other words do.
    amount = number_of(indicator)(abs(difference))
    share = abs(difference) / first * 100 if indicator.form == IndicatorForm.COUNT and first else 0
    # Three people of many thousands are no part of a per cent, but three people.
    if round(share, 1):
        amount = f"{written(Decimal(share), places=1)}{GAP}%%"
    elif indicator.unit == "%":
        amount = _("%(number)s points") % {"number": amount}
    told = (
        _("%(name)s: %(value)s, {by} more than in %(year)s")
        if difference > 0
        else _("%(name)s: %(value)s, {by} less than in %(year)s")
    )
    return told.replace("{by}", amount)


def _series_told(indicator: Indicator, line: Line) -> str:
    known = [one for one in line.values if one.value is not None]
    first, last = known[0], known[-1]
    if first is last:
        return _("%(name)s: %(value)s in %(year)s.") % {
            "name": line.name,
            "value": value_text(indicator, last),
            "year": last.year,
        }
    return _("%(name)s: %(first)s in %(from)s, %(last)s in %(to)s.") % {
        "name": line.name,
        "first": value_text(indicator, first),
        "from": first.year,
        "last": value_text(indicator, last),
        "to": last.year,
    }


def _rank_heading(
    indicator: Indicator, known: Sequence[tuple[Place, Value]], own: int | None
) -> str:
    mine = next((one for place, one in known if place.pk == own), None)
    if mine is None or mine.value is None:
        return _("%(name)s: the areas in order") % {"name": indicator.name}
    rank = 1 + sum(one.value is not None and one.value > mine.value for _, one in known)
    return _("%(name)s: place %(rank)d of %(count)d") % {
        "name": indicator.name,
        "rank": rank,
        "count": len(known),
    }


def _map_heading(
    indicator: Indicator, first: tuple[Place, Value], last: tuple[Place, Value]
) -> str:
    return _("%(name)s: from %(low)s in %(there)s to %(high)s in %(here)s") % {
        "name": indicator.name,
        "low": value_text(indicator, last[1]),
        "there": last[0].name,
        "high": value_text(indicator, first[1]),
        "here": first[0].name,
    }


def _from_to(indicator: Indicator, first: tuple[Place, Value], last: tuple[Place, Value]) -> str:
    return _("From %(high)s in %(here)s to %(low)s in %(there)s.") % {
        "high": value_text(indicator, first[1]),
        "here": first[0].name,
        "low": value_text(indicator, last[1]),
        "there": last[0].name,
    }


def _ends(
    known: Sequence[tuple[Place, Value]],
) -> tuple[tuple[Place, Value], tuple[Place, Value]]:
    """Give the areas with the greatest and the least value."""
    order = sorted(known, key=lambda one: (-(one[1].value or Decimal(0)), one[0].name))
    return order[0], order[-1]


def _around(found: list[tuple[Place, Value]], own: int | None) -> list[tuple[Place, Value]]:
    """Draw both ends of a long list, and the own area with its neighbours."""
    if len(found) <= BARS_AT_MOST:
        return found
    at = next((at for at, (place, _one) in enumerate(found) if place.pk == own), 0)
    ends = 8
    last = sum(one.value is not None for _, one in found)
    wanted = {*range(ends), *range(max(at - 3, 0), min(at + 4, last)), *range(last - ends, last)}
    return [found[place] for place in sorted(wanted)]


def _missing_text(found: Sequence[tuple[Place, Value | None]]) -> str:
    if any(one is not None and one.is_withheld for _, one in found):
        return _("no value (x: hidden)")
    return _("no value")


def _noted(indicator: Indicator, day: str) -> str:
    told = measured_in(indicator)
    return f"{told}, {day}" if day else told


def _day_of(values: Iterable[Value]) -> str:
    """Name the period, if it is the same one for all."""
    found = {(one.starts_on, one.ends_on) for one in values}
    return period_text(*found.pop()) if len(found) == 1 else ""


def _source(indicator: Indicator) -> str:
    return (
        _("%(source)s; own calculation") % {"source": indicator.source} if indicator.source else ""
    )


def _month(day: date) -> str:
    return date_format(day, "m.Y")


# --- tables ------------------------------------------------------------------------------


def _over_time(indicator: Indicator, lines: Sequence[Line]) -> Table:
    known = [{one.ends_on: one for one in line.values} for line in lines]
    days = sorted({day for values in known for day in values})
    periods = {one.ends_on: one for line in lines for one in line.values}
    return Table(
        [Column(_("Period")), *(Column(line.name) for line in lines)],
        [
            (
                period_text(periods[day].starts_on, day),
                *(bare_text(indicator, values.get(day)) for values in known),
            )
            for day in days
        ],
        [[origin_of(indicator, values.get(day)) for values in known] for day in days],
    )


def _by_area(indicator: Indicator, found: Sequence[tuple[Place, Value | None]]) -> Table:
    head = kind_heading(found[0][0].kind) if found else ""
    return Table(
        [Column(head), Column(indicator.name)],
        [(place.name, value_text(indicator, one)) for place, one in found],
        [[origin_of(indicator, one)] for _place, one in found],
    )
