"""
The red thread: evidence, need, goal, measure, priority, result, evaluation.

Every page of a need, a goal, a measure and a plan shows where it stands in this chain. A goal
answers the needs of the goals above and below it too, and a measure those of its goals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Max, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.german import either, like
from zusammenplan.core.links import first_address
from zusammenplan.core.templatetags.zp import degree
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.domain.attainment import percent
from zusammenplan.plans.domain.goal_tree import descendants
from zusammenplan.plans.models import Goal, Measure, Milestone, NeedEvidence, Rating
from zusammenplan.plans.queries.goals import placed_goals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from zusammenplan.plans.domain.goal_tree import Placed
    from zusammenplan.plans.models import MeasureQuerySet, Need, NeedQuerySet, Plan

SHOWN_CHARACTERS = 70


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the thread: what it is called, what stands there, and whether one is there."""

    name: str
    what: str
    kind: str
    state: str = ""
    url: str = ""
    is_last: bool = False


def need_thread(need: Need) -> list[Step]:
    """Tell what proves the need, and what is done about it."""
    plan = need.plan
    places = placed_goals(plan)
    answering = set(need.goals.values_list("pk", flat=True))
    goals = answering | _below(places, answering)
    measures = plan.measures.filter(
        Q(pk__in=_linked(Measure.needs.through.objects.filter(need=need), "measure_id"))
        | Q(pk__in=_linked(Measure.goals.through.objects.filter(goal__in=goals), "measure_id"))
    )
    return _drawn(
        [
            _evidence_step(NeedEvidence.objects.filter(need=need)),
            Step(_("Need"), _short(str(need)), "now", state=need.get_state_display()),
            _goal_step(plan, answering),
            *_doing_steps(plan, measures, narrowed=f"?need={need.pk}"),
            _evaluation_step(plan, Q(goal__in=goals) | Q(measure__in=measures)),
        ]
    )


def goal_thread(goal: Goal) -> list[Step]:
    """Tell which needs the goal answers, and what is done to reach it."""
    plan = goal.plan
    places = placed_goals(plan)
    below = {goal.pk} | _below(places, {goal.pk})
    needs = plan.needs.filter(
        pk__in=_linked(
            Goal.needs.through.objects.filter(goal__in=below | _above(places, {goal.pk})),
            "need_id",
        )
    )
    measures = plan.measures.filter(
        pk__in=_linked(Measure.goals.through.objects.filter(goal__in=below), "measure_id")
    )
    return _drawn(
        [
            _evidence_step(NeedEvidence.objects.filter(need__in=needs)),
            _need_step(needs),
            Step(_("Goal"), _short(str(goal)), "now", state=goal.level.name if goal.level else ""),
            *_doing_steps(plan, measures, narrowed=f"?goal={goal.pk}"),
            # Where nobody rated the goal itself, what was rated below it speaks for it.
            _evaluation_step(plan, Q(goal=goal), Q(measure__in=measures)),
        ]
    )


def measure_thread(measure: Measure) -> list[Step]:
    """Tell why there is the measure, and what came of it."""
    plan = measure.plan
    places = placed_goals(plan)
    goals = set(measure.goals.values_list("pk", flat=True))
    around = goals | _above(places, goals)
    needs = plan.needs.filter(
        Q(pk__in=_linked(Measure.needs.through.objects.filter(measure=measure), "need_id"))
        | Q(pk__in=_linked(Goal.needs.through.objects.filter(goal__in=around), "need_id"))
    )
    return _drawn(
        [
            _evidence_step(NeedEvidence.objects.filter(need__in=needs)),
            _need_step(needs),
            _goal_step(plan, goals),
            Step(_("Measure"), _short(str(measure)), "now", state=measure.get_status_display()),
            _own_priority_step(measure),
            _result_step(
                Milestone.objects.filter(measure=measure),
                reverse("plans:measure-detail", args=[plan.slug, measure.pk]),
            ),
            _evaluation_step(plan, Q(measure=measure)),
        ]
    )


def plan_thread(plan: Plan) -> list[Step]:
    """Count what stands at each place of the thread of a whole plan."""
    measures = plan.measures.all()
    counted = plan.needs.aggregate(needs=Count("pk", distinct=True), proofs=Count("evidence"))
    goals = plan.goals.count()
    needs_url = reverse("plans:need-list", args=[plan.slug])
    steps = [
        Step(
            _("Evidence"),
            _number_of_evidence(counted["proofs"]),
            "done" if counted["proofs"] else "open",
            url=needs_url,
        ),
        Step(
            _("Need"),
            ngettext("%(number)d need", "%(number)d needs", counted["needs"])
            % {"number": counted["needs"]},
            "done" if counted["needs"] else "open",
            url=needs_url,
        ),
        Step(
            _("Goal"),
            ngettext("%(number)d goal", "%(number)d goals", goals) % {"number": goals},
            "done" if goals else "open",
            url=reverse("plans:goal-list", args=[plan.slug]),
        ),
        *_doing_steps(plan, measures, is_plan=True),
        _evaluation_step(plan, Q()),
    ]
    return _drawn(steps)


def upper_url(name: str, *args: object) -> str:
    """Give the address of an upper app's page, or nothing if there is no such page."""
    return first_address((name, *args))


# The steps one by one


def _evidence_step(evidence: QuerySet[NeedEvidence]) -> Step:
    number = evidence.count()
    first = evidence.select_related("need__plan").order_by("need_id", "position", "pk").first()
    if first is None:
        return Step(_("Evidence"), _("none yet"), "open")
    page = reverse("plans:need-detail", args=[first.need.plan.slug, first.need_id])
    source = first.source or first.get_kind_display()
    return Step(
        _("Evidence"),
        _short(first.text),
        "done",
        state=_joined(source, _more(number)),
        url=f"{page}#evidence",
    )


def _need_step(needs: NeedQuerySet) -> Step:
    number = needs.count()
    first = needs.in_order().select_related("plan").first()
    if first is None:
        return Step(_("Need"), _("none yet"), "open")
    return Step(
        _("Need"),
        _short(str(first)),
        "done",
        state=_more(number),
        url=reverse("plans:need-detail", args=[first.plan.slug, first.pk]),
    )


def _goal_step(plan: Plan, goals: Iterable[int]) -> Step:
    found = list(plan.goals.filter(pk__in=goals).select_related("level").in_order())
    if not found:
        return Step(_("Goal"), _("none yet"), "open")
    first = found[0]
    level = first.level.name if first.level else ""
    return Step(
        _("Goal"),
        _short(str(first)),
        "done",
        state=_joined(level, _more(len(found))),
        url=reverse("plans:goal-detail", args=[plan.slug, first.pk]),
    )


def _doing_steps(
    plan: Plan, measures: MeasureQuerySet, *, is_plan: bool = False, narrowed: str = ""
) -> tuple[Step, Step, Step]:
    """
    Give the steps of measure, priority and result for several measures.

    ``narrowed`` is what the address of the list shows them by.
    """
    counted = measures.aggregate(
        number=Count("pk"),
        rated=Count("pk", filter=Q(priority_degree__isnull=False)),
        best=Min("priority_degree"),
        worst=Max("priority_degree"),
        first=Min("priority_first"),
        last=Max("priority_last"),
    )
    number, rated = counted["number"], counted["rated"]
    list_url = reverse("plans:measure-list", args=[plan.slug]) + narrowed
    return (
        _measures_step(plan, measures, number, list_url, is_plan=is_plan),
        Step(
            _("Priority"),
            _("%(rated)s of %(all)s rated") % {"rated": rated, "all": number}
            if number
            else _("nothing to rate yet"),
            _how_far(rated, number),
            state=_most_urgent(counted) if rated else "",
            url=upper_url("ballots:round-list"),
        ),
        _result_step(Milestone.objects.filter(measure__in=measures), list_url),
    )


def _measures_step(
    plan: Plan, measures: MeasureQuerySet, number: int, list_url: str, *, is_plan: bool
) -> Step:
    first = measures.in_order().first()
    if first is None:
        return Step(_("Measure"), _("none yet"), "open", url=list_url if is_plan else "")
    if is_plan:
        what = ngettext("%(number)d measure", "%(number)d measures", number) % {"number": number}
        return Step(_("Measure"), what, "done", url=list_url)
    return Step(
        _("Measure"),
        _short(str(first)),
        "done",
        state=_more(number),
        url=list_url
        if number > 1 and "?" in list_url
        else reverse("plans:measure-detail", args=[plan.slug, first.pk]),
    )


def _own_priority_step(measure: Measure) -> Step:
    is_rated = measure.priority_degree is not None
    state = ""
    if measure.priority_on:
        state = _("%(round)s, %(day)s") % {
            "round": measure.priority_round_said,
            "day": date_format(measure.priority_on, "SHORT_DATE_FORMAT"),
        }
    return Step(
        _("Priority"),
        degree(measure.priority_degree) if is_rated else _("not rated yet"),
        "done" if is_rated else "open",
        state=state,
        url=upper_url("ballots:round-list"),
    )


def _result_step(milestones: QuerySet[Milestone], url: str) -> Step:
    counted = milestones.aggregate(
        number=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False))
    )
    number, done = counted["number"], counted["done"]
    if not number:
        return Step(_("Result"), _("no milestones yet"), "open")
    return Step(
        _("Result"),
        ngettext("%(done)d of %(number)d milestone", "%(done)d of %(number)d milestones", number)
        % {"done": done, "number": number},
        _how_far(done, number),
        url=url,
    )


def _evaluation_step(plan: Plan, *of: Q) -> Step:
    """Give the mean degree of attainment in the last closed round that rated something of it."""
    rated = (
        Rating.objects.filter(
            evaluation__plan=plan,
            evaluation__status=EvaluationStatus.CLOSED,
            state=RatingState.RATED,
        )
        .values("evaluation__title_de", "evaluation__title_en", "evaluation__closed_at")
        .annotate(share=Avg("share"), number=Count("pk"))
        .order_by("-evaluation__closed_at")
    )
    last = next((found for one in of if (found := rated.filter(one).first())), None)
    url = reverse("plans:evaluation-list", args=[plan.slug])
    if last is None:
        return Step(_("Evaluation"), _("not evaluated yet"), "open", url=url)
    title = either(
        last["evaluation__title_de"], last["evaluation__title_en"], get_language() or "de"
    )
    return Step(
        _("Evaluation"),
        _("%(share)s %% reached") % {"share": percent(Fraction(last["share"]))},
        "done",
        state=title,
        url=url,
    )


def _drawn(steps: list[Step]) -> list[Step]:
    """Let the line end in dots after the last step that is reached."""
    reached = max(place for place, step in enumerate(steps) if step.kind != "open" or not place)
    return [replace(step, is_last=place == reached) for place, step in enumerate(steps)]


# Small words and sets


def _below(places: Iterable[Placed], goals: set[int]) -> set[int]:
    places = list(places)
    return set().union(*(descendants(places, pk) for pk in goals)) if goals else set()


def _above(places: Iterable[Placed], goals: set[int]) -> set[int]:
    parents = {place.pk: place.parent_id for place in places}
    found: set[int] = set()
    for pk in goals:
        here = parents.get(pk)
        while here is not None and here not in found:
            found.add(here)
            here = parents.get(here)
    return found


def _linked(links: QuerySet[Any], name: str) -> QuerySet[Any]:
    return links.values(name)


def _how_far(done: int, number: int) -> str:
    if not done:
        return "open"
    return "done" if done == number else "half"


def _most_urgent(counted: dict[str, Any]) -> str:
    # Where ten points come first, the greatest degree is the most urgent one.
    is_upward = counted["first"] is not None and counted["first"] > counted["last"]
    best = counted["worst"] if is_upward else counted["best"]
    return _("most urgent: %(degree)s") % {"degree": degree(best)}


def _more(number: int) -> str:
    """Say how many there are beside the one that is named."""
    if number <= 1:
        return ""
    return ngettext("and %(number)d more", "and %(number)d more", number - 1) % {
        "number": number - 1
    }


def _number_of_evidence(number: int) -> str:
    return ngettext("%(number)d piece of evidence", "%(number)d pieces of evidence", number) % {
        "number": number
    }


def _joined(*words: str) -> str:
    said = [word for word in words if word]
    # Words alone stay in their language.
    return said[0] if len(said) == 1 else ", ".join(said)


def _short(text: str) -> str:
    return like(text, Truncator(text).chars(SHOWN_CHARACTERS))
