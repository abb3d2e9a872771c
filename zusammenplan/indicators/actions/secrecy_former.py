"""
Sums of areas as they were made up before: whoever kept them still knows them.

When planning areas are cut anew, the sum of before and the one of today may differ by a single
municipality, and give its hidden count away; and so may the sum of any cut before. So sums of all
former territories are looked at beside those of today, as counts that were shown and did not
change, for as long as what they were made of stands as it was published then.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from zusammenplan.indicators.domain.secrecy import Before, Cell, is_small
from zusammenplan.indicators.models import StatisticsImport
from zusammenplan.indicators.queries.tree import AreaTree, Place, smallest
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from zusammenplan.indicators.actions.secrecy_counts import Kind, Published, Row
    from zusammenplan.indicators.domain.secrecy import Side, Sides

# What was done at once is one change, however many areas it is about.
AT_ONCE = timedelta(seconds=2)


class Former(NamedTuple):
    """What a sum was made of, and the last import that was published with it."""

    version: int
    territory: Side
    last_import: int
    # It was so until the areas changed last.
    is_last: bool


class FormerTerritories:
    """The areas as they lay before each change of them, if figures were published then."""

    def __init__(self, today: AreaTree, before: Sequence[tuple[AreaTree, int]] = ()) -> None:
        self.before = before
        self.today = today
        self.on = lru_cache(maxsize=None)(self._on)

    @classmethod
    def load(cls, today: AreaTree) -> FormerTerritories:
        """Read them from the history of areas: two queries."""
        imports = list(StatisticsImport.objects.order_by("pk").values_list("imported_at", "pk"))
        if not imports:
            return cls(today)
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
        first = min(when for when, _pk in imports)
        return cls(
            today,
            [
                (tree, max((pk for when, pk in imports if when <= until), default=0))
                for until, tree in _trees(rows, first, today)
            ],
        )

    def _on(self, day: date) -> list[Former]:
        """Give what sums were made up of on the day, where that is otherwise now."""
        if not self.before:
            return []
        today, known = _summed(self.today, day), self.today.places.keys()
        newest = self.before[-1][0]
        found = {
            (version, territory): Former(version, territory, last, tree is newest)
            for tree, last in self.before
            for version, territory in _summed(tree, day).items()
            if territory != today.get(version) and len(territory) > 1 and territory <= known
        }
        return list(found.values())


def _summed(tree: AreaTree, day: date) -> dict[int, Side]:
    return {
        place.pk: frozenset(smallest(tree, place.pk, day))
        for place in tree.summed()
        if place.is_valid(day)
    }


def _trees(
    rows: Sequence[tuple[Any, ...]], first: datetime, today: AreaTree
) -> Iterator[tuple[datetime, AreaTree]]:
    """Give the state before each change that came after the first figures, and when it ended."""
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
                yield when, AreaTree(list(places.values()))
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

    def __init__(self, rows: Sequence[Row], kind_of: Callable[[Row], Kind]) -> None:
        self.by_kind: defaultdict[Kind, dict[int, Row]] = defaultdict(dict)
        for row in rows:
            self.by_kind[kind_of(row)][row.version] = row

    def are_all(self, kind: Kind, territory: Side, is_so: Callable[[Row], bool]) -> bool:
        """Tell whether all parts of a territory are there, and something is so of each."""
        known = self.by_kind[kind]
        return territory <= known.keys() and all(is_so(known[version]) for version in territory)

    def former_sums(
        self,
        former: Sequence[Former],
        sides: dict[Kind, Sides],
        minimum: int,
        mixed: frozenset[int],
        published: Published,
    ) -> Iterator[Cell]:
        """Give the sums of former territories that were shown, where nothing in them changed."""
        for number, (version, territory, until, is_last) in enumerate(former):
            for kind, known in list(self.by_kind.items()):
                row = known.get(version)
                if row and row.secrecy and is_last and published.is_summed_anew(row):
                    # Hidden as it was made up until now, and not only as it is from now on.
                    continue
                if not self.are_all(kind, territory, lambda row: published.since(row) <= until):  # noqa: B023 - asked at once
                    continue
                value = sum((known[part].value for part in territory), start=Decimal(0))
                if kind[0] in mixed or (value and not is_small(value, minimum)):
                    yield Cell(
                        ("former", number, kind),
                        (territory, *sides[kind]),
                        value,
                        Before(value, is_hidden=False),
                    )
