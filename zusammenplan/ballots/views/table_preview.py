"""What the page that checks a table shows: choices, sums, and each row of the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.actions import Outlook
from zusammenplan.ballots.forms.table_files import FoundTable
from zusammenplan.ballots.forms.tables import (
    IGNORED,
    JOIN,
    LEAVE,
    MEANINGS,
    ROWS_AS,
    TAKE,
    Choices,
    indicator_name,
    offered,
    status_name,
)
from zusammenplan.core.uploads import Upload
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.plan_table import (
    ColumnMeaning,
    Hint,
    PlanGoal,
    PlanMeasure,
    PlanTable,
)
from zusammenplan.plans.domain.rows import Comparison, counts
from zusammenplan.plans.queries.plans import period_label
from zusammenplan.plans.queries.table_words import hint_text, reason_text

ROWS_A_PAGE = 100
NO_MARK = "–"


def choices_context(found: FoundTable, choices: Choices) -> dict[str, Any]:
    """Give what can be chosen about the whole table."""
    table = choices.table
    context: dict[str, Any] = {}
    if table is not None and table.has_action_goals:
        context["rows_as"] = [
            {"value": it.value, "label": label, "is_chosen": it is choices.rows_as}
            for it, label in ROWS_AS.items()
        ]
    context["statuses"] = [
        {
            "name": status_name(it.written),
            "written": it.written,
            "is_progress": it.is_progress,
            "value": it.value or IGNORED,
        }
        for it in choices.statuses
    ]
    context["status_options"] = [*MeasureStatus.choices, (IGNORED, _("none: new ones are planned"))]
    goals = table.goals if table else ()
    fields = [it.field_code for it in goals]
    fields += [it.field_code for it in table.measures] if table else []
    context["asks_field"] = bool(table and table.goals and (choices.field or not all(fields)))
    if kept := offered(found, choices):
        mapping, wanted = kept
        context["offer"] = {
            "url": f"?{wanted.query()}",
            "source": mapping.source,
            "on": date_format(mapping.used_at, "SHORT_DATE_FORMAT"),
            "columns": _offered_columns(found, wanted),
        }
    return context


def _offered_columns(found: FoundTable, wanted: Choices) -> str:
    headings = {it.index: it.heading or it.letter for it in found.best.plan.columns}
    return ", ".join(
        f"{headings[index]}: {MEANINGS[meaning]}" for index, meaning in wanted.overruled.items()
    )


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file as the page shows it."""

    row: int
    number: str
    title: str
    marks: str
    result: str
    hint: str
    is_field: bool = False
    is_refused: bool = False
    level: str = ""
    below: str = ""
    indicators: tuple[dict[str, Any], ...] = ()


def preview(
    request: HttpRequest,
    upload: Upload,
    found: FoundTable,
    choices: Choices,
    table: PlanTable,
    outlook: Outlook,
) -> dict[str, Any]:
    """Give what would happen, in sums and row by row."""
    rows = _preview_rows(found, choices, table, outlook)
    kinds = {
        "": rows,
        "refused": [row for row in rows if row.is_refused],
        "hint": [row for row in rows if row.hint and not row.is_refused],
    }
    names = {"": _("All"), "refused": _("Not taken over"), "hint": _("With a hint")}
    show = request.GET.get("show", "")
    show = show if show in kinds else ""
    tabs = [
        {
            "label": label,
            "url": f"?{choices.query(**({'show': kind} if kind else {}))}#zeilen",
            "current": kind == show,
            "count": len(kinds[kind]),
        }
        for kind, label in names.items()
    ]
    measures = counts(outlook.compared.measures)
    fields = counts(outlook.compared.fields)
    goals = counts(outlook.compared.goals)
    to_do = sum(it.new + it.changed for it in (measures, fields, goals))
    page = Paginator(kinds[show], ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = {it["name"] for row in page for it in row.indicators}
    return {
        # Decisions about rows that another page of the list shows are kept as they are.
        "kept_decisions": [
            (name, value)
            for place, value in choices.decided.items()
            if (name := indicator_name(*place)) not in shown
        ],
        "outlook": outlook,
        "sums": _sums(table, outlook),
        "facts": _facts(upload, found, choices, table, outlook),
        "tabs": tabs,
        "page": page,
        "has_marks": bool(table.grades),
        "is_needed": bool(to_do or outlook.changed_marks),
        "deed": _deed(to_do, measures.new + measures.changed, goals.new + goals.changed),
        "round_words": _round_words(outlook),
    }


def _sums(table: PlanTable, outlook: Outlook) -> list[dict[str, Any]]:
    measures = counts(outlook.compared.measures)
    return [
        {"label": _("Fields of action"), "value": len(table.fields)},
        *([{"label": _("Goals"), "value": len(table.goals)}] if table.goals else []),
        {"label": _("Measures"), "value": len(table.measures)},
        *(
            [{"label": _("Indicators"), "value": table.indicator_count}]
            if table.indicator_count
            else []
        ),
        {"label": _("of these new"), "value": measures.new},
        {"label": _("changed"), "value": measures.changed},
        {"label": _("unchanged"), "value": measures.unchanged},
        {"label": _("not taken over"), "value": len(table.refused)},
    ]


def _facts(
    upload: Upload, found: FoundTable, choices: Choices, table: PlanTable, outlook: Outlook
) -> list[dict[str, str]]:
    first = found.chosen[0]
    rows = sum(len(part.rows) for part in found.chosen)
    parts = [
        upload.name,
        ", ".join(part.name for part in found.chosen),
        ngettext("%(count)s row", "%(count)s rows", rows) % {"count": rows},
    ]
    if first.encoding:
        parts.append(first.encoding.upper())
    if table.grades:
        form = _("Table with the grades %(first)s to %(last)s") % {
            "first": table.grades[0],
            "last": table.grades[-1],
        }
    elif table.goals and any(it.meaning is ColumnMeaning.PARENT for it in table.columns):
        form = _("List of goals and measures, each row below another")
    elif table.goals:
        form = _("Table of goals with their measures")
    else:
        form = _("Table of measures without grades")
    facts = [
        {"label": _("File"), "value": ", ".join(parts)},
        {"label": _("Layout"), "value": form},
    ]
    if outlook.plan is not None:
        url = reverse("plans:plan-detail", args=[outlook.plan.slug])
        facts.append({"label": _("Plan"), "value": outlook.plan.title, "url": url})
    else:
        facts.append({"label": _("Plan"), "value": _("new: %(title)s") % {"title": outlook.title}})
        if any(outlook.period):
            years = period_label("", *outlook.period)
            value = _("%(years)s, taken from the title") % {"years": years}
            facts.append({"label": _("Period"), "value": value})
    left = [
        f"{it.letters} {it.headings}".strip()
        for it in choices.columns
        if it.meaning is ColumnMeaning.IGNORED and it.samples
    ]
    if left:
        names = ", ".join(left)
        facts.append({"label": _("Columns not taken over"), "value": names, "url": "#spalten"})
    return facts


def _round_words(outlook: Outlook) -> str:
    """Say where the marks go."""
    if not outlook.groups:
        return ""
    if outlook.round is None:
        return _("A new round is made for the marks. It stays provisional until you release it.")
    title = {"round": outlook.round.title}
    if outlook.is_settled:
        return _("The released result “%(round)s” holds just these marks.") % title
    return _("The marks go into the round “%(round)s”.") % title


def _deed(to_do: int, measures: int, goals: int) -> str:
    if measures:
        return ngettext("Take over %(count)s measure", "Take over %(count)s measures", measures) % {
            "count": measures
        }
    if goals:
        return ngettext("Take over %(count)s goal", "Take over %(count)s goals", goals) % {
            "count": goals
        }
    return _("Take over the fields of action") if to_do else _("Take over the marks")


def _preview_rows(
    found: FoundTable, choices: Choices, table: PlanTable, outlook: Outlook
) -> list[PreviewRow]:
    hints: dict[int, list[str]] = {}
    for note in table.notes:
        hints.setdefault(note.row, []).append(hint_text(note))
    rows = [
        PreviewRow(
            field.row,
            field.code,
            field.name,
            "",
            _result(compared),
            _all_hints(compared, hints.pop(field.row, [])),
            is_field=True,
        )
        for field, compared in zip(table.fields, outlook.compared.fields, strict=True)
    ]
    titles = {goal.key: goal.title for goal in table.goals}
    of_measures = {measure.row for measure in table.measures}
    rows += [
        _goal_row(
            goal, compared, titles, [] if goal.row in of_measures else hints.pop(goal.row, [])
        )
        for goal, compared in zip(table.goals, outlook.compared.goals, strict=True)
    ]
    signs = [marks.sign for marks in outlook.groups] or list(table.signs)
    for measure, compared in zip(table.measures, outlook.compared.measures, strict=True):
        marks = _marks_text(measure, signs)
        own = hints.pop(measure.row, [])
        result = _result(compared)
        if compared.kind == "unchanged" and measure.number in outlook.changed_marks:
            result = _("new marks")
        if not measure.number and compared.kind == "new":
            own = [_("The number %(number)s is proposed.") % {"number": compared.key}, *own]
        rows.append(
            PreviewRow(
                measure.row,
                compared.key,
                measure.title,
                marks,
                result,
                _all_hints(compared, own),
                below="; ".join(titles.get(key, key) for key in measure.goals),
                indicators=tuple(_indicators(measure, choices)),
            )
        )
    rows += _refused_rows(found, table)
    refused = {row.row for row in rows}
    rows += [
        PreviewRow(note.row, "", "", "", _skipped(note.hint), " ".join(hints.pop(note.row)))
        for note in table.notes
        if note.row in hints and note.row not in refused
    ]
    return sorted(rows, key=lambda row: row.row)


def _goal_row(
    goal: PlanGoal, compared: Comparison, titles: dict[str, str], notes: list[str]
) -> PreviewRow:
    return PreviewRow(
        goal.row,
        goal.number,
        goal.title,
        "",
        _result(compared),
        _all_hints(compared, notes),
        level=goal.level or _("Goal"),
        below=titles.get(goal.parent, "") if goal.parent else "",
    )


def _indicators(measure: PlanMeasure, choices: Choices) -> Iterable[dict[str, Any]]:
    """Give the indicators of a measure as proposed, with what can be done to each."""
    for place, text in enumerate(measure.split):
        options = [(TAKE, _("take over")), (LEAVE, _("leave out"))]
        if place:
            options.insert(1, (JOIN, _("join with the one before")))
        yield {
            "name": indicator_name(measure.row, place),
            "text": text,
            "options": options,
            "value": choices.decided.get((measure.row, place), TAKE),
        }


def _refused_rows(found: FoundTable, table: PlanTable) -> list[PreviewRow]:
    """Show what could not be read, as it stands in the file."""
    cells = dict(found.best.rows)
    at = {column.meaning: column.index for column in reversed(table.columns)}
    grades = {it.index: it.grade for it in table.columns if it.meaning is ColumnMeaning.GRADE}

    def cell(row: int, meaning: ColumnMeaning) -> str:
        index = at.get(meaning, -1)
        return " ".join(cells[row][index].split()) if 0 <= index < len(cells[row]) else ""

    return [
        PreviewRow(
            row=refused.row,
            number=cell(refused.row, ColumnMeaning.NUMBER) or NO_MARK,
            title=cell(refused.row, ColumnMeaning.TITLE),
            marks=", ".join(
                str(grade)
                for index, grade in grades.items()
                if index < len(cells[refused.row]) and cells[refused.row][index].strip()
            )
            or NO_MARK,
            result=_("not taken over"),
            hint=reason_text(refused),
            is_refused=True,
        )
        for refused in table.refused
    ]


def _marks_text(measure: PlanMeasure, signs: list[str]) -> str:
    """Write the marks of a row: “3”, several as “2 (5), 3 (8)”, several groups with their signs."""
    parts = []
    for sign in signs:
        tally = measure.marks_by_sign.get(sign, {})
        words = ", ".join(
            str(grade) if count == 1 else f"{grade} ({count})" for grade, count in tally.items()
        )
        if words:
            parts.append(f"{sign}: {words}" if len(signs) > 1 else words)
    return "; ".join(parts) or NO_MARK


def _result(compared: Comparison) -> str:
    return {"new": _("new"), "changed": _("changed"), "unchanged": _("unchanged")}[compared.kind]


def _all_hints(compared: Comparison, notes: list[str]) -> str:
    changes = [
        _("%(what)s: so far “%(old)s”.") % {"what": change.label.capitalize(), "old": change.old}
        if change.old
        else _("%(what)s: so far empty.") % {"what": change.label.capitalize()}
        for change in compared.changes
    ]
    return " ".join([*changes, *compared.left_out, *notes])


def _skipped(hint: Hint) -> str:
    if hint is Hint.ROWS_JOINED:
        return _("joined with a row")
    passed_over = {Hint.HEADER_REPEATED, Hint.LINE_SKIPPED, Hint.GOAL_REPEATED}
    return _("skipped") if hint in passed_over else ""
