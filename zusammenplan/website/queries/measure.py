"""The page of a measure and how its priority came about."""

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
    sentence,
    table_grades,
    table_rows,
)
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.pictures import (
    GroupMarks,
    MirrorHistogram,
    ThreadStep,
    mirror_histogram,
    thread,
)
from zusammenplan.core.templatetags.zp import status_sign
from zusammenplan.plans.models import Measure
from zusammenplan.website.queries.words import (
    Label,
    anchor_of,
    day,
    label_of,
    leading,
    mark_of,
    opening,
    sign_of,
    years,
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
    measure: Measure
    plan_url: str
    field_url: str
    goal: str
    period: str
    status: SafeString
    steps: tuple[ThreadStep, ...]
    priority: Priority | None
    changed: str


def measure_page(measure: Measure) -> MeasurePage:
    """Gather what the public may know of a measure."""
    plan_url = reverse("website:plan", args=[measure.plan.slug])
    rounds = Round.objects.public().filter(plan=measure.plan, items__measure=measure)
    round_ = leading(rounds)
    priority = _priority(round_, measure) if round_ else None
    status = str(measure.get_status_display())
    changed = measure.history.values_list("history_date", flat=True).first()
    steps = [
        ThreadStep(
            name=_("Plan"),
            what=measure.plan.title,
            state=measure.plan.get_status_display(),
            kind="done",
            url=plan_url,
        ),
        ThreadStep(
            name=_("Measure"),
            what=_("Measure %(number)s") % {"number": measure.number},
            state=_("%(status)s; you are here") % {"status": status},
            kind="now",
        ),
    ]
    if priority:
        steps.append(
            ThreadStep(
                name=_("Priority"),
                what=priority.degree,
                state=priority.label.text,
                kind="done" if priority.label.is_final else "half",
                url="#prioritaet",
            )
        )
    return MeasurePage(
        measure=measure,
        plan_url=plan_url,
        field_url=f"{plan_url}#{anchor_of(measure.field.pk)}" if measure.field else "",
        goal=opening(measure.text),
        period=measure.period_text or years(measure.starts_on, measure.ends_on),
        status=status_sign(sign_of(measure.status), status),
        steps=thread(steps),
        priority=priority,
        changed=day(changed) if changed else "",
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
        return ItemStanding(row.item, result, sentence(result, rule, groups)), rule, groups
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
