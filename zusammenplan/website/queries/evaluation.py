"""The page of a closed evaluation: what everybody may know of it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import from_record
from zusammenplan.plans.models import Evaluation, Plan
from zusammenplan.plans.queries.attainment_words import language, said_sign, said_text
from zusammenplan.plans.queries.evaluations import (
    NOT_RATED,
    items_in_order,
    sayings_of,
    things_of,
)
from zusammenplan.plans.queries.results import Results, results_of
from zusammenplan.website.queries.parts import Named
from zusammenplan.website.queries.rows import ROWS_A_PAGE
from zusammenplan.website.queries.words import Hrefs, day


@dataclass(frozen=True, slots=True)
class Row:
    """A measure or goal with its rating; author and reason stay in the house."""

    name: str
    href: str
    kind: str
    sign: SafeString
    before: str


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    evaluation: Evaluation
    plan: Plan
    plan_url: str
    lead: str
    scale: str
    results: Results
    rows: list[Row]
    part: Page[int]
    before: str
    others: list[Named]


def evaluation_page(
    evaluation: Evaluation, *, number: str | None = None, tree_number: str | None = None
) -> EvaluationPage:
    """Gather the page in a number of queries that does not grow with the measures."""
    results = results_of(evaluation, is_public=True, tree_page=tree_number)
    part = Paginator(items_in_order(evaluation).values_list("pk", flat=True), ROWS_A_PAGE)
    shown = part.get_page(number)
    things = things_of(evaluation, list(shown))
    former = results.former or results.former_plan
    before = sayings_of(former, things)
    former_scale = from_record(former.scale) if former else results.scale
    hrefs, goal_hrefs = Hrefs(evaluation.plan), Hrefs(evaluation.plan, "website:plan-goal")
    kinds = {"measure": _("Measure"), "goal": _("Goal")}
    rows = [
        Row(
            name=thing.name,
            href=hrefs.of(thing.pk) if thing.of == "measure" else goal_hrefs.of(thing.pk),
            kind=kinds[thing.of],
            sign=said_sign(thing.said, results.scale),
            before=said_text(before.get((thing.of, thing.identity), NOT_RATED), former_scale)
            if former
            else "",
        )
        for thing in things
    ]
    words = ", ".join(step.say(language()) for step in results.scale.steps)
    closed = day(evaluation.closed_at) if evaluation.closed_at else ""
    return EvaluationPage(
        evaluation=evaluation,
        plan=evaluation.plan,
        plan_url=reverse("website:plan", args=[evaluation.plan.slug]),
        lead=_("How far measures and goals were attained, as of %(day)s.") % {"day": closed},
        scale=words or _("percentage from 0 to 100"),
        results=results,
        rows=rows,
        part=shown,
        before=former.title if former else "",
        others=_others(evaluation),
    )


def _others(evaluation: Evaluation) -> list[Named]:
    """Name the other closed evaluations of the plan, the newest first."""
    closed = evaluation.plan.evaluations.filter(status=EvaluationStatus.CLOSED)
    return [
        Named(
            one.title,
            reverse("website:evaluation", args=[evaluation.plan.slug, one.slug]),
            note=day(one.closed_at) if one.closed_at else "",
        )
        for one in closed.exclude(pk=evaluation.pk).order_by("-closed_at", "-pk")
    ]
