"""The words of the workbook: names of sheets and columns, what choices are called, refusals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_lazy as _, override, pgettext_lazy

from zusammenplan.core.garbage import without_collecting
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import (
    EvidenceKind,
    GoalState,
    IndicatorKind,
    MeasureStatus,
    NeedState,
    RelationKind,
    Strength,
)
from zusammenplan.plans.domain.workbook import Kind, Vocabulary, Why, compare
from zusammenplan.plans.domain.workbook.records import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import TextChoices
    from django.utils.functional import Promise

    from zusammenplan.plans.domain.content import PlanContent
    from zusammenplan.plans.domain.workbook import Book, Column, Difference, Refusal, Value

LANGUAGES = ("de", "en")
SHEET_NAMES: dict[str, str | Promise] = {
    "measures": _("Measures"),
    "goals": _("Goals"),
    "needs": _("Needs"),
    "costs": _("Costs"),
    "milestones": _("Milestones"),
    "indicators": _("Indicators"),
    "values": _("Actual values"),
    "relations": _("Relations"),
    "evidence": _("Evidence"),
}
HEADINGS: dict[str, str | Promise] = {
    "number": _("No."),
    "title_de": _("Title"),
    "title_en": _("Title (English)"),
    "title_easy": _("Title (easy language)"),
    "text_de": _("Text"),
    "text_en": _("Text (English)"),
    "text_easy": _("Text (easy language)"),
    "field": _("Field of action"),
    "goals": _("Goals"),
    "needs": _("Needs"),
    "status": _("Status"),
    "status_reason": _("Reason of the status"),
    "status_on": _("Status since"),
    "period_text": _("Period"),
    "starts_on": _("Begin"),
    "ends_on": _("End"),
    "responsible": _("Responsible"),
    "partners": _("Partners"),
    "areas": _("Planning areas"),
    "target_groups": _("Target groups"),
    "life_situations": _("Life situations"),
    "source": _("Source"),
    "level": _("Level"),
    "parent": _("Goal above"),
    "state": _("State"),
    "state_reason": _("Reason of the state"),
    "strength": _("Strength"),
    "measure": _("Measure"),
    "year": _("Year"),
    "amount": _("Amount in euros"),
    "note": _("Note"),
    "due_on": _("Due"),
    "moved_reason": _("Why it moved"),
    "done_on": _("Done"),
    "kind": _("Kind"),
    "reached_on": _("Reached"),
    "evidence": pgettext_lazy("what shows it", "Evidence"),
    "unit": _("Unit"),
    "unit_en": _("Unit in English"),
    "baseline": _("Baseline"),
    "baseline_on": _("Date of the baseline"),
    "target": _("Target"),
    "target_on": _("Date of the target"),
    "indicator": _("Indicator"),
    "on": _("Day"),
    "value": _("Value"),
    "other": _("Other measure"),
    "need": _("Need"),
    "url": _("Web address"),
    "dated_on": _("Date"),
}
OWN_HEADINGS: dict[tuple[str, str], str | Promise] = {
    ("measures", "title_de"): _("Measure"),
    ("measures", "text_de"): _("What shall change"),
    ("goals", "title_de"): _("Goal"),
    ("needs", "title_de"): _("Need"),
    ("milestones", "title_de"): _("Milestone"),
    ("indicators", "text_de"): _("Indicator"),
    ("costs", "source"): _("Source of the money"),
    ("relations", "kind"): _("Kind of the relation"),
    ("evidence", "text_de"): _("What it says"),
    ("evidence", "text_en"): _("What it says, in English"),
}
CHOICES: dict[str, type[TextChoices]] = {
    "status": MeasureStatus,
    "goal_state": GoalState,
    "need_state": NeedState,
    "strength": Strength,
    "indicator_kind": IndicatorKind,
    "relation_kind": RelationKind,
    "evidence_kind": EvidenceKind,
}
WHY: dict[Why, str | Promise] = {
    Why.EMPTY: _("“%(column)s” must not be empty. Fill the cell."),
    Why.TOO_LONG: _("“%(column)s” is longer than %(longest)s characters. Shorten it."),
    Why.TOO_LONG_TO_EDIT: _(
        "The text is too long for a cell of a spreadsheet. Change it on the page of the plan."
    ),
    Why.NOT_A_DAY: _("“%(written)s” is not a day. Write it such as 31.12.2027."),
    Why.NOT_A_YEAR: _("“%(written)s” is not a year between 1990 and 2199."),
    Why.NOT_A_NUMBER: _("“%(written)s” is not a number. Write it such as 1250 or 12,5."),
    Why.TOO_EXACT: _("“%(written)s” has more decimals than the plan keeps. Round it."),
    Why.TOO_LARGE: _("“%(written)s” is larger than the plan can keep."),
    Why.NEGATIVE: _("“%(written)s” is less than zero. Costs are zero or more."),
    Why.LESS_THAN_NONE: _(
        "There cannot be less than none of it. If you mean a change or a balance, say so in what "
        "is counted."
    ),
    Why.BECAME_DATE: _(
        "The spreadsheet program made the day %(written)s of a number. "
        "Format the cell as text and write the number anew."
    ),
    Why.UNCOMPUTED: _(
        "The cell holds a formula without a result. "
        "Open the file in your spreadsheet program and save it, or write the value."
    ),
    Why.NOT_AN_ADDRESS: _(
        "“%(written)s” is no web address. Write it such as https://www.example.org/page."
    ),
    Why.NO_CHOICE: _(
        "“%(written)s” is not one of the words for “%(column)s”. Choose from the list."
    ),
    Why.UNKNOWN_REF: _(
        "“%(written)s” in “%(column)s” stands nowhere in the workbook. Write the number or title "
        "of a row that is there."
    ),
    Why.UNKNOWN_AREA: _("“%(written)s” is no planning area here. Add it in the settings first."),
    Why.REASON_MISSING: _(
        "This status needs a reason. Write it in the column “reason of the status”."
    ),
    Why.STATE_REASON_MISSING: _(
        "This state needs a reason. Write it in the column “reason of the state”."
    ),
    Why.MOVE_REASON_MISSING: _(
        "The milestone moves. Say why in the column “why it moved”, even if the reason of an "
        "earlier move stands there."
    ),
    Why.NOT_OF_KIND: _(
        "An indicator of this kind has no “%(column)s”. Choose the other kind or empty the cell."
    ),
    Why.KIND_LOSES: _(
        "The indicator holds values or cells that only an indicator of its present kind can hold. "
        "Remove them first, or add a second indicator."
    ),
    Why.VALUES_OF_WORDS: _(
        "This indicator is one in words and has no values. Choose the other kind for it."
    ),
    Why.ENDS_BEFORE: _("The end lies before the begin. Correct one of the two days."),
    Why.NUMBER_TAKEN: _(
        "Two measures would have the number %(written)s. Give one of them another."
    ),
    Why.DAY_TAKEN: _("The indicator has a value on this day already. Change that one."),
    Why.SAID_BY_DATA: _(
        "The values of this indicator come from the data, and so does this. It stays as it is; "
        "take the tie to the data away on the page of the measure first."
    ),
    Why.VALUES_OF_DATA: _(
        "The values of this indicator come from the data; none can be typed beside them."
    ),
    Why.RELATED_TO_ITSELF: _("A measure has no relation to itself. Choose another one."),
    Why.RELATION_KNOWN: _(
        "This relation of the two measures is noted already, from one side or the other. "
        "Change that one."
    ),
    Why.TOO_MANY: _(
        "The need would have more than %(most)s pieces of evidence. Put some of them together."
    ),
    Why.CIRCLE: _("The goal would stand below itself. Choose another goal above it."),
    Why.TOO_DEEP: _(
        "The goal would stand deeper than %(most)s levels. Choose a higher goal above it."
    ),
    Why.LEVEL_NOT_BELOW: _(
        "The level must lie below that of the goal above. Choose a lower level or another "
        "goal above."
    ),
    Why.DELETED_MEANWHILE: _(
        "Somebody deleted this record in the plan meanwhile. Your changes in this row are lost "
        "unless you add it as a new row."
    ),
    Why.FOREIGN_ROW: _(
        "This row comes from another workbook. Copy only what is visible into a new row."
    ),
    Why.REF_REFUSED: _("The row that this one belongs to was refused. Correct that one first."),
}


def sheet_name(sheet: str) -> str:
    return str(SHEET_NAMES[sheet])


def heading(sheet: str, column: str) -> str:
    return str(OWN_HEADINGS.get((sheet, column), HEADINGS[column]))


def vocabulary(content: PlanContent, areas: Iterable[str] | None = None) -> Vocabulary:
    """Give all words that cells may hold, in both languages; areas are those that there are."""
    choices: dict[str, dict[str, str]] = {name: {} for name in (*CHOICES, "field", "level")}
    for language in LANGUAGES:
        with override(language):
            for name, words in CHOICES.items():
                for code, label in words.choices:
                    choices[name].setdefault(str(label).casefold(), str(code))
                    choices[name].setdefault(str(code).casefold(), str(code))
    for name, code, label in _own_choices(content):
        choices[name].setdefault(clean_name(code).casefold(), code)
        choices[name].setdefault(label.casefold(), code)
    if areas is None:
        areas = Area.objects.own().values_list("name", flat=True)
    return Vocabulary(choices, frozenset(clean_name(name) for name in areas))


@without_collecting()
def compared(content: PlanContent, book: Book) -> Difference:
    """Tell what an edited workbook would change in the plan."""
    return compare(content, book, vocabulary(content))


def choice_words(content: PlanContent) -> dict[str, dict[str, str]]:
    """Give for each list the word of every code, in the language of the page."""
    words = {
        name: {str(code): str(label) for code, label in choices.choices}
        for name, choices in CHOICES.items()
    }
    words |= {"field": {}, "level": {}}
    for name, code, label in _own_choices(content):
        words[name][code] = label
    return words


def _own_choices(content: PlanContent) -> Iterator[tuple[str, str, str]]:
    for field in content.fields:
        yield "field", field.code, clean_name(f"{field.code} {field.name.de}")
    for level in content.levels:
        name = clean_name(level.name.de)
        yield "level", name, name


def value_words(  # noqa: PLR0911 - one line a kind of value
    column: Column, value: Value, words: Mapping[str, Mapping[str, str]], labels: Mapping[str, str]
) -> str:
    """Write a value as a person reads it; nothing if it is empty."""
    if isinstance(value, tuple):
        shown = (labels.get(one, one) for one in value) if column.kind is Kind.REFS else value
        return "; ".join(shown)
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        places = 2 if column.kind is Kind.MONEY else None
        number = value if places else value.normalize()
        return number_format(number, places, use_l10n=True, force_grouping=True)
    if column.kind is Kind.REF:
        return labels.get(str(value), str(value))
    if column.kind is Kind.CHOICE:
        return words.get(column.of, {}).get(str(value), str(value))
    return str(value)


def refusal_words(refusal: Refusal) -> str:
    """Say why a cell or row was refused, and what to do."""
    column = heading(refusal.sheet, refusal.column) if refusal.column else gettext("row")
    return str(WHY[refusal.why]) % {"column": column, **refusal.values}
