"""
Observations read by the million.

Django makes each day and number anew from what the database gives, which costs more than all that
is done with them. Here both come as text, and a day is made once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.db.models import QuerySet

    from zusammenplan.indicators.models import Observation

AT_ONCE = 5000
day_of = lru_cache(maxsize=10_000)(date.fromisoformat)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


MADE: dict[str, Callable[[Any], Any]] = {"starts_on": day_of, "ends_on": day_of, "value": _number}


def read_rows(rows: QuerySet[Observation], fields: Sequence[str]) -> Iterator[list[Any]]:
    """Give these fields of each row, with days as ``date`` and numbers as ``Decimal``."""
    told = [Cast(name, CharField()) if name in MADE else F(name) for name in fields]
    made = [(at, MADE[name]) for at, name in enumerate(fields) if name in MADE]
    names = [f"it_{at}" for at in range(len(fields))]
    found = rows.annotate(**dict(zip(names, told, strict=True))).values_list(*names)
    for row in found.iterator(chunk_size=AT_ONCE):
        values = list(row)
        for at, make in made:
            values[at] = make(values[at])
        yield values
