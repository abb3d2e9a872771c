"""The hits of the search, grouped by what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.index import best_first, found
from zusammenplan.core.search import Wanted, pieces, words_wanted
from zusammenplan.people.models import User
from zusammenplan.plans.models import Chapter, Goal, Measure, Need

SHOWN_PER_KIND = 20
EXCERPT = 220


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, its words in pieces with those that were looked for marked."""

    title: Sequence[tuple[str, bool]]
    url: str
    where: str
    text: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class HitGroup:
    """The hits of one kind."""

    key: str
    label: Any
    count: int
    hits: Sequence[Hit]

    @property
    def others(self) -> int:
        return self.count - len(self.hits)


KINDS: tuple[tuple[str, Any, type[Any]], ...] = (
    ("measures", _("Measures"), Measure),
    ("goals", _("Goals"), Goal),
    ("needs", _("Needs"), Need),
    ("chapters", _("Chapters of the plan"), Chapter),
)


def search(text: str, user: User) -> list[HitGroup]:
    """Find needs, goals, measures and chapters that hold all the words, the best of each first."""
    wanted = words_wanted(text)
    if not wanted:
        return []
    groups = []
    for key, label, model in KINDS:
        seen, keys = _seen(model, user), found(model, text)
        best = best_first(model, text, limit=SHOWN_PER_KIND)
        records = seen.in_bulk(best)
        hits = [_hit(records[pk], wanted) for pk in best if pk in records]
        if hits and keys is not None:
            count = seen.filter(pk__in=keys).count()
            groups.append(HitGroup(key, label, count, hits))
    return groups


def _seen(model: type[Any], user: User) -> QuerySet[Any]:
    records: QuerySet[Any] = model.objects.select_related("plan")
    if model is Chapter:
        # Whoever may search holds a role and so reads the chapters of every plan.
        return records.prefetch_related("blocks")
    seen: QuerySet[Any] = model.objects.visible_to(user)
    return seen.select_related("plan")


def _hit(record: Any, wanted: list[Wanted]) -> Hit:
    text = " ".join(record.search_parts()) if isinstance(record, Chapter) else record.text
    return Hit(
        title=pieces(str(record), wanted),
        url=record.get_absolute_url(),
        where=record.plan.title,
        text=pieces(excerpt(text, wanted), wanted),
    )


def excerpt(text: str, wanted: list[Wanted]) -> str:
    """Give the part of a text around the first word that was looked for, or its beginning."""
    plain = " ".join(text.split())
    place = 0
    for piece, is_hit in pieces(plain, wanted):
        if is_hit:
            break
        place += len(piece)
    begin = plain.rfind(" ", 0, max(place - EXCERPT // 3, 0)) + 1 if place < len(plain) else 0
    shown = Truncator(plain[begin:]).chars(EXCERPT)
    return f"… {shown}" if begin else shown
