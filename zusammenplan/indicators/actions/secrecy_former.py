"""
Sums of areas as they were made up before: whoever kept them still knows them.

When planning areas are cut anew, the sum of before and the one of today may differ by a single
municipality, and give its hidden count away. So sums of former territories are looked at beside
those of today, as counts that were shown and did not change.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from zusammenplan.indicators.domain.secrecy import Before, Cell, is_small
from zusammenplan.indicators.models import StatisticsImport
from zusammenplan.indicators.queries.tree import AreaTree, Place, smallest
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from zusammenplan.indicators.actions.secrecy import Kind, Row
    from zusammenplan.indicators.domain.secrecy import Side, Sides

# What was done at once is one change, however many areas it is about.
AT_ONCE = timedelta(seconds=2)


class FormerTerritories:
    """The areas as they lay before they were changed last, if figures were published then."""

    def __init__(self, before: AreaTree | None, today: AreaTree) -> None:
        self.before = before
        self.today = today
        self.on = lru_cache(maxsize=None)(self._on)

    @classmethod
    def load(cls, today: AreaTree) -> FormerTerritories:
        """Read them from the history of areas: two queries."""
        first = (
            StatisticsImport.objects.order_by("imported_at")
            .values_list("imported_at", flat=True)
            .first()
        )
        if first is None:
            return cls(None, today)
        rows = list(
            AreaVersion.history.order_by("history_date", "history_id").values_list(
                "history_date",
                "history_type",
                "id",
                "area_id",
                "parent_id",
                "kind",
                "name",
                "valid_from",
                "valid_to",
            )
        )
        last = deque(_trees(rows, first, today), maxlen=1)
        return cls(last[0] if last else None, today)

    def _on(self, day: date) -> dict[int, Side]:
        """Give by its version what a sum was made up of on the day, where that is otherwise now."""
        if self.before is None:
            return {}
        today, known = _summed(self.today, day), self.today.places.keys()
        return {
            version: territory
            for version, territory in _summed(self.before, day).items()
            if territory != today.get(version) and len(territory) > 1 and territory <= known
        }


def _summed(tree: AreaTree, day: date) -> dict[int, Side]:
    return {
        place.pk: frozenset(smallest(tree, place.pk, day))
        for place in tree.summed()
        if place.is_valid(day)
    }


def _trees(rows: Sequence[tuple[Any, ...]], first: datetime, today: AreaTree) -> Iterator[AreaTree]:
    """Give the state before each change that came after the first figures."""
    references = {place.area: place.is_reference for place in today.places.values()}
    places: dict[int, Place] = {}
    last: datetime | None = None
    for when, what, pk, area, parent, kind, name, begins, ends in rows:
        is_reference = references.get(area, False)
        place = (
            None
            if what == "-"
            else Place(pk, area, parent, kind, name, begins, ends, None, is_reference)
        )
        if not is_reference and _lay_elsewhere(places.get(pk), place):
            if when > first and (last is None or last <= first or when - last > AT_ONCE):
                yield AreaTree(list(places.values()))
            last = when
        if place is None:
            places.pop(pk, None)
        else:
            places[pk] = place


def _lay_elsewhere(old: Place | None, new: Place | None) -> bool:
    if old is None or new is None:
        return old is not new
    return (old.parent, old.kind, old.valid_from, old.valid_to) != (
        new.parent,
        new.kind,
        new.valid_from,
        new.valid_to,
    )


class Parts:
    """The counts of which sums are made, by their kind and the version of the area."""

    def __init__(
        self,
        rows: Sequence[Row],
        kind_of: Callable[[Row], Kind],
        before: Callable[[Row], Before | None],
    ) -> None:
        self.before = before
        self.by_kind: defaultdict[Kind, dict[int, Row]] = defaultdict(dict)
        for row in rows:
            self.by_kind[kind_of(row)][row.version] = row

    def are_unchanged(self, kind: Kind, territory: Side) -> bool:
        """Tell whether all parts are there, and as they were published last."""
        known = self.by_kind[kind]
        return territory <= known.keys() and all(
            (was := self.before(known[version])) is not None and was.value == known[version].value
            for version in territory
        )

    def former_sums(
        self, former: dict[int, Side], sides: dict[Kind, Sides], minimum: int
    ) -> Iterator[Cell]:
        """Give the sums of former territories that were shown, where nothing in them changed."""
        for version, territory in former.items():
            for kind, known in list(self.by_kind.items()):
                row = known.get(version)
                if (row and row.secrecy) or not self.are_unchanged(kind, territory):
                    continue
                value = sum((known[part].value for part in territory), start=Decimal(0))
                if value and not is_small(value, minimum):
                    yield Cell(
                        ("former", version, kind),
                        (territory, *sides[kind]),
                        value,
                        Before(value, is_hidden=False),
                    )
