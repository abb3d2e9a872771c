"""The population by age: the pyramid, with another area as its outline, and the age groups."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import gettext as _, pgettext

from zusammenplan.core.charts.bars import Stack, stacked_chart
from zusammenplan.core.charts.drawing import Column, Figure, Table
from zusammenplan.core.charts.pyramid import AgeGroup, pyramid
from zusammenplan.indicators.domain.reckoning import Datum, add_up
from zusammenplan.indicators.domain.shelf import Counts
from zusammenplan.indicators.models import ALL_AGES, Observation
from zusammenplan.indicators.queries.looking.reckoned import POPULATION, ages_address
from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow
from zusammenplan.indicators.queries.looking.values import GAP, HIDDEN, NOTHING, written
from zusammenplan.indicators.queries.provenance import files_text
from zusammenplan.indicators.queries.words import age_label, period_text
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from zusammenplan.indicators.domain.shelf import Shelf
    from zusammenplan.indicators.queries.looking.audience import Audience

FIVE_YEARS = [*((age, age + 5) for age in range(0, 90, 5)), (90, ALL_AGES)]
# The ages of school, work and care; a table in steps of five years does not tell them all.
LIFE = [(0, 6), (6, 18), (18, 30), (30, 50), (50, 65), (65, 80), (80, ALL_AGES)]
IN_FIVES = [(0, 15), (15, 30), (30, 50), (50, 65), (65, 80), (80, ALL_AGES)]
LEAST_GROUPS = 5
SHORTEST_COARSE = 3
SEXES = ("m", "f")
OF_AGE, PENSION = (15, 18), 65


@dataclass(frozen=True, slots=True)
class Person:
    """An area whose population is shown."""

    name: str
    version: int
    ags: str


@dataclass(frozen=True, slots=True)
class Ages:
    """The population of some areas by sex and age, on the newest day of the first one."""

    starts_on: date
    ends_on: date
    shelves: dict[int, Shelf]
    source: str
    sees_hidden: bool

    def count(self, version: int, sex: str, ages: tuple[int, int]) -> Datum | None:
        """Give a count; None if the table cannot tell it."""
        shelf = self.shelves.get(version)
        found = None if shelf is None else add_up(shelf, POPULATION, sex, ages)
        if not isinstance(found, Datum):
            return None
        if found.secrecy and not self.sees_hidden:
            return Datum(None, HIDDEN, secrecy=found.secrecy)
        return found

    def share(self, version: int, sex: str, ages: tuple[int, int]) -> Decimal | None:
        """Give a count as share of all people in per cent."""
        part, whole = self.count(version, sex, ages), self.whole(version)
        if part is None or part.value is None or not whole:
            return None
        return part.value * 100 / whole

    def address(self, version: int, sex: str, ages: tuple[int, int]) -> str:
        """Give where a share tells of what it is made."""
        return ages_address(version, (self.starts_on, self.ends_on), sex, ages)

    def whole(self, version: int) -> Decimal | None:
        found = self.count(version, "", (0, ALL_AGES))
        return None if found is None else found.value


def read_ages(versions: Sequence[int], audience: Audience) -> Ages | None:
    """Read the population by age of areas, with two queries; None without any of the first."""
    rows = Observation.objects.filter(quantity__code=POPULATION, other="")
    day = rows.filter(area_version=versions[0], age_to__lt=ALL_AGES).aggregate(day=Max("ends_on"))[
        "day"
    ]
    if day is None:
        return None
    counts = {version: Counts() for version in versions}
    sources: set[int] = set()
    period = day, day
    for version, sex, start, age_from, age_to, source, value, sign, quality, secrecy in (
        rows.filter(area_version__in=versions, ends_on=day)
        .order_by("pk")
        .values_list(
            "area_version_id",
            "sex",
            "starts_on",
            "age_from",
            "age_to",
            "source_id",
            "value",
            "sign",
            "quality",
            "secrecy",
        )
    ):
        period = start, day
        counts[version].put(
            POPULATION, sex, period, (age_from, age_to), Datum(value, sign, quality, secrecy)
        )
        if source:
            sources.add(source)
    return Ages(
        *period,
        {version: one.at(period) for version, one in counts.items()},
        files_text(sources) or _source_of_sums(day),
        audience.sees_hidden,
    )


def _source_of_sums(day: date) -> str:
    """Name the files whose counts were added up; a sum has none of its own."""
    files = Observation.objects.filter(
        quantity__code=POPULATION,
        other="",
        ends_on=day,
        age_to__lt=ALL_AGES,
        area_version__in=AreaVersion.objects.filter(area__is_reference=False).values("pk"),
        source__isnull=False,
    )
    found = files_text(files.order_by().values("source").distinct())
    return _("%(source)s; own calculation") % {"source": found} if found else ""


def pyramid_chart(
    key: str, ages: Ages | None, own: Person, compared: Person | None
) -> DataChart | None:
    """Draw men and women by five years of age, as shares; the compared area as an outline."""
    if ages is None:
        return None
    groups = _known(ages, own.version, FIVE_YEARS)
    if len(groups) < LEAST_GROUPS:
        return None
    people = [own, compared] if compared and ages.whole(compared.version) else [own]
    # Of men and of women of the first area, then of the second one.
    shares = [
        [ages.share(one.version, sex, group) for group in groups] for one in people for sex in SEXES
    ]
    if any(share is not None and share < 0 for sharing in shares for share in sharing):
        # Taken over before such numbers were refused; nothing can be drawn of them.
        return None
    men, women = shares[:2]
    men_there, women_there = shares[2:] or [[None] * len(groups)] * 2
    labels = [age_label(one, narrow=True) for one in groups]
    chart = pyramid(
        [
            AgeGroup(label, a, b, c, d, sign=HIDDEN)
            for label, a, b, c, d in zip(labels, men, women, men_there, women_there, strict=True)
        ],
        men=_("Men"),
        women=_("Women"),
        number=_plain,
    )
    note = _("Share of the population in per cent, by age, %(day)s.") % {
        "day": period_text(ages.starts_on, ages.ends_on)
    }
    for other in people[1:]:
        note += " " + _("Bars: %(own)s. Line: %(area)s") % {"own": own.name, "area": other.name}
    return DataChart(
        Figure(
            key=key,
            heading=_strongest(groups, men, women),
            note=note,
            chart=chart,
            told=_told(labels, men, women),
            table=_pyramid_table(ages, people, groups, shares),
            source=ages.source,
        ),
        lambda: _rows(ages, people, groups, SEXES),
    )


def _pyramid_table(
    ages: Ages,
    people: Sequence[Person],
    groups: Sequence[tuple[int, int]],
    shares: Sequence[Sequence[Decimal | None]],
) -> Table:
    columns = [Column(_("Age")), Column(_("Men")), Column(_("Women"))]
    for other in people[1:]:
        words = {"area": other.name}
        columns += [Column(_("Men, %(area)s") % words), Column(_("Women, %(area)s") % words)]
    return Table(
        columns,
        [
            (
                age_label(group, narrow=True),
                *(HIDDEN if parts[at] is None else _one(parts[at]) for parts in shares),
            )
            for at, group in enumerate(groups)
        ],
        [
            [ages.address(one.version, sex, group) for one in people for sex in SEXES]
            for group in groups
        ],
    )


def groups_chart(key: str, ages: Ages | None, people: Sequence[Person]) -> DataChart | None:
    """Draw the ages of school, work and care as shares, for several areas."""
    if ages is None:
        return None
    fine = _known(ages, people[0].version, LIFE, sexes=("",))
    groups = fine if fine == LIFE else _known(ages, people[0].version, IN_FIVES, sexes=("",))
    if len(groups) < SHORTEST_COARSE:
        return None
    shown = [one for one in people if ages.whole(one.version)]
    shares = [[ages.share(one.version, "", group) for group in groups] for one in shown]
    labels = [age_label(one) for one in groups]
    chart = stacked_chart(
        labels,
        [Stack(one.name, parts, HIDDEN) for one, parts in zip(shown, shares, strict=True)],
        number=_whole,
    )
    own = shares[0]
    return DataChart(
        Figure(
            key=key,
            heading=_ends_of_life(groups, own),
            note=_("Shares of the age groups in per cent, %(day)s")
            % {"day": period_text(ages.starts_on, ages.ends_on)},
            chart=chart,
            told="; ".join(
                f"{label}: {HIDDEN if part is None else _one(part)} %"
                for label, part in zip(labels, own, strict=True)
            ),
            table=Table(
                [Column(pgettext("statistics", "Area")), *(Column(label) for label in labels)],
                [
                    (one.name, *(HIDDEN if part is None else _one(part) for part in parts))
                    for one, parts in zip(shown, shares, strict=True)
                ],
                [[ages.address(one.version, "", group) for group in groups] for one in shown],
            ),
            source=ages.source,
        ),
        lambda: _rows(ages, shown, groups, [""]),
    )


def _known(
    ages: Ages,
    version: int,
    groups: Sequence[tuple[int, int]],
    sexes: Sequence[str] = SEXES,
) -> list[tuple[int, int]]:
    """Join groups that the table does not tell apart with the next one."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for age_from, age_to in groups:
        start = age_from if begin is None else begin
        if all(ages.count(version, sex, (start, age_to)) is not None for sex in sexes):
            found.append((start, age_to))
            begin = None
        else:
            begin = start
    # Without its end the whole is not told.
    return [] if begin is not None else found


def _strongest(
    groups: Sequence[tuple[int, int]],
    men: Sequence[Decimal | None],
    women: Sequence[Decimal | None],
) -> str:
    """Tell which two neighbouring groups hold the most people."""
    sums = [None if a is None or b is None else a + b for a, b in zip(men, women, strict=True)]
    pairs = [
        (first + second, at)
        for at, (first, second) in enumerate(pairwise(sums))
        if first is not None and second is not None and groups[at + 1][1] != ALL_AGES
    ]
    if not pairs:
        return _("The population by age")
    _sum, at = max(pairs)
    return _("Most people are %(first)d to %(last)d years old") % {
        "first": groups[at][0],
        "last": groups[at + 1][1] - 1,
    }


def _told(
    labels: Sequence[str], men: Sequence[Decimal | None], women: Sequence[Decimal | None]
) -> str:
    values = "; ".join(
        f"{label}: {_one(a) if a is not None else HIDDEN} / {_one(b) if b is not None else HIDDEN}"
        for label, a, b in zip(labels, men, women, strict=True)
    )
    return f"{_('Men')} / {_('Women')}: {values}"


def _ends_of_life(groups: Sequence[tuple[int, int]], shares: Sequence[Decimal | None]) -> str:
    """Tell the youngest and the oldest in one sentence."""
    limit = next((to for _from, to in groups if to in OF_AGE), 0)
    young = [part for (_from, to), part in zip(groups, shares, strict=True) if to <= limit]
    old = [part for (start, _to), part in zip(groups, shares, strict=True) if start >= PENSION]
    known = [[part for part in some if part is not None] for some in (young, old)]
    if not young or not old or [len(some) for some in known] != [len(young), len(old)]:
        return _("Age groups")
    return _("%(young)s are under %(age)d, %(old)s are 65 or over") % {
        "young": f"{_whole(sum(known[0], Decimal(0)))}{GAP}%",
        "age": limit,
        "old": f"{_whole(sum(known[1], Decimal(0)))}{GAP}%",
    }


def _rows(
    ages: Ages, people: Sequence[Person], groups: Sequence[tuple[int, int]], sexes: Sequence[str]
) -> list[DataRow]:
    words = {"m": pgettext("counts of people", "male"), "f": pgettext("counts of people", "female")}
    found = []
    for one in people:
        for sex in sexes:
            for group in groups:
                datum = ages.count(one.version, sex, group) or Datum(None, NOTHING)
                detail = ", ".join(filter(None, [words.get(sex), age_label(group)]))
                found.append(
                    DataRow(
                        area=one.name,
                        ags=one.ags,
                        code=POPULATION,
                        indicator=_("Population by age"),
                        detail=detail,
                        unit=_("persons"),
                        starts_on=ages.starts_on,
                        ends_on=ages.ends_on,
                        value=datum.value,
                        sign=datum.sign if datum.value is None else "",
                        is_hidden=bool(datum.secrecy),
                        quality=datum.quality,
                        method_version=1,
                        source=ages.source,
                        origin=ages.address(one.version, sex, group),
                    )
                )
    return found


def _one(value: Decimal | None) -> str:
    return NOTHING if value is None else written(value, places=1)


def _plain(value: Decimal) -> str:
    return written(value, places=0 if value == value.to_integral_value() else 1)


def _whole(value: Decimal) -> str:
    return written(value, places=0)
