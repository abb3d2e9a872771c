"""Needs as their pages show them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.plans.models import Goal, Measure, NeedEvidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zusammenplan.plans.models import Need


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need as a list shows it, every value already in words."""

    pk: int
    number: str
    title: str
    field: str
    strength: str
    strength_label: str
    state: str
    state_label: str
    evidence: int
    goals: int
    measures: int


def need_lines(needs: Sequence[Need]) -> list[NeedLine]:
    """Put needs, fetched with their fields, into words; in a constant number of queries."""
    pks = [need.pk for need in needs]
    evidence = Counter(NeedEvidence.objects.filter(need__in=pks).values_list("need_id", flat=True))
    goals = Counter(
        Goal.needs.through.objects.filter(need__in=pks).values_list("need_id", flat=True)
    )
    measures = Counter(
        Measure.needs.through.objects.filter(need__in=pks).values_list("need_id", flat=True)
    )
    return [
        NeedLine(
            pk=need.pk,
            number=need.number,
            title=need.title,
            field=str(need.field) if need.field else "",
            strength=need.strength,
            strength_label=need.get_strength_display(),
            state=need.state,
            state_label=need.get_state_display(),
            evidence=evidence[need.pk],
            goals=goals[need.pk],
            measures=measures[need.pk],
        )
        for need in needs
    ]
