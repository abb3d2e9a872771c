"""The chapters that fill themselves: fields, needs, measures, priorities, time, costs, ratings."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.german import is_german, like
from zusammenplan.core.money import amount_text, number_text
from zusammenplan.core.numbers import NONE, decimal_text
from zusammenplan.plans.choices import (
    EvidenceKind,
    GoalState,
    MeasureStatus,
    NeedState,
    RelationKind,
    Strength,
)
from zusammenplan.plans.domain.attainment import Said, Scale, from_record
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.plans.queries.citations import evidence_words
from zusammenplan.plans.queries.plans import period_label
from zusammenplan.reports.queries.model import (
    Fact,
    Facts,
    Figure,
    Heading,
    Item,
    Items,
    Paragraph,
    Row,
    Span,
    Table,
)
from zusammenplan.reports.queries.timeline import Bar, timeline_svg

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.plans.domain.content import (
        ChapterContent,
        EvaluationContent,
        FieldContent,
        GoalContent,
        IndicatorContent,
        MeasureContent,
        NeedContent,
        PlanContent,
        RatingContent,
        Span as Period,
        Words,
    )
    from zusammenplan.reports.queries.model import Block

BARS_A_FIGURE = 32
ARROW = " \N{RIGHTWARDS ARROW} "
MOST_YEARS = 6
DEEPEST_HEADING = 6


class Counts(Protocol):
    """Numbers figures and tables."""

    def figure(self) -> tuple[int, str]: ...
    def table(self) -> tuple[int, str]: ...


@dataclass(frozen=True, slots=True)
class Task:
    """Which chapter of which plan is made, on which level, and what counts its figures."""

    content: PlanContent
    chapter: ChapterContent
    level: int
    counts: Counts


Make = Callable[[Task], "Iterator[Block]"]


# --- fields with their goal tables -------------------------------------------------------


def _fields(task: Task) -> Iterator[Block]:
    content, chapter, level, counts = task.content, task.chapter, task.level, task.counts
    for code, name, field in _chosen_fields(content, chapter):
        goals = [goal for goal in content.goals if goal.field == code]
        measures = [one for one in content.measures if one.field == code]
        if field is None and not goals and not measures:
            continue
        if chapter.field is None:
            yield Heading(_deeper(level), _field_heading(name, code), f"f-{_mark(code or '')}")
        if field:
            yield from _paragraphs(field.text, f"f-{_mark(field.code)}")
        rows = list(_goal_rows(content, goals))
        if rows:
            yield _table(
                counts,
                _("Goals: %(field)s") % {"field": name},
                (_("Sub-goal"), _("Action goal"), _("Indicators"), _("Period")),
                rows,
                widths=(3, 4, 4, 1.8),
                anchor=f"t-{_mark(f'goals {code}')}",
            )
        shown = {goal.identity for goal in goals}
        loose = [one for one in measures if not shown & set(one.goals)]
        if loose:
            yield _table(
                counts,
                (_("Measures without a goal: %(field)s") if rows else _("Measures: %(field)s"))
                % {"field": name},
                (_("No."), _("Measure"), _("Indicators"), _("Period")),
                [
                    Row((one.number, _say(one.title), _indicator_lines(one), _period(one.period)))
                    for one in loose
                ],
                widths=(1, 5, 4, 1.8),
                anchor=f"t-{_mark(f'measures {code}')}",
            )


def _field_heading(name: str, code: str | None) -> str:
    """Say that the number is a field's, which looks like a chapter's."""
    return name if code is None else like(name, _("Field of action %(field)s") % {"field": name})


def _chosen_fields(
    content: PlanContent, chapter: ChapterContent
) -> Iterator[tuple[str | None, str, FieldContent | None]]:
    for field in content.fields:
        if chapter.field in {None, field.code}:
            yield field.code, _named(field.code, field.name), field
    if chapter.field is None:
        yield None, _("Without a field of action"), None


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
        is_row = goal.level in actions or goal.identity not in parents
        direct = by_goal[goal.identity]
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
                told = f"{_('Measure')} {one.number} {_say(one.title)}"
                yield Row((above, told, _indicator_lines(one), _period(one.period) or NONE))


def _above(path: list[GoalContent], *, is_row: bool) -> tuple[str, str]:
    """Give the title line and the sub-goal of a row; a goal right below a title has none."""
    if not is_row:
        return _together(ARROW, map(_goal_title, path[:-1])), _goal_title(path[-1])
    *higher, _own = path
    if len(higher) > 1:
        return _together(ARROW, map(_goal_title, higher[:-1])), _goal_title(higher[-1])
    return (_goal_title(higher[0]) if higher else ""), ""


def _action_row(goal: GoalContent, above: str, direct: Sequence[MeasureContent]) -> Row:
    title = told = _goal_title(goal)
    if goal.state != GoalState.PURSUED:
        told = f"{told} ({GoalState(goal.state).label})"
    if direct:
        told = f"{told}\n{_measures_word(direct)}"
    lines = [line for one in direct for line in _indicators(one)]
    periods = [_period(goal.period)] if goal.period else [_period(one.period) for one in direct]
    when = "\n".join(dict.fromkeys(filter(None, periods)))
    return Row((above, like(title, told), _lines(lines), when or NONE))


def _path(goal: GoalContent, known: dict[str, GoalContent]) -> list[GoalContent]:
    path = [goal]
    seen = {goal.identity}
    while (above := path[0].parent) and above in known and above not in seen:
        seen.add(above)
        path.insert(0, known[above])
    return path


def _goal_title(goal: GoalContent) -> str:
    return _named(goal.number, goal.title)


def _measures_word(measures: Sequence[MeasureContent]) -> str:
    word = _("Measure") if len(measures) == 1 else _("Measures")
    return f"{word} {', '.join(one.number for one in measures)}"


# --- needs -------------------------------------------------------------------------------


def _needs(task: Task) -> Iterator[Block]:
    content, chapter, level = task.content, task.chapter, task.level
    goals: defaultdict[str, list[str]] = defaultdict(list)
    for goal in content.goals:
        for identity in goal.needs:
            goals[identity].append(_goal_title(goal))
    for code, name, _field in _chosen_fields(content, chapter):
        needs = [need for need in content.needs if need.field == code]
        if not needs:
            continue
        if chapter.field is None:
            yield Heading(_deeper(level), _field_heading(name, code), f"nf-{_mark(code or '')}")
        deeper = _deeper(level, 1 if chapter.field else 2)
        for need in needs:
            yield from _need(need, goals[need.identity], deeper)


def _need(need: NeedContent, goals: Sequence[str], level: int) -> Iterator[Block]:
    anchor = f"n-{need.identity}"
    yield Heading(level, _named(need.number, need.title), anchor)
    yield from _paragraphs(need.text, anchor)
    state = NeedState(need.state).label if need.state != NeedState.OPEN else ""
    yield from _facts(
        (_("Strength"), Strength(need.strength).label if need.strength else ""),
        (_("State"), f"{state}: {need.state_reason}" if need.state_reason else state),
        (_("Areas"), ", ".join(need.areas)),
        (_("Target groups"), _joined(need.target_groups)),
        (_("Life situations"), _joined(need.life_situations)),
        (_("Goals"), _together("; ", goals)),
    )
    if need.evidence:
        lines: list[tuple[str, tuple[Span, ...]]] = []
        for one in need.evidence:
            origin = ", ".join(
                filter(None, (one.source, _day(one.dated_on) if one.dated_on else ""))
            )
            told = f"{_upper(EvidenceKind(one.kind).label)}: {evidence_words(one)}"
            spans = [Span(f"{told} ({origin})" if origin else told)]
            if one.url:
                spans += [Span(" "), Span(one.url, href=one.url)]
            lines.append((evidence_words(one), tuple(spans)))
        yield _lead(_("What shows the need:"), f"{anchor}-e")
        yield _items(lines, f"{anchor}-e")


# --- measures in full --------------------------------------------------------------------


def _measures(task: Task) -> Iterator[Block]:
    content, chapter, level = task.content, task.chapter, task.level
    goals = {goal.identity: _goal_title(goal) for goal in content.goals}
    needs = {need.identity: _named(need.number, need.title) for need in content.needs}
    for code, name, _field in _chosen_fields(content, chapter):
        measures = [one for one in content.measures if one.field == code]
        if not measures:
            continue
        if chapter.field is None:
            yield Heading(_deeper(level), _field_heading(name, code), f"mf-{_mark(code or '')}")
        deeper = _deeper(level, 1 if chapter.field else 2)
        for measure in measures:
            yield from _measure(measure, goals, needs, deeper)


def _measure(
    measure: MeasureContent, goals: dict[str, str], needs: dict[str, str], level: int
) -> Iterator[Block]:
    anchor = f"m-{measure.identity}"
    yield Heading(level, _named(measure.number, measure.title), anchor)
    yield from _paragraphs(measure.text, anchor)
    status = str(MeasureStatus(measure.status).label)
    yield from _facts(
        (_("Status"), f"{status}: {measure.status_reason}" if measure.status_reason else status),
        (_("Period"), _period(measure.period)),
        (_("Responsible"), measure.responsible),
        (_("Partners"), ", ".join(measure.partners)),
        (_("Priority"), _priority(measure)),
        (_("Goals"), _together("; ", (goals[one] for one in measure.goals if one in goals))),
        (_("Needs"), _together("; ", (needs[one] for one in measure.needs if one in needs))),
        (_("Areas"), ", ".join(measure.areas)),
        (_("Target groups"), _joined(measure.target_groups)),
        (_("Life situations"), _joined(measure.life_situations)),
        (_("Costs"), _cost_words(measure)),
        (_("Where the measure comes from"), measure.source),
        *(
            (
                _upper(RelationKind(one.kind).label),
                f"{_say(one.title)} ({_say(one.plan)})" + (f": {one.note}" if one.note else ""),
            )
            for one in measure.relations
        ),
    )
    if measure.indicators:
        yield _lead(_("How one sees that it works:"), f"{anchor}-i")
        yield _items(
            [(_say(one.text), (Span(_indicator(one)),)) for one in measure.indicators],
            f"{anchor}-i",
        )
    if measure.milestones:
        yield _lead(_("Milestones:"), f"{anchor}-m")
        yield _items([_milestone(one) for one in measure.milestones], f"{anchor}-m")


def _milestone(one: Any) -> tuple[str, tuple[Span, ...]]:
    title, when = _say(one.title), _due(one)
    return title, (Span(title), Span(f" ({when})" if when else ""))


def _due(milestone: Any) -> str:
    if milestone.done_on:
        return _("done on %(day)s") % {"day": _day(milestone.done_on)}
    if not milestone.due_on:
        return ""
    due = _("due on %(day)s") % {"day": _day(milestone.due_on)}
    if milestone.first_due_on and milestone.first_due_on != milestone.due_on:
        moved = _("first planned for %(day)s") % {"day": _day(milestone.first_due_on)}
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


def _indicators(measure: MeasureContent) -> list[str]:
    return [_indicator(one) for one in measure.indicators]


def _indicator(one: IndicatorContent) -> str:
    text = told = _say(one.text)
    if one.kind == "numeric":
        parts = [part for part in (_way(one), _last_value(one)) if part]
        told = f"{text}: {', '.join(parts)}" if parts else text
    elif one.reached_on:
        told = f"{text} ({_('reached on %(day)s') % {'day': _day(one.reached_on)}})"
    return like(text, told)


def _way(one: IndicatorContent) -> str:
    """Tell from where to where an indicator goes, its unit once: from 0 to 100 trips by 2030."""
    before, after = (
        None if value is None else number_text(value) for value in (one.baseline, one.target)
    )
    if after is None:
        way = "" if before is None else _("from %(value)s") % {"value": before}
    elif before is None:
        way = _("to %(value)s") % {"value": after}
    else:
        way = _("from %(before)s to %(after)s") % {"before": before, "after": after}
    if way and (unit := one.unit_said(get_language() or "de")):
        way = f"{way} {unit}"
    if after is not None and one.target_on:
        way = f"{way} {_('by %(day)s') % {'day': _day(one.target_on)}}"
    return way


def _last_value(one: IndicatorContent) -> str:
    if not one.values:
        return ""
    last = one.values[-1]
    return _("last %(value)s on %(day)s") % {
        "value": number_text(last.value),
        "day": _day(last.on),
    }


def _indicator_lines(measure: MeasureContent) -> str:
    return _lines(_indicators(measure))


def _lines(lines: Sequence[str]) -> str:
    if len(lines) > 1:
        lines = [like(line, f"– {line}") for line in lines]
    return _together("\n", lines) or NONE


# --- priorities --------------------------------------------------------------------------


def _priorities(task: Task) -> Iterator[Block]:
    content, counts = task.content, task.counts
    rated = [one for one in content.measures if one.priority]
    if not rated:
        return
    open_ones = [one for one in content.measures if not one.priority]
    language = get_language() or "de"
    said = {one.priority.round_said(language) for one in rated if one.priority}
    rounds = sorted(said - {""})
    if rounds:
        yield Paragraph(
            (Span(_("The degrees come from: %(rounds)s.") % {"rounds": "; ".join(rounds)}),)
        )

    def degree(measure: MeasureContent) -> Decimal:
        mark = measure.priority
        if mark is None:
            return Decimal(0)
        return mark.degree if mark.first <= mark.last else -mark.degree

    rows = []
    place = 0
    for _degree, group in groupby(sorted(rated, key=degree), key=degree):
        same = list(group)
        rows += [
            Row((str(place + 1), one.number, _say(one.title), decimal_text(one.priority.degree)))
            for one in same
            if one.priority
        ]
        place += len(same)
    rows += [Row((NONE, one.number, _say(one.title), _("not rated"))) for one in open_ones]
    yield _table(
        counts,
        _("Measures in the order of their priority"),
        (_("Rank"), _("No."), _("Measure"), _("Degree")),
        rows,
        widths=(1, 1, 7, 1.6),
        numeric=(3,),
        anchor="t-priorities",
    )


# --- timeline ----------------------------------------------------------------------------


def _timeline(task: Task) -> Iterator[Block]:
    content, counts = task.content, task.counts
    timed = [one for one in content.measures if one.period]
    drawn = [one for one in timed if one.period.starts_on or one.period.ends_on]
    days = [day for one in drawn for day in (one.period.starts_on, one.period.ends_on) if day]
    days += [day for day in (content.starts_on, content.ends_on) if day]
    if drawn:
        first, last = min(days).year, max(days).year
        for part, start in enumerate(range(0, len(drawn), BARS_A_FIGURE)):
            some = drawn[start : start + BARS_A_FIGURE]
            number, label = counts.figure()
            bars = [
                Bar(
                    f"{one.number} {Truncator(_say(one.title)).chars(44)}".strip(),
                    one.period.starts_on,
                    one.period.ends_on,
                )
                for one in some
            ]
            yield Figure(
                number,
                label,
                _("Timeline of measures %(first)s to %(last)s")
                % {"first": some[0].number, "last": some[-1].number},
                _(
                    "Bars show when each of %(number)d measures runs between %(first)d and "
                    "%(last)d. The same stands in the table below."
                )
                % {"number": len(some), "first": first, "last": last},
                svg=timeline_svg(bars, first, last),
                anchor=f"b-timeline-{part + 1}",
            )
    if timed:
        yield _table(
            counts,
            _("When the measures run"),
            (_("No."), _("Measure"), _("Period"), _("Status")),
            [
                Row(
                    (
                        one.number,
                        _say(one.title),
                        _period(one.period),
                        str(MeasureStatus(one.status).label),
                    )
                )
                for one in timed
            ],
            widths=(1, 6, 2.4, 2),
            anchor="t-timeline",
        )


# --- costs -------------------------------------------------------------------------------


def _costs(task: Task) -> Iterator[Block]:
    content, counts = task.content, task.counts
    costs = [cost for one in content.measures for cost in one.costs]
    if not costs:
        return
    sums: defaultdict[tuple[str, int | None], Decimal] = defaultdict(Decimal)
    for cost in costs:
        sums[cost.source, cost.year] += cost.amount
    sources = sorted({cost.source for cost in costs}, key=lambda name: (not name, name))
    years = sorted({cost.year for cost in costs}, key=lambda year: (year is None, year or 0))
    without = sum(1 for one in content.measures if not one.costs)
    if without:
        yield Paragraph(
            (
                Span(
                    ngettext(
                        "%(number)d measure has no costs entered; it is not in the sums.",
                        "%(number)d measures have no costs entered; they are not in the sums.",
                        without,
                    )
                    % {"number": without}
                ),
            )
        )
    for start in range(0, len(years), MOST_YEARS):
        some = years[start : start + MOST_YEARS]
        is_last = start + MOST_YEARS >= len(years)
        columns: list[Callable[[str | None], Decimal]] = [_year_sum(sums, year) for year in some]
        head = [_("Source of the money"), *(str(year or _("without a year")) for year in some)]
        if is_last:
            head.append(_("Sum"))
            columns.append(_year_sum(sums, ...))
        rows = [
            Row((source or _("not named"), *(_amount(column(source)) for column in columns)))
            for source in sources
        ]
        rows.append(Row((_("Sum"), *(_amount(column(None)) for column in columns)), "sum"))
        yield _table(
            counts,
            _("Costs by year and source in euros"),
            tuple(head),
            rows,
            widths=(3, *([1.7] * len(columns))),
            numeric=tuple(range(1, len(columns) + 1)),
            anchor=f"t-costs-{start // MOST_YEARS + 1}",
        )
    fields = [(field.code, _named(field.code, field.name)) for field in content.fields]
    rows = []
    for code, name in [*fields, (None, _("Without a field of action"))]:
        amount = sum(
            (cost.amount for one in content.measures if one.field == code for cost in one.costs),
            Decimal(0),
        )
        if amount:
            rows.append(Row((name, _amount(amount))))
    total = sum((cost.amount for cost in costs), Decimal(0))
    yield _table(
        counts,
        _("Costs by field of action in euros"),
        (_("Field of action"), _("Sum")),
        [*rows, Row((_("Sum"), _amount(total)), "sum")],
        widths=(5, 1.7),
        numeric=(1,),
        anchor="t-costs-fields",
    )


def _year_sum(
    sums: dict[tuple[str, int | None], Decimal],
    year: Any,
) -> Callable[[str | None], Decimal]:
    def amount(source: str | None) -> Decimal:
        return sum(
            (
                value
                for (from_, in_), value in sums.items()
                if (source is None or from_ == source) and (year is ... or in_ == year)
            ),
            Decimal(0),
        )

    return amount


# --- evaluation --------------------------------------------------------------------------


def _evaluation(task: Task) -> Iterator[Block]:
    content, level, counts = task.content, task.level, task.counts
    for evaluation in content.evaluations:
        scale = from_record(evaluation.scale)
        anchor = f"e-{evaluation.slug}"
        yield Heading(_deeper(level), _say(evaluation.title), anchor)
        ratings = {one.identity: one for one in evaluation.ratings if one.of == "measure"}
        yield Paragraph(
            (
                Span(
                    _("Closed on %(day)s. %(share)s")
                    % {
                        "day": date_format(localtime(evaluation.closed_at), "DATE_FORMAT"),
                        "share": _share_sentence(content.measures, ratings),
                    }
                ),
            )
        )
        yield _table(
            counts,
            _("Attainment by field of action"),
            (_("Field of action"), _("Average"), _("Rated")),
            list(_attainment_rows(content, ratings)),
            widths=(5, 1.6, 2),
            numeric=(1, 2),
            anchor=f"t-{anchor}-fields",
        )
        yield _table(
            counts,
            _("Attainment of each measure"),
            (_("No."), _("Measure"), _("Attainment")),
            # Why somebody rated so was written for the planner, and documents go from hand to hand.
            [
                Row((one.number, _say(one.title), _rating_word(ratings.get(one.identity), scale)))
                for one in content.measures
            ],
            widths=(1, 7, 2.8),
            anchor=f"t-{anchor}-measures",
        )
        yield from _rated_goals(content, evaluation, counts, anchor)


def _rated_goals(
    content: PlanContent, evaluation: EvaluationContent, counts: Counts, anchor: str
) -> Iterator[Block]:
    goals = {one.identity: one for one in evaluation.ratings if one.of == "goal"}
    scale = from_record(evaluation.scale)
    rows = [
        Row((_goal_title(goal), _rating_word(goals[goal.identity], scale)))
        for goal in content.goals
        if goal.identity in goals
    ]
    if rows:
        yield _table(
            counts,
            _("Attainment of the action goals"),
            (_("Goal"), _("Attainment")),
            rows,
            widths=(8, 2.8),
            anchor=f"t-{anchor}-goals",
        )


def _attainment_rows(content: PlanContent, ratings: dict[str, RatingContent]) -> Iterator[Row]:
    groups: list[tuple[str, list[MeasureContent]]] = [
        (
            _named(field.code, field.name),
            [one for one in content.measures if one.field == field.code],
        )
        for field in content.fields
    ]
    loose = [one for one in content.measures if one.field is None]
    if loose:
        groups.append((_("Without a field of action"), loose))
    for name, measures in groups:
        if measures:
            yield Row((name, *_average(measures, ratings)))
    yield Row((_("Whole plan"), *_average(content.measures, ratings)), "sum")


def _average(
    measures: Sequence[MeasureContent], ratings: dict[str, RatingContent]
) -> tuple[str, str]:
    shares = _shares(measures, ratings)
    average = _percent(sum(shares, Decimal(0)) / len(shares)) if shares else NONE
    return average, _("%(rated)d of %(all)d") % {"rated": len(shares), "all": len(measures)}


def _shares(measures: Iterable[MeasureContent], ratings: dict[str, RatingContent]) -> list[Decimal]:
    found = (ratings.get(one.identity) for one in measures)
    return [one.share for one in found if one and one.share is not None]


def _share_sentence(measures: Sequence[MeasureContent], ratings: dict[str, RatingContent]) -> str:
    average, rated = _average(measures, ratings)
    if average == NONE:
        return _("No measure is rated.")
    return _("On average the measures attained %(average)s; rated are %(rated)s.") % {
        "average": average,
        "rated": rated,
    }


def _rating_word(rating: RatingContent | None, scale: Scale) -> str:
    """Say a rating in the words of the evaluation's scale."""
    if rating is None:
        return _("not rated")
    share = None if rating.share is None else scale.exact(rating.share)
    return said_text(Said(rating.state, share), scale)


# --- abbreviations -----------------------------------------------------------------------


def _abbreviations(task: Task) -> Iterator[Block]:
    content = task.content
    yield from _facts(*((one.short, _say(one.long)) for one in content.abbreviations))


CHAPTERS: dict[str, Make] = {
    "fields": _fields,
    "needs": _needs,
    "measures": _measures,
    "priorities": _priorities,
    "timeline": _timeline,
    "costs": _costs,
    "evaluation": _evaluation,
    "abbreviations": _abbreviations,
}


# --- small things ------------------------------------------------------------------------


def years_of(content: PlanContent) -> str:
    """Give the years of the plan."""
    begin, end = content.starts_on, content.ends_on
    if begin and end:
        return str(begin.year) if begin.year == end.year else f"{begin.year}–{end.year}"
    if begin:
        return _("from %(year)s") % {"year": begin.year}
    return _("until %(year)s") % {"year": end.year} if end else ""


def paragraphs_of(text: str) -> list[str]:
    """Divide a plain text into its paragraphs."""
    parts = text.replace("\r", "").split("\n")
    return [like(text, " ".join(part.split())) for part in parts if part.strip()]


def _paragraphs(text: Words, anchor: str) -> Iterator[Block]:
    """Give each paragraph an address made from its own words: it can never mean another one."""
    seen: set[str] = set()
    for part in paragraphs_of(_say(text)):
        mark = _mark(part)
        yield Paragraph((Span(part),), "" if mark in seen else f"{anchor}-{mark}")
        seen.add(mark)


def _items(lines: Iterable[tuple[str, tuple[Span, ...]]], anchor: str) -> Items:
    """
    Give each line of a list an address made from the words that name it.

    What else it tells may change. The same words once more are counted: they name the same.
    """
    seen: Counter[str] = Counter()
    items = []
    for words, spans in lines:
        place = f"{anchor}-{_mark(words)}"
        seen[place] += 1
        items.append(Item(spans, anchor=f"{place}-{seen[place]}" if seen[place] > 1 else place))
    return Items(tuple(items))


def _lead(words: str, anchor: str) -> Paragraph:
    """Give the line above a list; its address is the one of the list."""
    return Paragraph((Span(words, bold=True),), anchor)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _table(
    counts: Counts,
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[Row],
    *,
    widths: tuple[float, ...],
    anchor: str,
    numeric: tuple[int, ...] = (),
) -> Table:
    number, label = counts.table()
    return Table(number, label, caption, head, tuple(rows), widths, numeric, anchor=anchor)


def _facts(*facts: tuple[object, object]) -> Iterator[Facts]:
    kept = tuple(Fact(str(term), str(text)) for term, text in facts if text)
    if kept:
        yield Facts(kept)


def _deeper(level: int, by: int = 1) -> int:
    return min(level + by, DEEPEST_HEADING)


def _say(words: Words) -> str:
    return words.say(get_language() or "de")


def _named(number: str, words: Words) -> str:
    """Put a record's number before its name."""
    name = _say(words)
    return like(name, f"{number} {name}".strip())


def _joined(terms: Iterable[Words]) -> str:
    return _together(", ", map(_say, terms))


def _together(sign: str, texts: Iterable[str]) -> str:
    """Join texts; they are German together if each of them is."""
    said = list(texts)
    return like(said[0], sign.join(said)) if all(map(is_german, said)) and said else sign.join(said)


def _upper(text: object) -> str:
    told = str(text)
    return told[:1].upper() + told[1:]


def _period(period: Period) -> str:
    return period_label(period.text, period.starts_on, period.ends_on)


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _percent(share: Decimal) -> str:
    return f"{decimal_text(share * 100, places=0)}\N{NO-BREAK SPACE}%"


def _amount(value: Decimal) -> str:
    return number_format(value, 2, use_l10n=True, force_grouping=True) if value else NONE
