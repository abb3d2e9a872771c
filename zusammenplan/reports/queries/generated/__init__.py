"""The chapters that fill themselves: fields, needs, measures, priorities, time, costs, ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.reports.queries.generated.building import Task, facts_of, paragraphs_of
from zusammenplan.reports.queries.generated.costs import cost_tables
from zusammenplan.reports.queries.generated.evaluation import evaluations
from zusammenplan.reports.queries.generated.goals import goals_by_field
from zusammenplan.reports.queries.generated.measures import measures_in_full
from zusammenplan.reports.queries.generated.needs import needs_in_full
from zusammenplan.reports.queries.generated.order import priorities, timeline
from zusammenplan.reports.queries.generated.wording import say, years_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from zusammenplan.reports.queries.model import Block

__all__ = ["CHAPTERS", "Task", "paragraphs_of", "years_of"]


def _abbreviations(task: Task) -> Iterator[Block]:
    yield from facts_of(*((one.short, say(one.long)) for one in task.content.abbreviations))


CHAPTERS: Mapping[str, Callable[[Task], Iterator[Block]]] = {
    "fields": goals_by_field,
    "needs": needs_in_full,
    "measures": measures_in_full,
    "priorities": priorities,
    "timeline": timeline,
    "costs": cost_tables,
    "evaluation": evaluations,
    "abbreviations": _abbreviations,
}
