"""What a line chart is made of: what is asked for, and what stands ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from zusammenplan.core.charts.axis import Key, Spot, Style, Text

Point = tuple[date, Decimal | None]
Known = tuple[date, Decimal]


@dataclass(frozen=True, slots=True)
class Series:
    """
    Values over time under one name; ``None`` says that there is none, and leaves a gap.

    A line without a name runs along unnamed: one of many, behind those that are named.
    """

    name: str
    points: Sequence[Point]
    style: Style = "one"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a line shall go; without a day ahead it is drawn as a level."""

    value: Decimal
    on: date | None
    word: str


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which on values cannot be compared with those before."""

    on: date
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    style: Style
    path: str
    dots: tuple[Spot, ...]
    label: Text


@dataclass(frozen=True, slots=True)
class Upright:
    """A dashed upright with its words above."""

    path: str
    words: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class TargetMark:
    """An open ring and the dotted way to it, or a dotted level."""

    way: str
    ring: Spot | None
    label: Text


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over time, ready to be drawn."""

    kind: ClassVar[str] = "line"
    width: str
    height: str
    left: str
    right: str
    axis: str
    grid: tuple[Text, ...]
    days: tuple[Text, ...]
    lines: tuple[Line, ...]
    breaks: tuple[Upright, ...]
    target: TargetMark | None
    keys: tuple[Key, ...]
    begins_at_nought: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A series that has a value to draw, with its values in the order of their days."""

    name: str
    style: Style
    points: Sequence[Point]
    known: Sequence[Known]

    @classmethod
    def of(cls, series: Sequence[Series]) -> list[Self]:
        """Leave out those without any value."""
        known = [
            sorted((on, value) for on, value in one.points if value is not None) for one in series
        ]
        return [
            cls(one.name, one.style, one.points, values)
            for one, values in zip(series, known, strict=True)
            if values
        ]

    @property
    def first(self) -> Known:
        return self.known[0]

    @property
    def last(self) -> Known:
        return self.known[-1]
