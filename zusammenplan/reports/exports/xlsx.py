"""The result as an Excel workbook: result, marks of each group, the rule, and the votes."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from zusammenplan.core.printed_sheets import print_across
from zusammenplan.reports.queries.paper import Paper, Vote, words

Value = str | int | float | Decimal | Fraction | None
SHEET_NAME = 31  # Excel takes no longer name


def xlsx(paper: Paper, votes: Sequence[Vote] = ()) -> bytes:
    """Write the workbook; ``votes`` are for the planners' own copy of an open round only."""
    from xlsxwriter import Workbook

    file = BytesIO()
    # Texts stay texts: neither a formula nor an address is made of them.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(file, {"in_memory": True, **options})
    workbook.set_properties(
        {
            "title": f"{paper.title} – {paper.subject}"[:255],
            "subject": paper.plan[:255],
            "author": paper.office[:255],
            "category": paper.label[:255],
            "created": paper.made_at.replace(tzinfo=None),
        }
    )
    book = _Book(workbook)
    book.add(_("Result"), _result_heads(paper), [_result_row(paper, row) for row in _ranked(paper)])
    book.add(_("Marks of each group"), _mark_heads(paper), list(_mark_rows(paper)))
    book.add(_("Rule"), [(_("Item"), 28), (_("Text"), 90)], _rule_rows(paper))
    if votes:
        book.add(_("Votes"), _vote_heads(), [_vote_row(vote) for vote in votes])
    workbook.close()
    return file.getvalue()


class _Book:
    """A workbook whose sheets all look alike."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        look = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self._head = workbook.add_format(
            {**look, "bold": True, "bg_color": "#F3F4F8", "bottom": 1, "text_wrap": True}
        )
        self._text = workbook.add_format({**look, "text_wrap": True, "num_format": "@"})
        self._number = workbook.add_format({**look, "num_format": "General"})
        self._share = workbook.add_format({**look, "num_format": "0.00"})

    def add(
        self, name: str, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[Value]]
    ) -> None:
        sheet = self._workbook.add_worksheet(name[:SHEET_NAME])
        for column, (head, width) in enumerate(heads):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self._head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._write(sheet, number, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        print_across(sheet, [width for _head, width in heads], stays=2)

    def _write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value, self._text)
        elif value is not None:
            is_share = isinstance(value, float)
            sheet.write_number(row, column, float(value), self._share if is_share else self._number)


def _ranked(paper: Paper) -> list[Any]:
    """Give the rows in the order of the result; before there is one, of the ballot."""
    return list(paper.ranking) or paper.rows


def _result_heads(paper: Paper) -> list[tuple[str, float]]:
    said = words()
    return [
        (said["rank"], 8),
        (said["number"], 8),
        (_("Field of action"), 32),
        (said["measure"], 60),
        (_("Proposed during the vote"), 14),
        (said["degree"], 8),
        (_("Standing"), 24),
        (said["marks"], 8),
        (_("Agreement (from −1 to 1)"), 14),
        *([(said["difference"], 14.0)] if len(paper.groups) > 1 else []),
        (_("How it came about"), 70),
    ]


def _result_row(paper: Paper, row: Any) -> list[Value]:
    return [
        row.rank,
        row.number,
        row.field,
        row.title,
        _("yes") if row.is_additional else _("no"),
        row.degree,
        paper.label,
        row.marks,
        row.agreement,
        *([row.difference] if len(paper.groups) > 1 else []),
        row.sentence,
    ]


def _mark_heads(paper: Paper) -> list[tuple[str, float]]:
    said = words()
    return [
        (said["number"], 8),
        (said["measure"], 60),
        (said["group"], 32),
        *((_("Grade %(grade)s") % {"grade": grade}, 9) for grade in paper.grades),
        (said["marks"], 8),
        (_("Majority"), 10),
        (_("Median"), 10),
        (_("Result of the group"), 12),
    ]


def _mark_rows(paper: Paper) -> list[list[Value]]:
    return [
        [
            row.number,
            row.title,
            group.name,
            *group.counts,
            group.marks,
            group.majority,
            group.median,
            group.value,
        ]
        for row in _ranked(paper)
        for group in row.groups
    ]


def _rule_rows(paper: Paper) -> list[list[Value]]:
    said = words()
    rows: list[list[Value]] = [
        [_("Round"), paper.title],
        [_("Plan"), paper.plan],
        [_("Standing"), paper.label],
        [_("As of"), paper.made_on],
        [_("Scale"), paper.scale],
    ]
    rows += [[f"{_('Grade')} {fact.term}", fact.text] for fact in paper.grade_words]
    rows += [
        [group.name, f"{group.sign}; {group.how}; {group.when}; {group.turnout}"]
        for group in paper.groups
    ]
    rows += [[said["rule"], line] for line in paper.rule]
    rows += [[said["next"], line] for line in (paper.hidden_because, *paper.next_steps) if line]
    return rows


def _vote_heads() -> list[tuple[str, float]]:
    said = words()
    return [
        (said["group"], 32),
        (_("Name"), 28),
        (said["number"], 8),
        (said["measure"], 60),
        (said["grade"], 9),
    ]


def _vote_row(vote: Vote) -> list[Value]:
    grade: Value = _("not rated") if vote.grade is None else vote.grade
    return [vote.group, vote.voter, vote.number, vote.title, grade]
