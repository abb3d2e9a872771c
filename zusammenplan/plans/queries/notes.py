"""Comments and tasks on what has no page of its own: where they stand, and how many there are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zusammenplan.people.queries.work import note_counts
from zusammenplan.plans.models import (
    FieldOfAction,
    Measure,
    MeasureIndicator,
    Milestone,
    Plan,
    PlanVersion,
    Resolution,
)

# The words of the addresses, which are German.
PARTS: Mapping[str, type[Model]] = {
    "handlungsfeld": FieldOfAction,
    "beschluss": Resolution,
    "fassung": PlanVersion,
    "meilenstein": Milestone,
    "indikator": MeasureIndicator,
}


@dataclass(frozen=True, slots=True)
class Notes:
    """How many comments and open tasks the parts of a page have."""

    plan: Plan
    counts: Counter[tuple[int, int]]

    def number(self, word: str, pk: int) -> int:
        return self.counts[ContentType.objects.get_for_model(PARTS[word]).pk, pk]


def notes_of_plan(plan: Plan, word: str) -> Notes:
    """Count what was noted on the plan's fields, resolutions or versions."""
    return Notes(plan, note_counts(parts_of_plan(plan, word)))


def notes_of_measure(measure: Measure) -> Notes:
    """Count what was noted on the measure's milestones and indicators."""
    return Notes(measure.plan, note_counts(measure.milestones.all(), measure.indicators.all()))


def parts_of_plan(plan: Plan, word: str) -> QuerySet[Any]:
    """Give all of the plan's records that the word names, none for another word."""
    model = PARTS.get(word)
    if model is None:
        return plan.fields.none()
    path = "measure__plan" if issubclass(model, Milestone | MeasureIndicator) else "plan"
    records = model._default_manager.filter(**{path: plan}).select_related(path)
    return records.defer(*getattr(model, "left_in_lists", ()))


@dataclass(frozen=True, slots=True)
class Home:
    """The page on which a part stands, and the tab of the plan that leads there."""

    tab: str
    label: str
    url: str


def home_of(part: Any) -> Home:
    """Tell where the part stands."""
    if isinstance(part, Milestone | MeasureIndicator):
        measure = part.measure
        section = "milestones" if isinstance(part, Milestone) else "indicators"
        return Home("measures", str(measure), f"{measure.get_absolute_url()}#{section}")
    name, tab, label = {
        FieldOfAction: ("plan-detail", "plan", _("Fields of action")),
        Resolution: ("plan-status", "plan", _("Status and resolutions")),
        PlanVersion: ("version-list", "versions", _("Versions")),
    }[type(part)]
    return Home(tab, label, reverse(f"plans:{name}", args=[part.plan.slug]))
