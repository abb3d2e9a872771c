"""Measures in full."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext as _

from zusammenplan.core.german import together
from zusammenplan.core.money import amount_text
from zusammenplan.core.numbers import decimal_text
from zusammenplan.plans.choices import MeasureStatus, RelationKind
from zusammenplan.reports.queries.generated.building import (
    Task,
    addressed_paragraphs,
    below,
    facts_of,
    items_of,
    lead_line,
    mark_of,
)
from zusammenplan.reports.queries.generated.indicators import indicator_text
from zusammenplan.reports.queries.generated.wording import (
    chosen_fields,
    day_text,
    field_heading,
    goal_title,
    joined,
    named,
    period_text,
    say,
    upper,
)
from zusammenplan.reports.queries.model import Heading, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zusammenplan.plans.domain.content import MeasureContent
    from zusammenplan.reports.queries.model import Block


def measures_in_full(task: Task) -> Iterator[Block]:
    content, chapter, level = task.content, task.chapter, task.level
    goals = {goal.identity: goal_title(goal) for goal in content.goals}
    needs = {need.identity: named(need.number, need.title) for need in content.needs}
    for code, name, _field in chosen_fields(content, chapter):
        measures = [one for one in content.measures if one.field == code]
        if not measures:
            continue
        if chapter.field is None:
            yield Heading(below(level), field_heading(name, code), f"mf-{mark_of(code or '')}")
        deeper = below(level, 1 if chapter.field else 2)
        for measure in measures:
            yield from _measure(measure, goals, needs, deeper)


def _measure(
    measure: MeasureContent, goals: dict[str, str], needs: dict[str, str], level: int
) -> Iterator[Block]:
    anchor = f"m-{measure.identity}"
    yield Heading(level, named(measure.number, measure.title), anchor)
    yield from addressed_paragraphs(measure.text, anchor)
    status = str(MeasureStatus(measure.status).label)
    yield from facts_of(
        (_("Status"), f"{status}: {measure.status_reason}" if measure.status_reason else status),
        (_("Period"), period_text(measure.period)),
        (_("Responsible"), measure.responsible),
        (_("Partners"), ", ".join(measure.partners)),
        (_("Priority"), _priority(measure)),
        (_("Goals"), together("; ", (goals[one] for one in measure.goals if one in goals))),
        (_("Needs"), together("; ", (needs[one] for one in measure.needs if one in needs))),
        (_("Areas"), ", ".join(measure.areas)),
        (_("Target groups"), joined(measure.target_groups)),
        (_("Life situations"), joined(measure.life_situations)),
        (_("Costs"), _cost_words(measure)),
        (_("Where the measure comes from"), measure.source),
        *(
            (
                upper(RelationKind(one.kind).label),
                f"{say(one.title)} ({say(one.plan)})" + (f": {one.note}" if one.note else ""),
            )
            for one in measure.relations
        ),
    )
    if measure.indicators:
        yield lead_line(_("How one sees that it works:"), f"{anchor}-i")
        yield items_of(
            [(say(one.text), (Span(indicator_text(one)),)) for one in measure.indicators],
            f"{anchor}-i",
        )
    if measure.milestones:
        yield lead_line(_("Milestones:"), f"{anchor}-m")
        yield items_of([_milestone(one) for one in measure.milestones], f"{anchor}-m")


def _milestone(one: Any) -> tuple[str, tuple[Span, ...]]:
    title, when = say(one.title), _due(one)
    return title, (Span(title), Span(f" ({when})" if when else ""))


def _due(milestone: Any) -> str:
    if milestone.done_on:
        return _("done on %(day)s") % {"day": day_text(milestone.done_on)}
    if not milestone.due_on:
        return ""
    due = _("due on %(day)s") % {"day": day_text(milestone.due_on)}
    if milestone.first_due_on and milestone.first_due_on != milestone.due_on:
        moved = _("first planned for %(day)s") % {"day": day_text(milestone.first_due_on)}
        due = f"{due}, {moved}"
        due = f"{due}: {milestone.moved_reason}" if milestone.moved_reason else due
    return due


def _priority(measure: MeasureContent) -> str:
    if measure.priority is None:
        return ""
    told = _("degree %(degree)s") % {"degree": decimal_text(measure.priority.degree)}
    round_ = measure.priority.round_said(get_language() or "de")
    return f"{told} ({round_})" if round_ else told


def _cost_words(measure: MeasureContent) -> str:
    if not measure.costs:
        return ""
    total = sum((one.amount for one in measure.costs), Decimal(0))
    parts = [
        " ".join(filter(None, (str(one.year or _("without a year")), one.source)))
        + f": {amount_text(one.amount)}"
        for one in measure.costs
    ]
    return f"{amount_text(total)} ({'; '.join(parts)})" if len(parts) > 1 else parts[0]
