"""The needs of a plan: the list of them, and each need's own page."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.excerpts import short
from zusammenplan.core.german import german_alone, within
from zusammenplan.core.pictures import ThreadStep, thread
from zusammenplan.plans.choices import NeedState, Strength
from zusammenplan.plans.models import FieldOfAction, Goal, Need, NeedEvidence, Plan
from zusammenplan.plans.queries.citations import Citation, citations
from zusammenplan.website.queries.parts import (
    Named,
    goal_name,
)
from zusammenplan.website.queries.rows import ROWS_A_PAGE, MeasureRow, measure_page_of
from zusammenplan.website.queries.stations import and_others, goal_steps, measure_steps
from zusammenplan.website.queries.words import (
    day,
    in_language,
)


class NeedRow(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    href: SafeString
    number: str
    title: str
    strength: str
    note: str


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """The needs of one field of action."""

    code: str
    name: str
    url: str
    rows: list[NeedRow]


@dataclass(frozen=True, slots=True)
class NeedList:
    groups: list[NeedGroup]
    part: Page[int]


def need_list(plan: Plan, number: str | None) -> NeedList:
    """Give one page of the needs by field of action."""
    keys = plan.needs.in_order().values_list("pk", flat=True)
    part = Paginator(keys, ROWS_A_PAGE).get_page(number)
    groups: dict[int | None, NeedGroup] = {}
    fields = {one.pk: one for one in plan.fields.all()}
    for field, row in need_rows(plan, list(part)):
        if field not in groups:
            groups[field] = _need_group(plan, fields.get(field) if field else None)
        groups[field].rows.append(row)
    return NeedList(list(groups.values()), part)


def _need_group(plan: Plan, field: FieldOfAction | None) -> NeedGroup:
    if field is None:
        return NeedGroup("", _("Without a field of action"), "", [])
    url = reverse("website:plan-field", args=[plan.slug, field.pk])
    return NeedGroup(field.code, field.name, url, [])


def need_rows(plan: Plan, pks: list[int]) -> list[tuple[int | None, NeedRow]]:
    """Write the needs with these keys as rows, each with the key of its field."""
    stem = reverse("website:plan-need", args=[plan.slug, 0])[:-2]
    proofs = dict(
        NeedEvidence.objects.filter(need__in=pks)
        .order_by()
        .values_list("need_id")
        .annotate(Count("pk"))
    )
    goals = dict(
        Goal.needs.through.objects.filter(need__in=pks)
        .order_by()
        .values_list("need_id")
        .annotate(Count("pk"))
    )
    strengths = {value: str(label) for value, label in Strength.choices}
    states = {value: str(label) for value, label in NeedState.choices}
    rows = {}
    needs = Need.objects.filter(pk__in=pks).values_list(
        "pk", "field_id", "number", "title_de", "title_en", "strength", "state"
    )
    for pk, field, number, title, title_en, strength, state in needs:
        notes = [
            states[state] if state != NeedState.OPEN else "",
            _("evidence: %(count)s") % {"count": proofs[pk]} if pk in proofs else "",
            _("goals: %(count)s") % {"count": goals[pk]} if pk in goals else "",
        ]
        rows[pk] = (
            field,
            NeedRow(
                href=SafeString(f"{stem}{pk}/"),
                number=number,
                title=in_language(title, title_en),
                strength=_("strength: %(strength)s") % {"strength": strengths[strength]},
                note=", ".join(note for note in notes if note),
            ),
        )
    return [rows[pk] for pk in pks if pk in rows]


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    kind: str
    text: str
    source: str
    url: str
    # The value of the data that it cites, and the page that tells where it comes from.
    cited: str = ""
    cited_url: str = ""


@dataclass(frozen=True, slots=True)
class NeedPage:
    need: Need
    strength: str
    state: str
    steps: tuple[ThreadStep, ...]
    evidence: list[EvidenceLine]
    areas: list[str]
    groups: list[str]
    situations: list[str]
    goals: list[Named]
    measures: list[MeasureRow]
    part: Page[int]


def need_page(need: Need, number: str | None) -> NeedPage:
    """Gather a need: what proves it, whom it concerns, which goals and measures answer it."""
    plan = need.plan
    evidence = list(need.evidence.order_by("position", "pk"))
    cited = citations(evidence)
    goals = list(need.goals.select_related("level").in_order())
    part, measures = measure_page_of(plan, need.measures.all(), number)
    before = []
    if evidence:
        before.append(
            ThreadStep(
                name=_("Evidence"),
                what=short(evidence[0].text),
                state=german_alone(evidence[0].source, get_language() or "de")
                or and_others(len(evidence) - 1),
                kind="done",
                url="#belege",
            )
        )
    now = ThreadStep(name=_("Need"), what=short(need.title), state=_("you are here"), kind="now")
    after = [*goal_steps(goals, plan), *measure_steps(part.paginator.count)]
    return NeedPage(
        need=need,
        strength=str(need.get_strength_display()),
        state=str(need.get_state_display()),
        steps=thread([*before, now, *after]),
        evidence=[_evidence_line(one, cited.get(one.pk)) for one in evidence],
        areas=[one.name for one in need.areas.order_by("position", "name")],
        groups=[one.name for one in need.target_groups.order_by("position", "name_de")],
        situations=[one.name for one in need.life_situations.order_by("position", "name_de")],
        goals=[goal_name(one, plan) for one in goals],
        measures=measures,
        part=part,
    )


def _dated(source: str, day_: str) -> str:
    if source and day_:
        return within("%(source)s, %(day)s", source=source, day=day_)
    return source or day_


def _evidence_line(one: NeedEvidence, cited: Citation | None) -> EvidenceLine:
    dated = day(one.dated_on) if one.dated_on else ""
    return EvidenceLine(
        kind=str(one.get_kind_display()),
        text=one.text,
        source=_dated(german_alone(one.source, get_language() or "de"), dated),
        url=one.url,
        cited=cited.text if cited else "",
        cited_url=reverse("website:data-value", args=[cited.figure])
        if cited and cited.figure
        else "",
    )
