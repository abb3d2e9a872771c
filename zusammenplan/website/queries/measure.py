"""The page of a measure and how its priority came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.ballots import domain
from zusammenplan.ballots.models import Round, Standing
from zusammenplan.ballots.queries import (
    GroupInfo,
    ItemStanding,
    TableRow,
    agreement_text,
    as_float,
    difference_text,
    grade_words,
    group_infos,
    group_marks,
    legend_of,
    picture_text,
    result_of,
    rule_words,
    table_grades,
    table_rows,
)
from zusammenplan.core.excerpts import opening
from zusammenplan.core.german import within
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.pictures import (
    GroupMarks,
    MirrorHistogram,
    ThreadStep,
    mirror_histogram,
    thread,
)
from zusammenplan.core.templatetags.zp import status_sign
from zusammenplan.plans.domain.milestones import coming
from zusammenplan.plans.models import Goal, Measure, Milestone, Need
from zusammenplan.website.queries.parts import (
    CostYear,
    IndicatorChart,
    MilestoneLine,
    Named,
    RatingLine,
    Statement,
    cost_years,
    file_name,
    goal_name,
    indicators_of,
    measure_files,
    milestone_line,
    need_name,
    needs_with_evidence,
    ratings_of,
    relations_of,
)
from zusammenplan.website.queries.stations import goal_steps, need_steps, rating_steps
from zusammenplan.website.queries.words import (
    Label,
    day,
    label_of,
    leading,
    mark_of,
    month,
    period_of,
    progress,
    sign_of,
)


@dataclass(frozen=True, slots=True)
class Priority:
    """How the priority of a measure came about."""

    label: Label
    mark: SafeString
    head: str
    note: str
    degree: str
    sentence: str
    picture: MirrorHistogram
    picture_text: str
    legend: list[str]
    grades: tuple[int, ...]
    rows: tuple[TableRow, ...]
    agreement: str
    difference: str
    rule: str
    votes: list[str]


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """All that the public may know of a measure."""

    measure: Measure
    plan_url: str
    field_url: str
    goal: str
    period: str
    status: SafeString
    status_since: str
    steps: tuple[ThreadStep, ...]
    priority: Priority | None
    milestones: list[MilestoneLine]
    progress: SafeString
    charts: list[IndicatorChart]
    statements: list[Statement]
    goals: list[Named]
    needs: list[Named]
    partners: list[str]
    groups: list[str]
    situations: list[str]
    areas: list[str]
    costs: list[CostYear]
    relations: list[Named]
    files: list[Named]
    ratings: list[RatingLine]
    easy_url: str
    changed: str


def measure_page(measure: Measure) -> MeasurePage:
    """Gather what the public may know of a measure."""
    plan = measure.plan
    plan_url = reverse("website:plan", args=[plan.slug])
    rounds = Round.objects.public().filter(plan=plan, items__measure=measure)
    round_ = leading(rounds)
    priority = _priority(round_, measure) if round_ else None
    needs = needs_with_evidence(measure.needs.all())
    goals = list(measure.goals.select_related("level").in_order())
    milestones = list(measure.milestones.order_by("position", "pk"))
    ratings = ratings_of(measure.ratings)
    files = measure_files(measure)
    charts, statements = indicators_of(measure, files)
    changed = measure.history.values_list("history_date", flat=True).first()
    return MeasurePage(
        measure=measure,
        plan_url=plan_url,
        field_url=reverse("website:plan-field", args=[plan.slug, measure.field.pk])
        if measure.field
        else "",
        goal=opening(measure.text),
        period=period_of(measure.period_text, measure.starts_on, measure.ends_on),
        status=status_sign(sign_of(measure.status), str(measure.get_status_display())),
        status_since=day(measure.status_on) if measure.status_on else "",
        steps=_steps(measure, needs, goals, priority, milestones, ratings, charts or statements),
        priority=priority,
        milestones=[milestone_line(one) for one in milestones],
        progress=progress(sum(one.done_on is not None for one in milestones), len(milestones)),
        charts=charts,
        statements=statements,
        goals=[goal_name(one, plan) for one in goals],
        needs=[need_name(one, plan) for one in needs],
        partners=sorted(measure.partners.values_list("name", flat=True)),
        groups=[one.name for one in measure.target_groups.order_by("position", "name_de")],
        situations=[one.name for one in measure.life_situations.order_by("position", "name_de")],
        areas=[one.name for one in measure.areas.order_by("position", "name")],
        costs=cost_years(measure.costs.order_by("year", "source", "pk")),
        relations=relations_of(measure),
        files=[file_name(one, measure) for one in files if one.content_type.model == "measure"],
        ratings=ratings,
        easy_url=reverse("website:measure-easy", args=[plan.slug, measure.pk])
        if measure.text_easy or measure.title_easy
        else "",
        changed=day(changed) if changed else "",
    )


def _steps(
    measure: Measure,
    needs: Sequence[Need],
    goals: Sequence[Goal],
    priority: Priority | None,
    milestones: Sequence[Milestone],
    ratings: Sequence[RatingLine],
    indicators: Sequence[object],
) -> tuple[ThreadStep, ...]:
    """Tell where the measure comes from and what becomes of it; what is not known is left out."""
    plan = measure.plan
    status = str(measure.get_status_display())
    now = ThreadStep(
        name=_("Measure"),
        what=_("Measure %(number)s") % {"number": measure.number},
        state=_("%(status)s; you are here") % {"status": status},
        kind="now",
    )
    before = [*need_steps(needs, plan), *goal_steps(goals, plan)] or [
        ThreadStep(
            name=_("Plan"),
            what=plan.title,
            state=plan.get_status_display(),
            kind="done",
            url=reverse("website:plan", args=[plan.slug]),
        )
    ]
    after = []
    if priority:
        after.append(
            ThreadStep(
                name=_("Priority"),
                what=priority.degree,
                state=priority.label.text,
                kind="done" if priority.label.is_final else "half",
                url="#prioritaet",
            )
        )
    if milestones:
        after.append(_result_step(milestones))
    after += rating_steps(ratings)
    if not ratings and (milestones or indicators):
        after.append(ThreadStep(name=_("Evaluation"), what=_("Goal attained?"), kind="open"))
    return thread([*before, now, *after])


def _result_step(milestones: Sequence[Milestone]) -> ThreadStep:
    done = sum(one.done_on is not None for one in milestones)
    next_one = coming(milestones)
    state = ""
    if next_one:
        state = within(_("next: %(milestone)s"), milestone=next_one.title)
        if next_one.due_on:
            state = SafeString(f"{state}, {month(next_one.due_on)}")
    return ThreadStep(
        name=_("Result"),
        what=ngettext(
            "%(done)s of %(total)s milestone", "%(done)s of %(total)s milestones", len(milestones)
        )
        % {"done": done, "total": len(milestones)},
        state=state,
        kind="open" if not done else "half" if next_one else "done",
        url="#meilensteine",
    )


def grade_word(round_: Round, degree: Decimal | None) -> str:
    """Give the round's own word for a whole degree, such as "implement first"."""
    words = grade_words(round_, (get_language() or "de")[:2])
    if degree is None or degree != int(degree):
        return ""
    return words.get(int(degree), "")


def _priority(round_: Round, measure: Measure) -> Priority | None:
    found = _standing_of(round_, measure)
    if found is None:
        return None
    standing, rule, groups = found
    result = standing.result
    ends = {"first": rule.scale.most_urgent, "last": rule.scale.least_urgent}
    rated = result.degree is not None
    degree = decimal_text(result.degree) if rated else _("not rated")
    word = grade_word(round_, result.degree)
    marks = group_marks(standing, groups)
    grades = table_grades(rule)
    return Priority(
        label=label_of(round_),
        mark=mark_of(round_, result.degree, "large"),
        head=(word[:1].upper() + word[1:])
        or (_("Priority %(degree)s") % {"degree": degree} if rated else _("Not rated yet")),
        note=_("Degree %(degree)s on the scale from %(first)s to %(last)s.")
        % {"degree": degree, **ends}
        if rated
        else _("No degree on the scale from %(first)s to %(last)s.") % ends,
        degree=f"{degree}, {word}"
        if word
        else _("Degree %(degree)s") % {"degree": degree}
        if rated
        else degree,
        sentence=standing.sentence,
        picture=mirror_histogram(rule.scale.grades, marks, as_float(result.degree)),
        picture_text=picture_text(marks),
        legend=legend_of(groups),
        grades=grades,
        rows=table_rows(result, groups, grades),
        agreement=agreement_text(result.agreement, long=True),
        difference=difference_text(result, groups),
        rule=rule_words(rule),
        votes=[_vote(group, told) for group, told in zip(groups, marks, strict=True)],
    )


def _standing_of(
    round_: Round, measure: Measure
) -> tuple[ItemStanding, domain.Rule, list[GroupInfo]] | None:
    """Find one measure's place; of a released round only its own row is read."""
    if round_.is_released:
        row = (
            Standing.objects.filter(round=round_, item__measure=measure)
            .select_related("item")
            .first()
        )
        if row is None:
            return None
        groups = group_infos(round_)
        rule, result = domain.rule_from_record(row.rule), domain.from_record(row.result)
        return ItemStanding(row.item, result, rule, groups), rule, groups
    told = result_of(round_)
    for standing in told.items:
        if standing.item.measure_id == measure.pk:
            return standing, told.rule, told.groups
    return None


def _vote(group: GroupInfo, told: GroupMarks) -> str:
    marks = ngettext("%(count)s mark", "%(count)s marks", told.count) % {"count": told.count}
    if told.majority_only:
        marks = _("only the majority")
    if group.closed_at is None:
        return _("%(group)s (%(marks)s)") % {"group": group.name, "marks": marks}
    return _("%(group)s on %(day)s (%(marks)s)") % {
        "group": group.name,
        "day": day(group.closed_at),
        "marks": marks,
    }
