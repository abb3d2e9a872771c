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
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from zusammenplan.indicators.actions.secrecy import Kind, Row
    from zusammenplan.indicators.domain.secrecy import Side, Sides

# What was done at once is one change, however many areas it is about.
AT_ONCE = timedelta(seconds=2)
MOST_STATES = 5


class FormerTerritories:
    """The trees of areas as they were when figures had been published already."""

    def __init__(self, trees: Collection[AreaTree], today: AreaTree) -> None:
        self.trees = trees
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
            return cls((), today)
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
        return cls(deque(_trees(rows, first, today), MOST_STATES), today)

    def _on(self, day: date) -> frozenset[Side]:
        """Give the territories of sums that existed on the day before, and do not any more."""
        found = {side for tree in self.trees for side in _summed(tree, day)}
        if found:
            found -= set(_summed(self.today, day))
        known = self.today.places.keys()
        return frozenset(side for side in found if len(side) > 1 and side <= known)


def _summed(tree: AreaTree, day: date) -> Iterator[Side]:
    for place in tree.summed():
        if place.is_valid(day):
            yield frozenset(smallest(tree, place.pk, day))


def _trees(rows: Sequence[tuple[Any, ...]], first: datetime, today: AreaTree) -> Iterator[AreaTree]:
    """Give the state before each change that came after the first figures."""
    references = {place.area: place.is_reference for place in today.places.values()}
    places: dict[int, Place] = {}
    last: datetime | None = None
    for when, what, pk, area, *told in rows:
        is_reference = references.get(area, False)
        place = None if what == "-" else Place(pk, area, *told, None, is_reference)
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
        self, territories: Iterable[Side], sides: dict[Kind, Sides], minimum: int
    ) -> Iterator[Cell]:
        """Give the sums of former territories, where nothing in them changed since."""
        for territory in territories:
            for kind, known in list(self.by_kind.items()):
                if not self.are_unchanged(kind, territory):
                    continue
                value = sum((known[version].value for version in territory), start=Decimal(0))
                # A small sum was hidden then.
                if value and not is_small(value, minimum):
                    key = "former", territory, kind
                    yield Cell(
                        key, (territory, *sides[kind]), value, Before(value, is_hidden=False)
                    )
