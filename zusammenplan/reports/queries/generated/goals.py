"""Fields of action with their goals and measures as tables."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.german import like, together
from zusammenplan.core.numbers import NONE
from zusammenplan.plans.choices import GoalState
from zusammenplan.reports.queries.generated.building import (
    Task,
    addressed_paragraphs,
    below,
    mark_of,
    table_of,
)
from zusammenplan.reports.queries.generated.indicators import (
    indicator_lines,
    indicator_texts,
    lines_text,
)
from zusammenplan.reports.queries.generated.wording import (
    chosen_fields,
    field_heading,
    goal_title,
    period_text,
    say,
)
from zusammenplan.reports.queries.model import Heading, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.plans.domain.content import GoalContent, MeasureContent, PlanContent
    from zusammenplan.reports.queries.model import Block

ARROW = " \N{RIGHTWARDS ARROW} "


def goals_by_field(task: Task) -> Iterator[Block]:
    content, chapter, level, counts = task.content, task.chapter, task.level, task.counts
    for code, name, field in chosen_fields(content, chapter):
        goals = [goal for goal in content.goals if goal.field == code]
        measures = [one for one in content.measures if one.field == code]
        if field is None and not goals and not measures:
            continue
        if chapter.field is None:
            yield Heading(below(level), field_heading(name, code), f"f-{mark_of(code or '')}")
        if field:
            yield from addressed_paragraphs(field.text, f"f-{mark_of(field.code)}")
        rows = list(_goal_rows(content, goals))
        if rows:
            yield table_of(
                counts,
                _("Goals: %(field)s") % {"field": name},
                (_("Sub-goal"), _("Action goal"), _("Indicators"), _("Period")),
                rows,
                widths=(3, 4, 4, 1.8),
                anchor=f"t-{mark_of(f'goals {code}')}",
            )
        shown = {goal.identity for goal in goals}
        loose = [one for one in measures if not shown & set(one.goals)]
        if loose:
            yield table_of(
                counts,
                (_("Measures without a goal: %(field)s") if rows else _("Measures: %(field)s"))
                % {"field": name},
                (_("No."), _("Measure"), _("Indicators"), _("Period")),
                [
                    Row((one.number, say(one.title), indicator_lines(one), period_text(one.period)))
                    for one in loose
                ],
                widths=(1, 5, 4, 1.8),
                anchor=f"t-{mark_of(f'measures {code}')}",
            )


def _goal_rows(content: PlanContent, goals: Sequence[GoalContent]) -> Iterator[Row]:
    """Set the tree in four columns; what stands above the sub-goal becomes a title line."""
    known = {goal.identity: goal for goal in content.goals}
    parents = {goal.parent for goal in content.goals}
    actions = {level.depth for level in content.levels if level.is_action}
    by_goal: defaultdict[str, list[MeasureContent]] = defaultdict(list)
    for measure in content.measures:
        for identity in measure.goals:
            by_goal[identity].append(measure)
    last_title = ""
    for goal in goals:
        direct = by_goal[goal.identity]
        is_above_actions = bool(direct and actions and goal.level)
        is_row = goal.level in actions or (goal.identity not in parents and not is_above_actions)
        if not is_row and not direct:
            continue
        title, above = _above(_path(goal, known), is_row=is_row)
        if title and title != last_title:
            yield Row((title,), "title")
        last_title = title
        if is_row:
            yield _action_row(goal, above, direct)
        else:
            for one in direct:
                told = f"{_('Measure')} {one.number} {say(one.title)}"
                yield Row((above, told, indicator_lines(one), period_text(one.period) or NONE))


def _above(path: list[GoalContent], *, is_row: bool) -> tuple[str, str]:
    """Give the title line and the sub-goal of a row; a goal right below a title has none."""
    if not is_row:
        return together(ARROW, map(goal_title, path[:-1])), goal_title(path[-1])
    *higher, _own = path
    if len(higher) > 1:
        return together(ARROW, map(goal_title, higher[:-1])), goal_title(higher[-1])
    return (goal_title(higher[0]) if higher else ""), ""


def _action_row(goal: GoalContent, above: str, direct: Sequence[MeasureContent]) -> Row:
    title = told = goal_title(goal)
    if goal.state != GoalState.PURSUED:
        told = f"{told} ({GoalState(goal.state).label})"
    if direct:
        told = f"{told}\n{_measures_word(direct)}"
    lines = [line for one in direct for line in indicator_texts(one)]
    periods = (
        [period_text(goal.period)] if goal.period else [period_text(one.period) for one in direct]
    )
    when = "\n".join(dict.fromkeys(filter(None, periods)))
    return Row((above, like(title, told), lines_text(lines), when or NONE))


def _path(goal: GoalContent, known: dict[str, GoalContent]) -> list[GoalContent]:
    path = [goal]
    seen = {goal.identity}
    while (above := path[0].parent) and above in known and above not in seen:
        seen.add(above)
        path.insert(0, known[above])
    return path


def _measures_word(measures: Sequence[MeasureContent]) -> str:
    word = _("Measure") if len(measures) == 1 else _("Measures")
    return f"{word} {', '.join(one.number for one in measures)}"
