"""Measuring two things in turn, and what comes out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal


@dataclass(frozen=True, slots=True)
class Goal:
    """How large a value, or its ratio to the floor, may or must be."""

    of: Literal["ratio", "value"]
    sign: Literal[">=", "<=", "<", "="]
    limit: float

    @property
    def text(self) -> str:
        return f"{self.of} {self.sign} {self.limit:g}"

    def is_met(self, value: float, ratio: float) -> bool:
        measured = ratio if self.of == "ratio" else value
        return {
            ">=": measured >= self.limit,
            "<=": measured <= self.limit,
            "<": measured < self.limit,
            "=": measured == self.limit,
        }[self.sign]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; the unit stands in the name."""

    name: str
    value: float
    floor: float
    goal: Goal

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else 0.0

    def record(self, database: str) -> dict[str, object]:
        return {
            "name": self.name,
            "database": database,
            "value": round(self.value, 3),
            "floor": round(self.floor, 3),
            "ratio": round(self.ratio, 3),
            "goal": self.goal.text,
            "met": self.goal.is_met(self.value, self.ratio),
        }


def in_turn(
    product: Callable[[], float], floor: Callable[[], float], *, batches: int = 15, warm_up: int = 3
) -> tuple[float, float]:
    """Run a batch of the floor, one of the product, and so on; give the median of each."""
    for _ in range(warm_up):
        floor()
        product()
    pairs = [(floor(), product()) for _ in range(batches)]
    return median(pair[1] for pair in pairs), median(pair[0] for pair in pairs)
