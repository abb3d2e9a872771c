"""How a measure stands to others, told from its side, and how others are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy

from zusammenplan.core.spellings import holds
from zusammenplan.plans.choices import RelationKind
from zusammenplan.plans.models import (
    Measure,
    MeasureRelation,
)

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from zusammenplan.people.models import User

FOUND_AT_MOST = 20

# How a relation is called from the other side.
BACKWARDS: dict[str, str | Promise] = {
    RelationKind.CONTINUES: gettext_lazy("is continued by"),
    RelationKind.REPLACES: gettext_lazy("is replaced by"),
    RelationKind.BELONGS: gettext_lazy("belongs together with"),
    RelationKind.BLOCKS: gettext_lazy("is blocked by"),
}


@dataclass(frozen=True, slots=True)
class RelationLine:
    """How the measure stands to another one; ``is_own`` tells on which page it was noted."""

    pk: int
    label: str
    other: Measure
    plan: str
    note: str
    is_own: bool


def relations_of(measure: Measure) -> tuple[RelationLine, ...]:
    """Give the relations of the measure from both sides, those to the own plan's first."""
    found = (
        MeasureRelation.objects.filter(Q(measure=measure) | Q(other=measure))
        .select_related("measure__plan", "other__plan")
        .order_by("kind", "pk")
    )
    lines = [_relation_line(one, measure) for one in found]
    return tuple(sorted(lines, key=lambda line: line.other.plan_id != measure.plan_id))


def _relation_line(relation: MeasureRelation, measure: Measure) -> RelationLine:
    is_own = relation.measure_id == measure.pk
    other = relation.other if is_own else relation.measure
    return RelationLine(
        relation.pk,
        relation.get_kind_display() if is_own else str(BACKWARDS[relation.kind]),
        other,
        "" if other.plan_id == measure.plan_id else other.plan.title,
        relation.note,
        is_own,
    )


def measures_found(measure: Measure, text: str, user: User) -> list[Measure]:
    """Find other measures by number or words of the title, of this plan first."""
    words = text.split()
    if not words:
        return []
    wanted = Q(number__iexact=text.strip())
    titles = Q()
    for word in words:
        titles &= holds(("title_de", "title_en"), word) | Q(number__iexact=word)
    found = (
        Measure.objects.visible_to(user)
        .filter(wanted | titles)
        .exclude(pk=measure.pk)
        .select_related("plan")
        .order_by("plan_id", "position", "pk")
    )
    own = list(found.filter(plan=measure.plan_id)[:FOUND_AT_MOST])
    others = found.exclude(plan=measure.plan_id)[: FOUND_AT_MOST - len(own)]
    return [*own, *others]
