"""
How far goals and measures were attained: the scale, shares, averages and distributions.

A rating stands for a share from 0 to 1, so that rounds on different scales can be compared. What
is not assessable or dropped stays out of averages, and what nobody rated is "not rated", never 0.
Everything is reckoned with fractions; numbers are rounded where they are shown and nowhere before.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from zusammenplan.core.german import either

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RATED, NOT_ASSESSABLE, DROPPED = "rated", "not_assessable", "dropped"
FOUR_STEPS, TRAFFIC_LIGHT, PERCENTAGE, OWN = "four_steps", "traffic_light", "percentage", "own"
STEPS_AT_LEAST, STEPS_AT_MOST = 2, 10
LABEL_AT_MOST = 60
STORED_PLACES = Decimal("0.0001")
# "gut = 75 %": the words, then the share; a comma or a point may part the decimals.
STEP_LINE = re.compile(r"^(?P<label>.*?)\s*(?:=\s*(?P<share>\d{1,3}(?:[.,]\d{1,2})?)\s*%?)?$")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a scale: its words, and the share that it stands for."""

    label: str
    share: Fraction
    label_en: str = ""

    def say(self, language: str) -> str:
        """Give the English words in English where there are some, else the German ones."""
        return either(self.label, self.label_en, language)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale; the steps run from the best to the worst, and a percentage has none."""

    kind: str
    steps: tuple[Step, ...] = ()

    @property
    def is_percentage(self) -> bool:
        return not self.steps

    @property
    def bands(self) -> tuple[Step, ...]:
        """Give what a distribution counts: the steps, or the quarters of a percentage."""
        return self.steps or QUARTERS

    def band_of(self, share: Fraction) -> int:
        """Tell in which band a share lies: its step, or the quarter that it reaches."""
        if self.steps:
            return self._nearest(share)
        return next(place for place, quarter in enumerate(QUARTERS) if share >= quarter.share)

    def exact(self, stored: Decimal) -> Fraction:
        """Give the share that was meant: two thirds, where 0.6667 is stored."""
        if not self.steps:
            return Fraction(stored)
        step = self.steps[self._nearest(Fraction(stored))]
        return step.share if to_stored(step.share) == stored else Fraction(stored)

    def _nearest(self, share: Fraction) -> int:
        """Find the step next to a share; half way between two steps the better one counts."""
        return min(range(len(self.steps)), key=lambda place: abs(self.steps[place].share - share))


FOUR = (
    Step("voll erreicht", Fraction(1), "fully attained"),
    Step("überwiegend erreicht", Fraction(2, 3), "mostly attained"),
    Step("teilweise erreicht", Fraction(1, 3), "partly attained"),
    Step("nicht erreicht", Fraction(0), "not attained"),
)
LIGHTS = (
    Step("grün", Fraction(1), "green"),
    Step("gelb", Fraction(1, 2), "amber"),
    Step("rot", Fraction(0), "red"),
)
QUARTERS = (
    Step("75 bis 100 %", Fraction(3, 4), "75 to 100%"),
    Step("50 bis unter 75 %", Fraction(1, 2), "50 to under 75%"),
    Step("25 bis unter 50 %", Fraction(1, 4), "25 to under 50%"),
    Step("unter 25 %", Fraction(0), "under 25%"),
)


# --- the scale ---------------------------------------------------------------------------


class ScaleError(Exception):
    """
    An own scale cannot be read.

    ``reason`` says why: "few", "many", "empty", "long", "twice", "large" or "order"; ``line`` is
    the line's text.
    """

    def __init__(self, reason: str, line: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def scale_of(kind: str, own: str = "") -> Scale:
    """
    Give the scale of a plan; ``own`` holds the steps of an own scale, one a line, best first.

    :raises ScaleError: if an own scale cannot be read
    """
    if kind == OWN:
        return Scale(OWN, parse_steps(own))
    return Scale(kind, {FOUR_STEPS: FOUR, TRAFFIC_LIGHT: LIGHTS}.get(kind, ()))


def parse_steps(text: str) -> tuple[Step, ...]:
    """
    Read an own scale: equal distances, unless a line ends with its share, "= 75 %".

    :raises ScaleError: if there are too few or too many steps, or they do not fall
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < STEPS_AT_LEAST:
        raise ScaleError("few")
    if len(lines) > STEPS_AT_MOST:
        raise ScaleError("many")
    last = len(lines) - 1
    steps: list[Step] = []
    for place, line in enumerate(lines):
        step = _step(line, Fraction(last - place, last))
        if step.label.casefold() in {known.label.casefold() for known in steps}:
            raise ScaleError("twice", line)
        if steps and step.share >= steps[-1].share:
            raise ScaleError("order", line)
        steps.append(step)
    return tuple(steps)


def _step(line: str, share: Fraction) -> Step:
    found = STEP_LINE.match(line)
    label = found["label"].strip() if found else line
    if found and found["share"]:
        share = Fraction(found["share"].replace(",", ".")) / 100
    if not label:
        raise ScaleError("empty", line)
    if len(label) > LABEL_AT_MOST:
        raise ScaleError("long", line)
    if share > 1:
        raise ScaleError("large", line)
    return Step(label, share)


def to_record(scale: Scale) -> dict[str, Any]:
    """Give the scale as a round keeps it."""
    return {
        "kind": scale.kind,
        "steps": [
            {"label": step.label, "label_en": step.label_en, "share": str(step.share)}
            for step in scale.steps
        ],
    }


def from_record(record: Mapping[str, Any]) -> Scale:
    """Read the scale that a round kept."""
    return Scale(
        str(record["kind"]),
        tuple(
            Step(one["label"], Fraction(one["share"]), one.get("label_en", ""))
            for one in record.get("steps", [])
        ),
    )


def to_stored(share: Fraction) -> Decimal:
    """Give the share as a rating keeps it, with four decimals."""
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(STORED_PLACES)


# --- averages and distributions ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one thing: nothing (None), a rated share, not assessable, or dropped."""

    state: str | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the ratings of several things come to."""

    distribution: tuple[int, ...]
    not_assessable: int
    dropped: int
    unrated: int
    sum: Fraction

    @property
    def rated(self) -> int:
        return sum(self.distribution)

    @property
    def total(self) -> int:
        return self.rated + self.not_assessable + self.dropped + self.unrated

    @property
    def average(self) -> Fraction | None:
        """Give the mean of the rated shares; nothing where nothing is rated."""
        return self.sum / self.rated if self.rated else None

    @property
    def share_rated(self) -> Fraction | None:
        """Tell how large a part of all is rated."""
        return Fraction(self.rated, self.total) if self.total else None


def summarise(sayings: Iterable[Said], scale: Scale) -> Summary:
    """Count and add up what is said of several things; a ``Counter`` says how often each."""
    distribution = [0] * len(scale.bands)
    apart = {NOT_ASSESSABLE: 0, DROPPED: 0, None: 0}
    total = Fraction(0)
    for said, number in Counter(sayings).items():
        if said.state == RATED and said.share is not None:
            distribution[scale.band_of(said.share)] += number
            total += said.share * number
        else:
            apart[said.state if said.state in apart else None] += number
    return Summary(tuple(distribution), apart[NOT_ASSESSABLE], apart[DROPPED], apart[None], total)


def with_goals_above(goals: Iterable[int], parents: Mapping[int, int | None]) -> set[int]:
    """Give the goals and all that stand above them in the tree."""
    found: set[int] = set()
    for goal in goals:
        here: int | None = goal
        while here is not None and here not in found:
            found.add(here)
            here = parents.get(here)
    return found


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two rounds next to each other, over the things that both of them rated."""

    both: int
    now: Fraction
    before: Fraction

    @property
    def change(self) -> Fraction:
        return self.now - self.before


def compare(pairs: Iterable[tuple[Said, Said]]) -> Comparison | None:
    """
    Compare what is said now and before; only what both rated counts, so like meets like.

    A ``Counter`` of the pairs says how often each is said.
    """
    shares = [
        (now.share, before.share, number)
        for (now, before), number in Counter(pairs).items()
        if now.state == before.state == RATED and now.share is not None and before.share is not None
    ]
    if not shares:
        return None
    both = sum(number for _now, _before, number in shares)
    return Comparison(
        both=both,
        now=sum((now * number for now, _, number in shares), Fraction(0)) / both,
        before=sum((before * number for _, before, number in shares), Fraction(0)) / both,
    )


def differs(now: Said, before: Said) -> bool:
    """
    Tell whether something is rated otherwise than before; without a rating nothing differs.

    Two scales may mean the same by shares that differ a little, so what is stored is compared.
    """
    if now.state is None or before.state is None:
        return False
    shares = [None if one.share is None else to_stored(one.share) for one in (now, before)]
    return now.state != before.state or shares[0] != shares[1]


def percent(share: Fraction) -> int:
    """
    Round a share to whole percent, half up.

    Only what is nothing at all shows as 0, and only the whole as 100.
    """
    rounded = int(share * 100 + Fraction(1, 2))
    if 0 < share < 1:
        return min(max(rounded, 1), 99)
    return rounded
