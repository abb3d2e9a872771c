"""Reads that gather more than one row for a page, and words for what the rules found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import get_language, gettext, gettext_lazy

from zusammenplan.people.models import Organisation
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.numbers import MAX_LENGTH, next_number
from zusammenplan.plans.domain.periods import parse_period, period_text
from zusammenplan.plans.domain.plan_table import Hint, NotAPlan, Reason
from zusammenplan.plans.domain.rows import Change, Compared, Comparison
from zusammenplan.plans.models import FieldOfAction, Measure, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from zusammenplan.plans.domain.periods import Precision
    from zusammenplan.plans.domain.plan_table import Note, Refused
    from zusammenplan.plans.domain.rows import FieldRow, MeasureRow

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
REASON_TEXTS: dict[Reason, str | Promise] = {
    Reason.NUMBER_MISSING: gettext_lazy(
        "The number is missing in row “%(title)s”. Add it in the column of numbers."
    ),
    Reason.NUMBER_UNREADABLE: gettext_lazy(
        "“%(number)s” is not a number such as 1.1 or A 3. Correct it."
    ),
    Reason.NUMBER_IS_DATE: gettext_lazy(
        "The number is a date (%(number)s); the spreadsheet program made one of it. "
        "Format the column as text and write the number anew, perhaps %(meant)s."
    ),
    Reason.NUMBER_TWICE: gettext_lazy(
        "The number %(number)s stands in row %(first_row)s already. Give one of the two another."
    ),
    Reason.TITLE_MISSING: gettext_lazy("Number %(number)s has no title. Add it."),
    Reason.NAME_TOO_LONG: gettext_lazy(
        "The name of the field %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.VALUE_TOO_LONG: gettext_lazy(
        "“%(column)s” of measure %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.FIELD_TWICE: gettext_lazy(
        "The field %(number)s stands in row %(first_row)s already, with another name. "
        "Correct one of the two."
    ),
    Reason.FIELD_UNKNOWN: gettext_lazy(
        "Measure %(number)s belongs to field %(field)s, which is not in the table. "
        "Add a row for the field or correct the number."
    ),
    Reason.BEFORE_ANY_FIELD: gettext_lazy(
        "Measure %(number)s stands above the first field. Move it below the row of its field."
    ),
    Reason.MARK_ON_FIELD: gettext_lazy(
        "The field %(number)s itself has a mark (grade %(grades)s). "
        "Only measures are rated. Delete the mark."
    ),
    Reason.MARK_OUTSIDE_SCALE: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” in column %(column)s, outside the grades. "
        "Move it to a column of the grades."
    ),
    Reason.SIGN_UNREADABLE: gettext_lazy(
        "“%(sign)s” in column %(column)s (grade %(grade)s) of measure %(number)s is not a mark. "
        "Marks are signs such as x or -, or a number of marks."
    ),
    Reason.TWO_MARKS: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” at the grades %(grades)s "
        "(columns %(columns)s). Leave only one."
    ),
}
HINT_TEXTS: dict[Hint, str | Promise] = {
    Hint.NO_MARK: gettext_lazy("No grade marked. It is taken as “not rated”."),
    Hint.ROWS_JOINED: gettext_lazy("Joined with row %(above)s, which a page break had torn apart."),
    Hint.HEADER_REPEATED: gettext_lazy("The header stands here once more. It was skipped."),
    Hint.FIELD_REPEATED: gettext_lazy(
        "The field %(number)s stands here once more. It was taken once."
    ),
    Hint.LINE_SKIPPED: gettext_lazy("“%(text)s” is no row of the table. It was skipped."),
    Hint.NUMBER_WAS_DATE: gettext_lazy(
        "The date %(written)s was read as number %(number)s, as the field above suggests."
    ),
    Hint.NUMBER_RESPELLED: gettext_lazy("“%(written)s” was read as number %(number)s."),
    Hint.DASHES_ARE_EMPTY: gettext_lazy("Dashes were read as empty cells, not as marks."),
    Hint.TITLE_SHORTENED: gettext_lazy(
        "The title is longer than %(limit)s characters. It was shortened; "
        "the whole wording is kept as text."
    ),
    Hint.NO_FIELDS: gettext_lazy("The table names no fields. The measures are taken without one."),
    Hint.SECOND_SCALE: gettext_lazy(
        "The table holds more than one set of grade columns. Only the first was read."
    ),
    Hint.STATUS_UNKNOWN: gettext_lazy("“%(written)s” is no status that we know. It was left out."),
}
NOT_A_PLAN_TEXTS: dict[NotAPlan, str | Promise] = {
    NotAPlan.EMPTY: gettext_lazy("The table is empty."),
    NotAPlan.NO_NUMBERS: gettext_lazy(
        "No column with the measures' numbers (such as 1.1) was found. Add one, headed “No.”."
    ),
    NotAPlan.NO_TITLES: gettext_lazy(
        "No column with the measures' titles was found. Add one, headed “Measure”."
    ),
    NotAPlan.NO_MEASURES: gettext_lazy(
        "No measures were found in the table. Each needs a row with number and title."
    ),
}


def reason_text(refused: Refused) -> str:
    """Say why a row of a table could not be taken, and what to do."""
    return str(REASON_TEXTS[refused.reason]) % _shown(refused.values)


def hint_text(note: Note) -> str:
    """Say what to look at in a row that was taken."""
    return str(HINT_TEXTS[note.hint]) % _shown(note.values)


def not_a_plan_text(reason: NotAPlan) -> str:
    """Say why a table is no plan's."""
    return str(NOT_A_PLAN_TEXTS[reason])


def _shown(values: dict[str, str]) -> dict[str, str]:
    return {key: value or "–" for key, value in values.items()}


# Plans for their pages


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as a list shows it, every value already in words."""

    pk: int
    number: str
    title: str
    field: str
    status: str
    status_label: str
    responsible: str
    period: str
    degree: Decimal | None
    first: int
    last: int
    is_additional: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of action with the number of what stands in it; the last may be without a field."""

    field: FieldOfAction | None
    needs: int
    goals: int
    measures: int


@dataclass(frozen=True, slots=True)
class NumberLine:
    """What numbering anew would do to one measure."""

    measure: Measure
    new: str

    @property
    def is_changed(self) -> bool:
        return self.measure.number != self.new


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many measures of a plan there are, and how many lack something."""

    total: int
    priority: int
    responsible: int
    period: int


def period_label(text: str, starts_on: date | None, ends_on: date | None) -> str:
    """Write a period: in German as somebody wrote it, else in words made from its days."""
    if text and ((get_language() or "de").startswith("de") or not (starts_on or ends_on)):
        return text
    period = period_text(starts_on, ends_on)
    words = {
        "begin": _day_label(period.starts_on, period.precision),
        "end": _day_label(period.ends_on, period.precision),
    }
    match period.kind:
        case "since":
            return gettext("from %(begin)s") % words
        case "until":
            return gettext("until %(end)s") % words
        case "between":
            return gettext("%(begin)s to %(end)s") % words
        case _:
            return words["begin"]


def measure_line(measure: Measure) -> MeasureLine:
    """Put the measure into words; field and responsible one must be fetched with it."""
    return MeasureLine(
        pk=measure.pk,
        number=measure.number,
        title=measure.title,
        field=str(measure.field) if measure.field else "",
        status=measure.status,
        status_label=measure.get_status_display(),
        responsible=measure.responsible.name if measure.responsible else "",
        period=period_label(measure.period_text, measure.starts_on, measure.ends_on),
        degree=measure.priority_degree,
        first=measure.priority_first,
        last=measure.priority_last,
        is_additional=measure.is_additional,
    )


def fields_with_counts(plan: Plan) -> list[FieldLine]:
    """Give all fields in order, each with what stands in it; what has no field comes last."""
    needs, goals, measures = (
        _by_field(records) for records in (plan.needs.all(), plan.goals.all(), plan.measures.all())
    )
    lines = [
        FieldLine(field, needs[field.pk], goals[field.pk], measures[field.pk])
        for field in plan.fields.order_by("position", "pk")
    ]
    if needs[None] or goals[None] or measures[None]:
        lines.append(FieldLine(None, needs[None], goals[None], measures[None]))
    return lines


def _by_field(records: QuerySet[Any]) -> Counter[int | None]:
    counted = records.order_by().values_list("field_id").annotate(number=Count("pk"))
    return Counter(dict(counted))


def slug_stem(title: str) -> str:
    """Make the address out of a title that a plan gets unless another one has it."""
    words = re.sub(r"[–—/]", "-", title.lower()).translate(UMLAUTS)
    return slugify(words)[:70].strip("-") or "plan"


def plan_titled(title: str) -> Plan | None:
    """Find the plan of this title, even if it was renamed after its address was made."""
    plans = Plan.objects.order_by("-pk")
    return (
        plans.filter(title_de__iexact=title.strip()).first()
        or plans.filter(slug=slug_stem(title)).first()
    )


def plans_with_counts() -> QuerySet[Plan]:
    """Give all plans, newest first, each with the number of its fields and measures."""
    return Plan.objects.annotate(
        field_count=Count("fields", distinct=True), measure_count=Count("measures", distinct=True)
    ).order_by(F("starts_on").desc(nulls_last=True), "title_de", "pk")


def gaps(plan: Plan) -> Gaps:
    """Count the plan's measures, and those that lack priority, responsible one or period."""
    without_period = Q(period_text="", starts_on__isnull=True, ends_on__isnull=True)
    return Gaps(
        **plan.measures.aggregate(
            total=Count("pk"),
            priority=Count("pk", filter=Q(priority_degree__isnull=True)),
            responsible=Count("pk", filter=Q(responsible__isnull=True)),
            period=Count("pk", filter=without_period),
        )
    )


def renumbering(plan: Plan, *, field: FieldOfAction | None = None) -> list[NumberLine]:
    """Give every measure the number that follows from its place; for all fields, or for one."""
    measures = plan.measures.filter(field__isnull=False).select_related("field").in_order()
    given: dict[str, list[str]] = {}
    lines = []
    for measure in measures if field is None else measures.filter(field=field):
        code = measure.field.code if measure.field else ""
        number = next_number(code, given.setdefault(code, []))
        given[code].append(number)
        lines.append(NumberLine(measure, number if len(number) <= MAX_LENGTH else measure.number))
    return lines


# A table next to the plan


def compare_rows(
    plan: Plan | None, fields: Sequence[FieldRow], measures: Sequence[MeasureRow]
) -> Compared:
    """Tell for each row of a table whether it is new, changes something or nothing."""
    known_fields = {field.code: field for field in plan.fields.all()} if plan else {}
    known_measures = (
        {
            measure.number: measure
            for measure in plan.measures.select_related("field", "responsible")
        }
        if plan
        else {}
    )
    return Compared(
        fields=[_compare_field(known_fields.get(row.code), row) for row in fields],
        measures=[_compare_measure(known_measures.get(row.number), row) for row in measures],
    )


def _compare_field(field: FieldOfAction | None, row: FieldRow) -> Comparison:
    wanted: dict[str, object] = {"name_de": row.name.strip()}
    return _comparison(field, FieldOfAction, row.code, row.name, wanted)


def _compare_measure(measure: Measure | None, row: MeasureRow) -> Comparison:
    wanted: dict[str, object] = {"title_de": row.title.strip()}
    if text := row.text.strip():
        wanted["text_de"] = text
    if row.field_code:
        wanted["field"] = row.field_code
    if name := " ".join(row.responsible.split()):
        wanted["responsible"] = name
    if row.period_text.strip():
        period = parse_period(row.period_text)
        wanted |= {
            "period_text": period.text,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
        }
    if row.status is not None:
        wanted["status"] = row.status
    return _comparison(measure, Measure, row.number, row.title, wanted)


def _comparison(
    record: FieldOfAction | Measure | None,
    model: type[FieldOfAction | Measure],
    key: str,
    title: str,
    wanted: dict[str, object],
) -> Comparison:
    if record is None:
        return Comparison(key, title, "new", values=wanted)
    changes = tuple(
        Change(
            name=name,
            label=str(getattr(model._meta.get_field(name), "verbose_name", name)),  # noqa: SLF001 - public in Django's docs
            old=_in_words(name, _present(record, name)),
            new=_in_words(name, value),
        )
        for name, value in wanted.items()
        if _differs(_present(record, name), value, name)
    )
    values = {change.name: wanted[change.name] for change in changes}
    return Comparison(key, title, "changed" if changes else "unchanged", changes, values)


def _present(record: FieldOfAction | Measure, name: str) -> object:
    """Give what stands in the record, in the form that a row has it."""
    value = getattr(record, name)
    if isinstance(value, FieldOfAction):
        return value.code
    return value.name if isinstance(value, Organisation) else value


def _differs(present: object, wanted: object, name: str) -> bool:
    if name == "responsible":
        return str(present or "").casefold() != str(wanted).casefold()
    return present != wanted


def _in_words(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(dict(MeasureStatus.choices).get(str(value), value) if name == "status" else value)


def _day_label(day: date | None, precision: Precision) -> str:
    if day is None:
        return ""
    if precision == "year":
        return str(day.year)
    return date_format(day, "YEAR_MONTH_FORMAT" if precision == "month" else "SHORT_DATE_FORMAT")
