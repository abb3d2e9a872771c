"""The result as CSV, as a German Excel opens it: semicolons, decimal commas, UTF-8 with mark."""

import csv
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from django.utils.translation import gettext as _

from zusammenplan.ballots.queries import agreement_number
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.spreadsheets import harmless
from zusammenplan.reports.queries.paper import Paper, PaperRow, words

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def csv_table(paper: Paper) -> bytes:
    """Write one line a measure, with the marks of each group by grade."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(harmless(head) for head in _heads(paper))
    for row in paper.ranking or paper.rows:
        writer.writerow(_line(paper, row))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _heads(paper: Paper) -> list[str]:
    said = words()
    heads = [
        said["rank"],
        said["number"],
        _("Field of action"),
        said["measure"],
        _("Proposed during the vote"),
        said["degree"],
        _("Standing"),
        said["marks"],
        _("Agreement (from −1 to 1)"),
        *([said["difference"]] if len(paper.groups) > 1 else []),
        _("How it came about"),
    ]
    for group in paper.groups:
        grades = [_("Grade %(grade)s") % {"grade": grade} for grade in paper.grades]
        columns = [*grades, _("Majority"), _("Median"), _("Result of the group")]
        heads += [f"{group.name}: {column}" for column in columns]
    return heads


def _line(paper: Paper, row: PaperRow) -> list[str]:
    line = [
        _number(row.rank),
        harmless(row.number),
        harmless(row.field),
        harmless(row.title),
        _("yes") if row.is_additional else _("no"),
        _number(row.degree),
        harmless(paper.label),
        str(row.marks),
        "" if row.agreement is None else agreement_number(row.agreement).replace("−", "-"),
        *([_number(row.difference)] if len(paper.groups) > 1 else []),
        harmless(row.sentence),
    ]
    for group in row.groups:
        line += [str(count) for count in group.counts]
        line += [_number(group.majority), _number(group.median), _number(group.value)]
    return line


def _number(value: int | Decimal | Fraction | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else decimal_text(value)
