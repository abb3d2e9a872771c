"""An area's profile: key figures, ages, series, ranking and map, by life situation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from zusammenplan.core.charts.strip import Strip, strip
from zusammenplan.indicators.choices import IndicatorForm, LifeSituation
from zusammenplan.indicators.models import Figure, Indicator
from zusammenplan.indicators.queries.looking.ages import (
    Person,
    groups_chart,
    pyramid_chart,
    read_ages,
)
from zusammenplan.indicators.queries.looking.areas import (
    Places,
    count_text,
    names,
)
from zusammenplan.indicators.queries.looking.charts import (
    map_chart,
    ranking_chart,
    with_downloads,
)
from zusammenplan.indicators.queries.looking.over_time import OverTime
from zusammenplan.indicators.queries.looking.reckoned import POPULATION
from zusammenplan.indicators.queries.looking.values import (
    SignNote,
    Value,
    newest,
    read_values,
    sign_notes,
    unit_text,
    value_text,
)
from zusammenplan.indicators.queries.words import period_text, quality_meaning
from zusammenplan.places.choices import AreaKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.core.charts.axis import Style
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.rows import DataChart

FINE_KINDS = (AreaKind.MUNICIPALITY, AreaKind.PLANNING_AREA, AreaKind.DISTRICT)
SIBLINGS_ON_A_STRIP = 60


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool


class Compared(NamedTuple):
    """What a number is compared with, where that comes from, and of what it is."""

    text: str
    url: str
    of: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number that counts, with those it is compared with."""

    name: str
    url: str
    text: str
    unit: str
    period: str
    value_url: str
    compared: list[Compared]
    strip: Strip | None
    is_secret: bool
    value: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick from, as a link."""

    label: str
    url: str
    current: bool


@dataclass(slots=True)
class Profile:
    """A profile as its page shows it."""

    place: Place
    kind_text: str
    version_text: str
    lead: str
    trail: list[tuple[str, str]]
    tabs: list[Tab]
    heading: str = ""
    key_figures: list[KeyFigure] = field(default_factory=list)
    legend: tuple[str, str] = ("", "")
    charts: list[DataChart] = field(default_factory=list)
    map: DataChart | None = None
    picks: list[Choice] = field(default_factory=list)
    chosen: str = ""
    notes: list[SignNote] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    compare_url: str = ""
    hidden: int = 0

    @property
    def all_charts(self) -> list[DataChart]:
        return [*self.charts, *([self.map] if self.map else [])]

    @property
    def is_empty(self) -> bool:
        return not self.key_figures and not self.all_charts


def profile(
    pk: int, audience: Audience, *, situation: str = "", wanted: str = ""
) -> Profile | None:
    """
    Read a profile; None if there is no such area.

    ``situation`` is the life situation, empty for the overview; ``wanted`` the indicator of which
    series, ranking and map are shown.
    """
    places = Places.load()
    if pk not in places.by_pk:
        return None
    return _Reader(places, places.by_pk[pk], audience, situation, wanted).read()


def summary(places: Places, place: Place, audience: Audience) -> Profile:
    """Read the key figures of an area and one map, for a page that is about more than it."""
    return _Reader(places, place, audience, "", "").read(is_whole=False)


class _Reader:
    """Reads one profile; what it asks the database does not depend on how much is there."""

    def __init__(
        self, places: Places, place: Place, audience: Audience, situation: str, wanted: str
    ) -> None:
        self.places, self.place, self.audience = places, place, audience
        self.situation = situation if situation in LifeSituation.values else ""
        self.wanted = wanted
        self.county, self.land = places.county(place.pk), places.land(place.pk)
        # A county lies in nothing but the Land, which is named once.
        self.land = None if self.land == self.county else self.land
        self.siblings = [one for one in places.siblings(place.pk) if one.pk != place.pk]
        self.url = audience.url("area", place.pk)

    def read(self, *, is_whole: bool = True) -> Profile:
        there = list(
            self.audience.indicators()
            .filter(Exists(Figure.objects.filter(indicator=OuterRef("pk"), area=self.place.pk)))
            .in_order()
        )
        page = self._page(there)
        shown = [
            one
            for one in there
            if (one.life_situation == self.situation if self.situation else one.is_key)
        ] or ([] if self.situation else there[:6])
        if not shown:
            return page
        people = [one for one in there if one.code == POPULATION][:1]
        chosen = self._chosen(shown, there)
        self.indicators = {one.pk: one for one in [*shown, chosen, *people]}
        self.own = self._own_values()
        self.others = self._other_values(chosen)
        page.key_figures = [
            one for indicator in shown if (one := self._key_figure(indicator)) is not None
        ]
        page.legend = (self.place.name, self.county.name if self.county else "")
        # A figure of several is in the heading of none: each tells its own period.
        page.heading = self._heading(page.key_figures)
        page.picks = [
            Choice(one.name, self._here(one.code), one.pk == chosen.pk)
            for one in sorted(
                shown, key=lambda one: (one.form == IndicatorForm.COUNT, one.position)
            )
        ]
        page.chosen = chosen.name
        self._add_map(page, chosen)
        if is_whole:
            self._add_charts(page, chosen, people)
        page.notes = sign_notes(
            [*self.own.get(chosen.pk, ()), *(one.value for one in page.key_figures)]
        )
        page.sources = list(dict.fromkeys(one.source for one in shown if one.source))
        page.hidden = sum(bool(one.value.secrecy) for one in page.key_figures)
        return page

    # --- the page around -----------------------------------------------------------------

    def _page(self, there: Sequence[Indicator]) -> Profile:
        url = self.audience.url
        trail = [(_("Data"), url("overview"))]
        trail += [
            (one.name, url("area", one.pk)) for one in reversed(self.places.above(self.place.pk))
        ]
        known = {one.life_situation for one in there}
        tabs = [Tab(_("Overview"), self.url, not self.situation)]
        tabs += [
            Tab(capfirst(str(label)), f"{self.url}?bereich={value}", value == self.situation)
            for value, label in LifeSituation.choices
            if value in known
        ]
        parts = self.places.parts(self.place.pk)
        version = self.places.current(self.place.pk)
        return Profile(
            place=self.place,
            kind_text=self.places.kind_text(self.place.pk),
            version_text=_("Official key (AGS): %(key)s") % {"key": version.ags}
            if version and version.ags
            else "",
            lead=self._lead(parts),
            trail=trail,
            tabs=tabs if known else [],
            parts=[(one.name, url("area", one.pk)) for one in parts],
            compare_url=f"{url('comparison')}?a={self.place.pk}"
            + (f"&b={self.siblings[0].pk}" if self.siblings else ""),
        )

    def _lead(self, parts: Sequence[Place]) -> str:
        """Say in a sentence what the area is and what it is made of."""
        words = {
            "kind": self.places.kind_text(self.place.pk),
            "county": self.county.name if self.county else "",
            "parts": count_text(parts[0].kind, len(parts)) if parts else "",
            "names": names(parts),
        }
        if parts and words["names"]:
            words["parts"] = _("%(parts)s: %(names)s") % words
        if self.county and parts:
            return _("%(kind)s in %(county)s with %(parts)s.") % words
        if self.county:
            return _("%(kind)s in %(county)s.") % words
        return _("%(kind)s with %(parts)s.") % words if parts else ""

    def _here(self, code: str) -> str:
        area = f"bereich={self.situation}&" if self.situation else ""
        return f"{self.url}?{area}indikator={code}#verlauf"

    @property
    def query(self) -> str:
        """Give the query of this very page, for its files."""
        parts = [f"bereich={self.situation}"] if self.situation else []
        parts += [f"indikator={self.wanted}"] if self.wanted else []
        return "?" + "&".join(parts) if parts else ""

    # --- figures -------------------------------------------------------------------------

    def _chosen(self, shown: Sequence[Indicator], there: Sequence[Indicator]) -> Indicator:
        """Give the indicator that is looked at closely: a rate rather than a count."""
        asked = next((one for one in there if one.code == self.wanted), None)
        if asked is None:
            self.wanted = ""
        plain = (IndicatorForm.COUNT, IndicatorForm.CHANGE, IndicatorForm.DIFFERENCE)
        rates = [one for one in shown if one.form not in plain]
        return asked or (rates or list(shown))[0]

    def _own_values(self) -> dict[int, list[Value]]:
        rows = Figure.objects.filter(area=self.place.pk, indicator__in=self.indicators)
        found: dict[int, list[Value]] = {}
        for one in read_values(rows, self.audience):
            found.setdefault(one.indicator, []).append(one)
        for values in found.values():
            values.sort(key=lambda one: (one.ends_on, one.version))
        return found

    def _other_values(self, chosen: Indicator) -> dict[tuple[int, int], Value]:
        """Read those of others for the same newest periods, and the county's whole series."""
        latest = {pk: newest(values) for pk, values in self.own.items()}
        days = {one.ends_on for one in latest.values() if one}
        others = {one.pk for one in self.siblings}
        above = {one.pk for one in (self.county, self.land) if one}
        self.level = self._level()
        rows = Figure.objects.filter(
            Q(area__in=others | above, indicator__in=self.indicators, ends_on__in=days)
            | Q(area__in={one.pk for one in self.level}, indicator=chosen.pk, ends_on__in=days)
            | Q(area__in=above, indicator=chosen.pk)
        )
        found: dict[tuple[int, int], Value] = {}
        self.above_values: dict[int, list[Value]] = {pk: [] for pk in above}
        for one in sorted(read_values(rows, self.audience), key=lambda one: one.version):
            own = latest.get(one.indicator)
            if own and one.ends_on == own.ends_on and one.starts_on == own.starts_on:
                found[one.indicator, one.area] = one
            if one.indicator == chosen.pk and one.area in above:
                self.above_values[one.area].append(one)
        return found

    def _key_figure(self, indicator: Indicator) -> KeyFigure | None:
        values = self.own.get(indicator.pk)
        now = newest(values or ())
        if now is None or values is None:
            return None
        county = self.others.get((indicator.pk, self.county.pk)) if self.county else None
        land = self.others.get((indicator.pk, self.land.pk)) if self.land else None
        page_of = partial(self.audience.url, "value")
        compared = [
            Compared(f"{place.name} {value_text(indicator, one)}", page_of(one.pk), place.name)
            for place, one in ((self.county, county), (self.land, land))
            if place and one
        ]
        if (before := self._before(values, now)) is not None:
            text = f"{before.year}: {value_text(indicator, before)}"
            compared.append(Compared(text, page_of(before.pk), _("Former year")))
        siblings = [
            one.value
            for place in self.siblings[:SIBLINGS_ON_A_STRIP]
            if (one := self.others.get((indicator.pk, place.pk))) and one.value is not None
        ]
        return KeyFigure(
            name=indicator.name,
            url=self.audience.url("indicator", indicator.code),
            # Alone in large type, a letter reads as a unit: 47.6 s would be seconds.
            text=value_text(indicator, replace(now, quality="")),
            unit=unit_text(indicator),
            period=_told_period(now),
            value_url=self.audience.url("value", now.pk),
            compared=compared,
            # Counts of areas of different size say nothing beside each other.
            strip=None
            if indicator.form == IndicatorForm.COUNT
            else strip(now.value, siblings, county.value if county else None),
            is_secret=bool(now.secrecy),
            value=now,
        )

    @staticmethod
    def _before(values: Sequence[Value], now: Value) -> Value | None:
        """Give the value of five years ago, else the oldest one, of the same territory."""
        older = [
            one
            for one in values
            if one.version == now.version and one.ends_on < now.ends_on and one.value is not None
        ]
        five = [one for one in older if now.ends_on.year - one.ends_on.year == 5]  # noqa: PLR2004 - years
        return five[0] if five else (older[0] if older else None)

    @staticmethod
    def _heading(key_figures: Sequence[KeyFigure]) -> str:
        years = {one.value.year for one in key_figures}
        if len(years) == 1:
            return _("Key figures %(year)s") % {"year": years.pop()}
        return _("Key figures")

    # --- charts --------------------------------------------------------------------------

    def _level(self) -> list[Place]:
        """Give the areas of the map: the finest ones around this area, else its siblings."""
        around = self.county or self.place
        if self.place.kind in FINE_KINDS or self.place.kind == AreaKind.COUNTY:
            for kind in FINE_KINDS:
                inside = self.places.inside(around.pk, kind)
                if len(inside) > 1:
                    return [self.places.by_pk[pk] for pk in self.places.by_pk if pk in inside]
        return [self.place, *self.siblings]

    def _add_charts(self, page: Profile, chosen: Indicator, people: Sequence[Indicator]) -> None:
        charts: list[DataChart | None] = []
        if self.situation in ("", LifeSituation.POPULATION):
            charts += self._age_charts()
        over_time = OverTime(self.places, self.place, self.audience)
        if people and people[0] != chosen and not self.situation and not self.wanted:
            own = self.own.get(people[0].pk, ())
            charts.append(over_time.chart("bevoelkerung", people[0], own))
        styles: tuple[tuple[Place | None, Style], ...] = ((self.county, "two"), (self.land, "rest"))
        beside = [
            (place, style, self.above_values.get(place.pk, ())) for place, style in styles if place
        ]
        charts.append(over_time.chart("verlauf", chosen, self.own.get(chosen.pk, ()), beside))
        values = self._values_of(chosen)
        county = values.get(self.county.pk) if self.county else None
        if chosen.form != IndicatorForm.COUNT or len(self.siblings) > 1:
            charts.append(
                ranking_chart(
                    "rangfolge",
                    chosen,
                    [self.place, *self.siblings],
                    values,
                    self.places,
                    own=self.place.pk,
                    reference=(self.county.name, county)
                    if self.county and chosen.form != IndicatorForm.COUNT
                    else None,
                )
            )
        page.charts = with_downloads(charts, self.query)

    def _values_of(self, chosen: Indicator) -> dict[int, Value]:
        """Give the values of all areas for the newest period of this one."""
        values = {place: one for (pk, place), one in self.others.items() if pk == chosen.pk}
        if own := newest(self.own.get(chosen.pk, ())):
            values[self.place.pk] = own
        return values

    def _add_map(self, page: Profile, chosen: Indicator) -> None:
        own_inside = {one.pk for one in self.level if one.pk == self.place.pk}
        for kind in FINE_KINDS:
            own_inside |= self.places.inside(self.place.pk, kind) & {one.pk for one in self.level}
        if len(own_inside) == len(self.level):
            own_inside = set()
        drawn = map_chart(
            "karte",
            chosen,
            self.level,
            self._values_of(chosen),
            self.places,
            own=own_inside,
            own_name=self.place.name,
        )
        page.map = next(iter(with_downloads([drawn], self.query)), None)

    def _age_charts(self) -> list[DataChart | None]:
        people = [
            Person(one.name, version.pk, version.ags)
            for one in (self.place, self.county, self.land)
            if one and (version := self.places.current(one.pk))
        ]
        if not people or self.places.current(self.place.pk) is None:
            return []
        ages = read_ages([one.version for one in people], self.audience)
        return [
            pyramid_chart("altersaufbau", ages, people[0], people[1] if len(people) > 1 else None),
            groups_chart("altersgruppen", ages, people),
        ]


def _told_period(value: Value) -> str:
    """Write the period, and in words what the letters behind a number say in tables."""
    period = period_text(value.starts_on, value.ends_on)
    meaning = quality_meaning(value.quality)
    return f"{period}, {meaning}" if meaning else period
