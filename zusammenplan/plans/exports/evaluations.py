"""An evaluation's ratings and results as XLSX and CSV."""

from collections.abc import Iterator, Sequence
from typing import IO

from django.utils.timezone import localtime
from django.utils.translation import gettext as _, pgettext

from zusammenplan.plans.domain.attainment import from_record
from zusammenplan.plans.exports.sheets import (
    add_sheet,
    csv_table,
    finished,
    new_workbook,
    shown_day,
)
from zusammenplan.plans.models import Evaluation
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.plans.queries.evaluations import things_of
from zusammenplan.plans.queries.results import ALL_GOALS, Line, Results, results_of


def evaluation_csv_lines(evaluation: Evaluation) -> Iterator[str]:
    """Write a round's ratings as CSV, line by line."""
    return csv_table(*_ratings_table(evaluation))


def evaluation_xlsx_file(evaluation: Evaluation) -> IO[bytes]:
    """Write a round as a workbook: ratings, by field, by goal."""
    results = results_of(evaluation, tree_length=ALL_GOALS)
    file, book = new_workbook(evaluation.title)
    for name, (heads, rows), widths in (
        (_("Ratings"), _ratings_table(evaluation), (10, 10, 60, 30, 24, 60, 40, 24, 20)),
        (_("By field"), _lines_table(results, _by_field(results)), (50, 12, 26)),
        (_("By goal"), _lines_table(results, list(results.tree)), (60, 12, 26)),
    ):
        add_sheet(book, name, heads, rows, widths)
    return finished(file, book)


def _ratings_table(evaluation: Evaluation) -> tuple[list[str], list[list[str]]]:
    scale = from_record(evaluation.scale)
    kinds = {"measure": _("Measure"), "goal": _("Goal")}
    heads = [
        _("Kind"),
        _("No."),
        _("Title"),
        _("Field of action"),
        _("Rating"),
        _("Reason"),
        pgettext("what shows it", "Evidence"),
        _("Rated by"),
        _("Rated on"),
        _("Checked"),
    ]
    rows = []
    for thing in things_of(evaluation):
        given = thing.given
        rows.append(
            [
                kinds[thing.of],
                thing.number,
                thing.title,
                thing.field_name,
                said_text(thing.said, scale),
                given.reason if given else "",
                given.evidence if given else "",
                given.author if given else "",
                shown_day(localtime(given.rated_at).date()) if given else "",
                (_("yes") if given.is_checked else _("no")) if given else "",
            ]
        )
    return heads, rows


def _lines_table(results: Results, lines: Sequence[Line]) -> tuple[list[str], list[list[str]]]:
    before = [one.title for one in (results.former, results.former_plan) if one]
    heads = [
        _("Name"),
        _("Average"),
        _("Share rated"),
        *results.columns,
        *(_("Against “%(title)s”") % {"title": title} for title in before),
    ]
    rows = [
        [
            "  " * line.depth + line.name,
            line.average,
            line.rated,
            *map(str, line.counts),
            *(one.change for one in line.against),
        ]
        for line in lines
    ]
    return heads, rows


def _by_field(results: Results) -> list[Line]:
    """Give the measures by field with their sum, then the goals; what is not rated is left out."""
    lines = [*results.fields, results.measures] if results.has_measures else []
    return [*lines, *results.goal_fields, results.goals] if results.has_goals else lines
