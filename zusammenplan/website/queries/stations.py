"""The stations of the red thread that several pages share."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.excerpts import short
from zusammenplan.core.german import german_alone
from zusammenplan.core.pictures import ThreadStep
from zusammenplan.plans.choices import EvidenceKind
from zusammenplan.plans.models import Goal, Need, Plan
from zusammenplan.website.queries.parts import RatingLine, goal_over
from zusammenplan.website.queries.words import measures_count


def need_steps(needs: Sequence[Need], plan: Plan) -> list[ThreadStep]:
    """Give the first need and what proves it as stations of the thread."""
    if not needs:
        return []
    first = needs[0]
    url = reverse("website:plan-need", args=[plan.slug, first.pk])
    evidence = [one for need in needs for one in need.evidence.all()]
    steps = []
    if evidence:
        proof = evidence[0]
        steps.append(
            ThreadStep(
                name=_("Evidence"),
                what=short(proof.text),
                state=german_alone(proof.source, get_language() or "de")
                or str(EvidenceKind(proof.kind).label),
                kind="done",
                url=f"{url}#belege",
            )
        )
    steps.append(
        ThreadStep(
            name=_("Need"),
            what=short(first.title),
            state=and_others(len(needs) - 1),
            kind="done",
            url=url,
        )
    )
    return steps


def goal_steps(goals: Sequence[Goal], plan: Plan) -> list[ThreadStep]:
    if not goals:
        return []
    first = goals[0]
    over, others = goal_over(first), and_others(len(goals) - 1)
    return [
        ThreadStep(
            name=_("Goal"),
            what=short(first.title),
            state=f"{over}, {others}" if others else over,
            kind="done",
            url=reverse("website:plan-goal", args=[plan.slug, first.pk]),
        )
    ]


def measure_steps(count: int) -> list[ThreadStep]:
    """Give what is done, further down on the page, as a station of the thread."""
    if not count:
        return []
    return [
        ThreadStep(name=_("Measures"), what=measures_count(count), kind="done", url="#massnahmen")
    ]


def rating_steps(ratings: Sequence[RatingLine]) -> list[ThreadStep]:
    """Give what the newest evaluation says as a station of the thread."""
    return [
        ThreadStep(
            name=_("Evaluation"),
            what=one.text,
            state=one.evaluation,
            kind="done",
            url="#auswertung",
        )
        for one in ratings[:1]
    ]


def and_others(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("and %(count)s more", "and %(count)s more", count) % {"count": count}
