"""The counts that secrecy looks at, and what was published of each."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import F, Max

from zusammenplan.indicators.domain.secrecy import Before
from zusammenplan.indicators.models import DataRules, ReplacedValue, StatisticsImport

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from django.db.models import QuerySet

    from zusammenplan.indicators.actions.sums import Summed
    from zusammenplan.indicators.models import Observation

    Period = tuple[date, date]
    Kind = tuple[int, str, int, int, str, date, date]

AT_ONCE = 2000
kind_of = attrgetter("quantity", "sex", "age_from", "age_to", "other", "starts_on", "ends_on")


class Row(NamedTuple):
    """A count with all that secrecy asks of it."""

    pk: int
    quantity: int
    version: int
    starts_on: date
    ends_on: date
    sex: str
    age_from: int
    age_to: int
    other: str
    value: Decimal
    secrecy: str
    source: int | None


FIELDS = (
    "pk",
    "quantity_id",
    "area_version_id",
    "starts_on",
    "ends_on",
    "sex",
    "age_from",
    "age_to",
    "other",
    "value",
    "secrecy",
    "source_id",
)


class Published:
    """What was published last of each count: its value, and whether it was hidden."""

    def __init__(self, summed: Summed) -> None:
        self.summed = summed
        rules = DataRules.objects.filter(pk=1).values_list("published_import", flat=True)
        self.last = rules.first() or 0
        self.replaced: dict[int, Decimal | None] = {}
        # From which import on a value stands that a later one gave again.
        self.known_since: dict[int, int] = {}

    def learn(self, rows: QuerySet[Observation], *, of_all: bool) -> None:
        """Read what stood in counts that were changed since; of all, since when it stands there."""
        values = (
            ReplacedValue.objects.filter(
                observation__in=rows.filter(source__gt=self.last), replaced_by__gt=self.last
            )
            .order_by("-pk")
            .values_list("observation_id", "value")
        )
        # The oldest comes last, and stays.
        self.replaced = dict(values.iterator(chunk_size=AT_ONCE))
        if of_all:
            again = ReplacedValue.objects.filter(
                observation__in=rows, value=F("observation__value"), source__isnull=False
            ).order_by("-source_id")
            # The oldest comes last here, too.
            self.known_since = dict(again.values_list("observation_id", "source_id"))

    def since(self, row: Row) -> int:
        """Give the first import with which the value of a count was published."""
        return self.known_since.get(row.pk, row.source or 0)

    def is_same(self, row: Row) -> bool:
        """Tell whether a count is as it was published last."""
        before = self.before(row)
        return before is not None and before.value == row.value

    def is_summed_anew(self, row: Row) -> bool:
        return row.pk in self.summed.before or row.pk in self.summed.new

    def before(self, row: Row) -> Before | None:
        was_hidden = bool(row.secrecy)
        if row.source is None:
            if row.pk in self.summed.new:
                return None
            return Before(self.summed.before.get(row.pk, row.value), was_hidden)
        if row.source <= self.last:
            return Before(row.value, was_hidden)
        if row.pk in self.replaced:
            return Before(self.replaced[row.pk], was_hidden)
        return None

    def note(self) -> None:
        """Everything that is there now is published with the transaction."""
        last = StatisticsImport.objects.aggregate(last=Max("pk"))["last"] or 0
        if not DataRules.objects.filter(pk=1).update(published_import=last) and last:
            DataRules.objects.create(pk=1, published_import=last)
