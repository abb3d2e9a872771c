"""What follows from the figures of an area: needs and measures that name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from zusammenplan.core.excerpts import opening, short
from zusammenplan.plans.models import Measure, Need, NeedEvidence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.contrib.auth.models import AnonymousUser

    from zusammenplan.people.models import User

AT_MOST = 8
WAYS_AT_MOST = 2
WAY_LETTERS = 60


@dataclass(frozen=True, slots=True)
class Way:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A need or a measure, with the ways on from it."""

    name: str
    url: str
    text: str
    ways: tuple[Way, ...]


def follows(
    areas: Collection[int], page_of: Callable[[Need | Measure], str], user: User | AnonymousUser
) -> list[Followed]:
    """
    Read the needs that name one of the areas, then measures that no shown need leads to.

    ``page_of`` gives the address of a need or a measure where the user reads.
    """
    measures = Measure.objects.visible_to(user).order_by("position", "pk")
    evidence = NeedEvidence.objects.order_by("position", "pk")
    needs = (
        Need.objects.visible_to(user)
        .filter(areas__in=areas)
        .select_related("plan")
        .prefetch_related(
            Prefetch("evidence", evidence), Prefetch("measures", measures.select_related("plan"))
        )
        .order_by("plan", "position", "pk")
        .distinct()
    )
    found = []
    led_to: set[int] = set()
    for need in needs[:AT_MOST]:
        ways = list(need.measures.all())[:WAYS_AT_MOST]
        led_to |= {one.pk for one in ways}
        proof = next((opening(one.text) for one in need.evidence.all() if one.text), "")
        found.append(
            Followed(
                _("Need: %(title)s") % {"title": need.title},
                page_of(need),
                proof or opening(need.text),
                tuple(_way(one, page_of) for one in ways),
            )
        )
    named = (
        measures.filter(areas__in=areas).exclude(pk__in=led_to).select_related("plan").distinct()
    )
    for one in named[: AT_MOST - len(found)]:
        way = _way(one, page_of)
        found.append(
            Followed(
                _("Measure: %(title)s") % {"title": one.title}, way.url, opening(one.text), (way,)
            )
        )
    return found


def _way(measure: Measure, page_of: Callable[[Need | Measure], str]) -> Way:
    return Way(short(f"{measure.number} {measure.title}".strip(), WAY_LETTERS), page_of(measure))
