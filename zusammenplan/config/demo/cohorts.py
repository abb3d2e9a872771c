"""
A small model of a county's people: everybody grows older, some are born, die, come and go.

It invents numbers that fit each other: who lives in a municipality at the end of a year are those
of the year before, plus births and people who moved in, less deaths and people who moved away.
The same seed gives the same people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp
from random import Random

FIRST_YEAR, LAST_YEAR = 2016, 2025
OLDEST = 104
MEN, WOMEN = 0, 1
SEXES = (MEN, WOMEN)
# How strong each year of age was at the end of 2015, relative to the others; straight in between.
SHAPE = (
    *((0, 62), (8, 60), (15, 56), (18, 52), (21, 38), (25, 50), (30, 66), (35, 68), (42, 66)),
    *((48, 88), (54, 108), (58, 108), (63, 96), (67, 78), (70, 72), (76, 76), (80, 56)),
    *((85, 34), (90, 14), (95, 4), (100, 0.5), (OLDEST, 0)),
)
BOYS = 0.513
CHILDREN_PER_WOMAN = 1.38
AGE_AT_BIRTH, SPREAD_AT_BIRTH = 30.4, 5.4
MOTHERS = range(15, 50)
# Who moves: the young above all; fewer of the old come than go.
COMING = ((0, 10), (6, 6), (15, 5), (19, 16), (25, 30), (32, 24), (42, 11), (60, 5), (85, 4))
GOING = ((0, 8), (6, 5), (15, 6), (18, 26), (22, 36), (28, 24), (40, 9), (60, 4), (85, 3))
MOBILITY = 0.044
# Refugees came in this year, most of them women with children.
REFUGE_YEAR, REFUGE = 2022, 0.011


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality: how many live there at the end, how fast it grows, how old it is."""

    key: str
    name: str
    people: int
    # Per cent a year.
    growth: float
    # Above 0 older than the county, below younger.
    tilt: float
    # How poor it is, relative to the county.
    strain: float = 1.0
    # Jobs per inhabitant; None is kept secret.
    jobs: float | None = 0.3
    last_year: int = LAST_YEAR
    # The municipality that became part of it, how many of its people live there, and since when.
    takes_in: str = ""
    gain: int = 0
    gain_from: int = LAST_YEAR + 1


@dataclass(slots=True)
class Year:
    """A municipality in a year: people by sex and age at its end, and what happened in it."""

    people: list[list[int]]
    births: list[int] = field(default_factory=lambda: [0, 0])
    deaths: list[int] = field(default_factory=lambda: [0, 0])
    moved_in: list[int] = field(default_factory=lambda: [0, 0])
    moved_out: list[int] = field(default_factory=lambda: [0, 0])

    @property
    def total(self) -> int:
        return sum(map(sum, self.people))

    def count(self, ages: range, sexes: Iterable[int] = SEXES) -> int:
        return sum(sum(self.people[sex][ages.start : ages.stop]) for sex in sexes)


def live(places: Sequence[Place], *, seed: int) -> dict[str, dict[int, Year]]:
    """Let the people of all places live, year by year; give each place's years by its key."""
    dice = {place.key: Random(f"{seed} {place.key}") for place in places}  # noqa: S311 - invented
    told: dict[str, dict[int, Year]] = {place.key: {} for place in places}
    now = {place.key: _beginning(place, dice[place.key]) for place in places}
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for place in places:
            if place.gain_from == year:
                now[place.key] = _together(now[place.key], now[place.takes_in])
        for place in places:
            if year <= place.last_year:
                one = _next(place, year, now[place.key], dice[place.key])
                told[place.key][year] = one
                now[place.key] = one.people
    return told


def _wanted(place: Place, year: int) -> int:
    """Give how many live there at the end of a year, by its growth; refugees came in one."""
    factor = (1 + place.growth / 100) ** (year - LAST_YEAR)
    without = 0.0 if year >= REFUGE_YEAR else REFUGE
    people = place.people + (place.gain if year >= place.gain_from else 0)
    # No place grows evenly.
    luck = Random(f"{place.key} {year}").uniform(-0.003, 0.003)  # noqa: S311 - invented
    return round(people * factor * (1 - without) * (1 + (luck if year < LAST_YEAR else 0)))


def _beginning(place: Place, dice: Random) -> list[list[int]]:
    year = FIRST_YEAR - 1
    weights = [
        [
            _on(SHAPE, age)
            * exp(place.tilt * (age - 45) / 45)
            * (_alive(sex, age) / _alive(MEN, 0))
            * dice.uniform(0.9, 1.1)
            for age in range(OLDEST + 1)
        ]
        for sex in SEXES
    ]
    return _spread(_wanted(place, year), weights)


def _alive(sex: int, age: int) -> float:
    """Tell how the sexes part with age: a few more boys are born, women live longer."""
    share = BOYS if sex == MEN else 1 - BOYS
    return share * exp(-((age / 92) ** 7)) if sex == MEN else share * exp(-((age / 101) ** 8))


def _next(place: Place, year: int, before: list[list[int]], dice: Random) -> Year:
    one = Year([[0] * (OLDEST + 1) for _ in SEXES])
    for sex in SEXES:
        for age, count in enumerate(before[sex]):
            dead = _about(count * _mortality(sex, age), dice)
            one.deaths[sex] += min(dead, count)
            one.people[sex][min(age + 1, OLDEST)] += count - min(dead, count)
    mothers = sum(before[WOMEN][age] * _fertility(age) for age in MOTHERS)
    born = _about(mothers * dice.uniform(0.93, 1.07), dice)
    boys = sum(dice.random() < BOYS for _ in range(born))
    one.births = [boys, born - boys]
    for sex in SEXES:
        one.people[sex][0] = one.births[sex]
    _move(place, year, one, dice)
    return one


def _move(place: Place, year: int, one: Year, dice: Random) -> None:
    """Let people come and go, so many that as many live there as shall."""
    missing = _wanted(place, year) - one.total
    going = max(_about(one.total * MOBILITY * dice.uniform(0.9, 1.1), dice), -missing)
    leaving = _spread(
        going,
        [[_on(GOING, age) * count for age, count in enumerate(one.people[sex])] for sex in SEXES],
        most=one.people,
    )
    coming = _spread(
        going + missing,
        [
            [
                _on(COMING, age) * (1.1 if sex == WOMEN and year == REFUGE_YEAR else 1)
                for age in range(OLDEST - 10)
            ]
            for sex in SEXES
        ],
        dice=dice,
    )
    for sex in SEXES:
        one.moved_out[sex] = sum(leaving[sex])
        one.moved_in[sex] = sum(coming[sex])
        for age, count in enumerate(leaving[sex]):
            one.people[sex][age] -= count
        for age, count in enumerate(coming[sex]):
            one.people[sex][age] += count


def _mortality(sex: int, age: int) -> float:
    if age == 0:
        return 0.003
    scale = 0.000044 if sex == MEN else 0.000021
    return min(0.6, scale * exp((0.094 if sex == MEN else 0.098) * age))


def _fertility(age: int) -> float:
    bell = exp(-0.5 * ((age - AGE_AT_BIRTH) / SPREAD_AT_BIRTH) ** 2)
    return CHILDREN_PER_WOMAN * bell / (SPREAD_AT_BIRTH * 2.5066)


def _together(one: list[list[int]], other: list[list[int]]) -> list[list[int]]:
    return [
        [a + b for a, b in zip(mine, theirs, strict=True)]
        for mine, theirs in zip(one, other, strict=True)
    ]


def _about(expected: float, dice: Random) -> int:
    """Round up or down by chance, with a little scatter."""
    scattered = expected + dice.gauss(0, 0.5) * expected**0.5
    return max(0, int(scattered + dice.random()))


def _on(points: Sequence[tuple[float, float]], at: float) -> float:
    """Read a value off a line through points; level beyond its ends."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= at <= x1:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return points[-1][1]


def _spread(
    total: int,
    weights: list[list[float]],
    *,
    most: list[list[int]] | None = None,
    dice: Random | None = None,
) -> list[list[int]]:
    """Spread a number over cells by their weights, all in whole people."""
    if dice is not None:
        weights = [[weight * dice.uniform(0.4, 1.6) for weight in row] for row in weights]
    whole = sum(map(sum, weights)) or 1.0
    spread, carried = [], 0.5
    for sex, row in enumerate(weights):
        cells = []
        for age, weight in enumerate(row):
            carried += total * weight / whole
            count = int(carried)
            if most is not None:
                count = min(count, most[sex][age])
            cells.append(count)
            carried -= count
        spread.append(cells)
    return spread
