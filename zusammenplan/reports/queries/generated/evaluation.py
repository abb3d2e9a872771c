"""What the closed evaluations found."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zusammenplan.core.numbers import NONE, decimal_text
from zusammenplan.plans.domain.attainment import Said, Scale, from_record
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.reports.queries.generated.building import Counts, Task, below, table_of
from zusammenplan.reports.queries.generated.wording import goal_title, named, say
from zusammenplan.reports.queries.model import Heading, Paragraph, Row, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zusammenplan.plans.domain.content import (
        EvaluationContent,
        MeasureContent,
        PlanContent,
        RatingContent,
    )
    from zusammenplan.reports.queries.model import Block


def evaluations(task: Task) -> Iterator[Block]:
    content, level, counts = task.content, task.level, task.counts
    for evaluation in content.evaluations:
        scale = from_record(evaluation.scale)
        anchor = f"e-{evaluation.slug}"
        yield Heading(below(level), say(evaluation.title), anchor)
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
        yield table_of(
            counts,
            _("Attainment by field of action"),
            (_("Field of action"), _("Average"), _("Rated")),
            list(_attainment_rows(content, ratings)),
            widths=(5, 1.6, 2),
            numeric=(1, 2),
            anchor=f"t-{anchor}-fields",
        )
        yield table_of(
            counts,
            _("Attainment of each measure"),
            (_("No."), _("Measure"), _("Attainment")),
            # Why somebody rated so was written for the planner, and documents go from hand to hand.
            [
                Row((one.number, say(one.title), _rating_word(ratings.get(one.identity), scale)))
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
        Row((goal_title(goal), _rating_word(goals[goal.identity], scale)))
        for goal in content.goals
        if goal.identity in goals
    ]
    if rows:
        yield table_of(
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
            named(field.code, field.name),
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


def _percent(share: Decimal) -> str:
    return f"{decimal_text(share * 100, places=0)}\N{NO-BREAK SPACE}%"
