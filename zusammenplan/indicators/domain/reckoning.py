"""
How a formula is computed from counts: with signs, quality and secrecy, and never from a gap.

A value that is missing is never zero: the outcome then says which count is missing and with which
sign. Ages are put together only from groups that cover them exactly. Plain decimal numbers, so that
a total ratio comes from counts and never from rounded parts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from zusammenplan.indicators.domain.formula import (
    Bound,
    Call,
    Count,
    Minus,
    Name,
    Node,
    Number,
    division_of,
)
from zusammenplan.indicators.domain.sides import ALL_AGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Group = tuple[int, int]
EVERYBODY: Group = (0, ALL_AGES)
# The flags that a result keeps from its counts; "final" is none that matters.
KEPT_FLAGS = ("()", "p", "r", "s")
ESTIMATED = "s"
NOT_MEANINGFUL = "x"
HALF = Decimal("0.5")
# Below this age an open last group says too little of a mean age.
LEAST_OPEN_AGE = 75


@dataclass(frozen=True, slots=True)
class Datum:
    """A count as it is kept: its value, or the sign that stands instead."""

    value: Decimal | None
    sign: str = ""
    quality: str = ""
    secrecy: str = ""


class Table(dict[Group, Datum]):
    """A quantity's values of a sex, by age group; groups are added and never replaced."""

    __slots__ = ("_layers", "_size")

    def layers(self) -> tuple[frozenset[Group], ...]:
        """Give the groups that are shown, that have a value, and all; made once for many asks."""
        if getattr(self, "_size", None) != len(self):
            known = [(group, datum) for group, datum in self.items() if datum.value is not None]
            self._layers = (
                frozenset(group for group, datum in known if not datum.secrecy),
                frozenset(group for group, _datum in known),
                frozenset(self),
            )
            self._size = len(self)
        return self._layers


class Lookup(Protocol):
    """Whatever knows the counts of an area and a period."""

    # What was put together already, for many formulas ask for the same ages.
    memo: dict[tuple[str, str, Group], Datum | Missing]

    def table(self, name: str, sex: str) -> Table | None:
        """Give a quantity's values of a sex by age group; None if there are none."""

    def earlier(self, years: int) -> Lookup | None:
        """Give the same area so many years before; None if nothing is known of then."""

    def in_year(self, year: int) -> Lookup | None:
        """Give the same area in a year; None if nothing is known of then."""

    def parts(self) -> Sequence[Lookup]:
        """Give the areas that lie in this one, at the same time."""


class Gap(StrEnum):
    """Why there is no value."""

    NOTHING = "nothing"  # the count is not there
    SIGN = "sign"  # a sign stands instead of the count
    AGES = "ages"  # the age groups that are there do not cover the wanted ages
    ZERO = "zero"  # it would have to be divided by zero
    TIME = "time"  # nothing is known of the other time
    PARTS = "parts"  # no area lies in this one
    NOT_CLOSED = "not_closed"  # the last age group is too wide for it


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing, and why."""

    gap: Gap
    name: str = ""
    sex: str = ""
    age_from: int = 0
    age_to: int = ALL_AGES
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a formula gives: a value, or what is missing; with the flags of its counts."""

    value: Decimal | None
    sign: str = ""
    quality: str = ""
    secrecy: str = ""
    missing: Missing | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An outcome with the counts above and below the line of its division."""

    outcome: Outcome
    numerator: Decimal | None = None
    denominator: Decimal | None = None


class _MissingError(Exception):
    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.gap)
        self.missing = missing


@dataclass(slots=True)
class _Marks:
    """What was met on the way to a value."""

    quality: set[str] = field(default_factory=set)
    secrecy: set[str] = field(default_factory=set)

    def note(self, datum: Datum) -> None:
        if datum.quality:
            self.quality.update(flag for flag in KEPT_FLAGS if flag in datum.quality)
        if datum.secrecy:
            self.secrecy.add(datum.secrecy)

    def told(self) -> tuple[str, str]:
        quality = "".join(flag for flag in KEPT_FLAGS if flag in self.quality)
        return quality, min(self.secrecy, default="")


def reckon(tree: Node, lookup: Lookup, parameters: Mapping[str, int]) -> Reckoned:
    """Compute a formula for an area and a period, with numerator and denominator."""
    outcome = evaluate(tree, lookup, parameters)
    division = division_of(tree)
    if division is None or outcome.value is None:
        return Reckoned(outcome)
    above, below = (evaluate(half, lookup, parameters).value for half in division)
    return Reckoned(outcome, above, below)


def evaluate(tree: Node, lookup: Lookup, parameters: Mapping[str, int]) -> Outcome:
    """Compute a formula for an area and a period."""
    marks = _Marks()
    try:
        with localcontext() as context:
            context.prec = 40
            value = _value(tree, lookup, parameters, marks)
    except _MissingError as gap:
        sign = gap.missing.sign or (NOT_MEANINGFUL if gap.missing.gap == Gap.ZERO else "")
        quality, secrecy = marks.told()
        return Outcome(None, sign, quality, secrecy, gap.missing)
    quality, secrecy = marks.told()
    return Outcome(value, "", quality, secrecy)


def resolve(bound: Bound, parameters: Mapping[str, int], otherwise: int) -> int:
    """Give a limit of age as a number."""
    if bound is None:
        return otherwise
    return parameters[bound] if isinstance(bound, str) else bound


def ages_of(count: Count, parameters: Mapping[str, int]) -> Group:
    """Give the ages that a count means."""
    return (
        resolve(count.age_from, parameters, 0),
        resolve(count.age_to, parameters, ALL_AGES),
    )


def add_up(lookup: Lookup, name: str, sex: str, ages: Group) -> Datum | Missing:
    """Give a count of some ages, put together from groups that cover them exactly."""
    key = name, sex, ages
    if key not in lookup.memo:
        lookup.memo[key] = _add_up(lookup, name, sex, ages)
    return lookup.memo[key]


def _add_up(lookup: Lookup, name: str, sex: str, ages: Group) -> Datum | Missing:
    table = lookup.table(name, sex)
    found: Datum | Missing = (
        from_groups(table, ages) if table else Missing(Gap.NOTHING, name, sex, *ages)
    )
    if sex or isinstance(found, Datum):
        return _named(found, name, sex)
    # Where a table has no "all", the sexes that it tells apart are all.
    tables = [lookup.table(name, one) for one in ("m", "f", "d")]
    if tables[0] is None or tables[1] is None:
        return _named(found, name, sex)
    halves = [from_groups(one, ages) for one in tables if one is not None]
    if any(isinstance(half, Missing) for half in halves):
        return _named(found, name, sex)
    return total_of([half for half in halves if isinstance(half, Datum)])


def from_groups(table: Table, ages: Group) -> Datum | Missing:
    """Put some ages together from the groups of a table, the fewest that cover them exactly."""
    exact = table.get(ages)
    if exact is not None and exact.value is not None and not exact.secrecy:
        return exact
    for groups in table.layers():
        if path := cover(groups, ages):
            chosen = [table[group] for group in path]
            gap = next((datum for datum in chosen if datum.value is None), None)
            if gap is not None:
                return Missing(Gap.SIGN, age_from=ages[0], age_to=ages[1], sign=gap.sign)
            return total_of(chosen)
    return Missing(Gap.AGES, age_from=ages[0], age_to=ages[1])


def total_of(data: Sequence[Datum]) -> Datum:
    """Add counts up; each of them has a value."""
    if len(data) == 1:
        return data[0]
    marks = _Marks()
    total = Decimal(0)
    for datum in data:
        marks.note(datum)
        total += datum.value or 0
    quality, secrecy = marks.told()
    return Datum(total, "", quality, secrecy)


@lru_cache(maxsize=8192)
def cover(
    groups: frozenset[Group], ages: Group, *, finest: bool = False
) -> tuple[Group, ...] | None:
    """
    Choose disjoint groups that cover the ages exactly, the fewest or the finest; None if none do.

    :param finest: choose as many groups as possible
    """
    best: dict[int, tuple[int, tuple[Group, ...]]] = {ages[0]: (0, ())}
    for start in sorted({group[0] for group in groups if ages[0] <= group[0] < ages[1]}):
        if start not in best:
            continue
        steps, path = best[start]
        for group in sorted(group for group in groups if group[0] == start and group[1] <= ages[1]):
            reached = best.get(group[1])
            is_better = reached is None or (
                steps + 1 > reached[0] if finest else steps + 1 < reached[0]
            )
            if is_better:
                best[group[1]] = (steps + 1, (*path, group))
    return best[ages[1]][1] if ages[1] in best and ages[1] > ages[0] else None


def _named(found: Datum | Missing, name: str, sex: str) -> Datum | Missing:
    return replace(found, name=name, sex=sex) if isinstance(found, Missing) else found


def _value(  # noqa: PLR0911 - one line a kind of node
    tree: Node, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks
) -> Decimal:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return Decimal(parameters[tree.name])
    if isinstance(tree, Count):
        return _count(tree, lookup, parameters, marks)
    if isinstance(tree, Minus):
        return -_value(tree.of, lookup, parameters, marks)
    if isinstance(tree, Call):
        return _FUNCTIONS[tree.function](tree, lookup, parameters, marks)
    left = _value(tree.left, lookup, parameters, marks)
    right = _value(tree.right, lookup, parameters, marks)
    if tree.operation == "+":
        return left + right
    if tree.operation == "-":
        return left - right
    return left * right if tree.operation == "*" else _divide(left, right)


def _divide(left: Decimal, right: Decimal) -> Decimal:
    try:
        return left / right
    except (DivisionByZero, InvalidOperation):
        raise _MissingError(Missing(Gap.ZERO)) from None


def _count(count: Count, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks) -> Decimal:
    found = add_up(lookup, count.name, count.sex, ages_of(count, parameters))
    if isinstance(found, Missing) or found.value is None:
        raise _MissingError(found if isinstance(found, Missing) else Missing(Gap.NOTHING))
    marks.note(found)
    return found.value


def _finest_groups(call: Call, lookup: Lookup, marks: _Marks) -> list[tuple[Group, Decimal]]:
    """Give the finest age groups that cover everybody, with their values."""
    count = call.arguments[0]
    assert isinstance(count, Count)  # noqa: S101 - the reader of formulas saw to it
    table = lookup.table(count.name, count.sex)
    if not table:
        raise _MissingError(Missing(Gap.NOTHING, count.name, count.sex))
    path = cover(frozenset(table), EVERYBODY, finest=True)
    if path is None or len(path) == 1:
        raise _MissingError(Missing(Gap.AGES, count.name, count.sex))
    found = []
    for group in path:
        datum = table[group]
        if datum.value is None:
            raise _MissingError(Missing(Gap.SIGN, count.name, count.sex, *group, datum.sign))
        marks.note(datum)
        found.append((group, datum.value))
    if any(end - start > 1 for start, end in path[:-1]):
        marks.quality.add(ESTIMATED)
    return found


def _mean_age(call: Call, lookup: Lookup, _parameters: Mapping[str, int], marks: _Marks) -> Decimal:
    groups = _finest_groups(call, lookup, marks)
    (before, until), (last, _end) = groups[-2][0], groups[-1][0]
    if last < LEAST_OPEN_AGE:
        raise _MissingError(Missing(Gap.NOT_CLOSED, age_from=last))
    # The last group is open; it is taken to be as wide as the one before it.
    closed = [*groups[:-1], ((last, last + until - before), groups[-1][1])]
    years = sum(
        (Decimal(start + end) / 2 * value for (start, end), value in closed), start=Decimal(0)
    )
    return _divide(years, sum((value for _group, value in closed), start=Decimal(0)))


def _median_age(
    call: Call, lookup: Lookup, _parameters: Mapping[str, int], marks: _Marks
) -> Decimal:
    groups = _finest_groups(call, lookup, marks)
    half = sum((value for _group, value in groups), start=Decimal(0)) / 2
    if not half:
        raise _MissingError(Missing(Gap.ZERO))
    below = Decimal(0)
    for (start, end), value in groups[:-1]:
        if value and below + value >= half:
            return start + (half - below) / value * (end - start)
        below += value
    raise _MissingError(Missing(Gap.NOT_CLOSED, age_from=groups[-1][0][0]))


def _at_another_time(
    call: Call, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks
) -> Decimal:
    number = call.arguments[1]
    assert isinstance(number, Number)  # noqa: S101 - the reader of formulas saw to it
    years = int(number.value)
    there = lookup.earlier(years) if call.function == "earlier" else lookup.in_year(years)
    if there is None:
        raise _MissingError(Missing(Gap.TIME))
    return _value(call.arguments[0], there, parameters, marks)


def _in_parts(
    call: Call, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks
) -> list[tuple[Decimal, Decimal]]:
    parts = lookup.parts()
    if not parts:
        raise _MissingError(Missing(Gap.PARTS))
    first, second = call.arguments
    return [
        (_value(first, part, parameters, marks), _value(second, part, parameters, marks))
        for part in parts
    ]


def _segregation(
    call: Call, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks
) -> Decimal:
    """Give the share of a group that would have to move to be spread like the other one."""
    pairs = _in_parts(call, lookup, parameters, marks)
    all_of_one = sum((one for one, _other in pairs), start=Decimal(0))
    all_of_other = sum((other for _one, other in pairs), start=Decimal(0))
    apart = sum(
        (abs(_divide(one, all_of_one) - _divide(other, all_of_other)) for one, other in pairs),
        start=Decimal(0),
    )
    return HALF * apart * 100


def _weighted(call: Call, lookup: Lookup, parameters: Mapping[str, int], marks: _Marks) -> Decimal:
    """Give the mean of the parts' values, each counting by its weight."""
    pairs = _in_parts(call, lookup, parameters, marks)
    total = sum((value * weight for value, weight in pairs), start=Decimal(0))
    return _divide(total, sum((weight for _value, weight in pairs), start=Decimal(0)))


_FUNCTIONS: dict[str, Callable[[Call, Lookup, Mapping[str, int], _Marks], Decimal]] = {
    "mean_age": _mean_age,
    "median_age": _median_age,
    "earlier": _at_another_time,
    "in_year": _at_another_time,
    "segregation": _segregation,
    "weighted": _weighted,
}
