"""Take over fields and measures from a table."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.actions.records import Part, lock, raise_version_of, set_positions
from zusammenplan.plans.actions.refusals import RowRefusedError
from zusammenplan.plans.domain.rows import (
    Applied,
    Comparison,
    FieldRow,
    MeasureRow,
    counts,
    placed,
    twice,
)
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.plans import compare_rows


@transaction.atomic
def apply_rows(
    plan: Plan,
    *,
    fields: Sequence[FieldRow],
    measures: Sequence[MeasureRow],
    by: User | None,
    source: str,
) -> Applied:
    """
    Take over a table: new fields by code and measures by number, and what changed in known ones.

    All or nothing; taking over the same table again changes nothing.

    :raises RowRefusedError: if a row is too long, stands there twice, or names an unknown field
    """
    plan = lock(plan)
    _demand_fit_rows(plan, fields, measures)
    compared = compare_rows(plan, fields, measures)
    deed = _("Taken over from “%(source)s”") % {"source": source} if source else _("Taken over")
    field_ids = _apply_fields(plan, compared.fields, deed=deed, by=by)
    measure_ids = _apply_measures(plan, compared.measures, deed=deed, source=source, by=by)
    if field_ids or measure_ids:
        raise_version_of(plan)
    return Applied(
        fields=counts(compared.fields),
        measures=counts(compared.measures),
        field_ids=tuple(field_ids),
        measure_ids=tuple(measure_ids),
    )


def _apply_fields(
    plan: Plan, rows: Sequence[Comparison], *, deed: str, by: User | None
) -> list[int]:
    known = {field.code: field for field in plan.fields.order_by("position", "pk")}
    order = placed(list(known), [row.key for row in rows])
    written = []
    for row in rows:
        if row.kind == "unchanged":
            continue
        field = known.get(row.key) or FieldOfAction(
            plan=plan, code=row.key, position=order.index(row.key) + 1
        )
        known[row.key] = _write(field, row, deed=deed, by=by)
        written.append(field.pk)
    if any(row.kind == "new" for row in rows):
        set_positions([known[code] for code in order])
    return written


def _apply_measures(
    plan: Plan, rows: Sequence[Comparison], *, deed: str, source: str, by: User | None
) -> list[int]:
    fields = {field.code: field for field in plan.fields.all()}
    known = {measure.number: measure for measure in plan.measures.in_order()}
    order = placed(list(known), [row.key for row in rows])
    written = []
    for row in rows:
        if row.kind == "unchanged":
            continue
        measure = known.get(row.key) or Measure(
            plan=plan,
            number=row.key,
            source=_fitting(Measure, "source", source),
            position=_place(row, rows),
        )
        if code := row.values.get("field"):
            measure.field = fields[str(code)]
        if name := row.values.get("responsible"):
            measure.responsible = organisation_named(str(name), by=by)
        known[row.key] = _write(measure, row, deed=deed, by=by)
        written.append(measure.pk)
    if any(row.kind == "new" for row in rows):
        by_field: dict[int | None, list[Measure]] = {}
        for number in order:
            by_field.setdefault(known[number].field_id, []).append(known[number])
        for siblings in by_field.values():
            set_positions(siblings)
    return written


def _place(row: Comparison, rows: Sequence[Comparison]) -> int:
    """Give the place of a new row among those of its field."""
    siblings = [other for other in rows if other.values.get("field") == row.values.get("field")]
    return siblings.index(row) + 1


def _write(record: Part, row: Comparison, *, deed: str, by: User | None) -> Part:
    for name, value in row.values.items():
        if name not in {"field", "responsible"}:
            setattr(record, name, value)
    if record.pk:
        record.version += 1
    return keep(record, by=by, deed=deed)


def _demand_fit_rows(
    plan: Plan, fields: Sequence[FieldRow], measures: Sequence[MeasureRow]
) -> None:
    if code := twice([row.code for row in fields]):
        raise RowRefusedError(
            _("The field of action “%(code)s” stands in the table twice.") % {"code": code}
        )
    if number := twice([row.number for row in measures]):
        raise RowRefusedError(
            _("Measure %(number)s stands in the table twice.") % {"number": number}
        )
    for field in fields:
        _demand_fit(FieldOfAction, field.code, code=field.code, name_de=field.name)
    codes = {row.code for row in fields} | set(plan.fields.values_list("code", flat=True))
    for row in measures:
        _demand_fit(
            Measure, row.number, number=row.number, title_de=row.title, period_text=row.period_text
        )
        _demand_fit(Organisation, row.number, name=row.responsible)
        if row.field_code and row.field_code not in codes:
            raise RowRefusedError(
                _("Measure %(number)s names the field of action “%(code)s”, which is unknown.")
                % {"number": row.number, "code": row.field_code}
            )


def _demand_fit(model: type[Model], key: str, **texts: str) -> None:
    must_be_filled = {"code", "number", "title_de", "name_de"}
    for name, text in texts.items():
        column = model._meta.get_field(name)  # noqa: SLF001 - public in Django's docs
        longest = getattr(column, "max_length", None) or len(text)
        what = {"what": getattr(column, "verbose_name", name), "key": key, "longest": longest}
        if name in must_be_filled and not text.strip():
            raise RowRefusedError(_("In row “%(key)s”, “%(what)s” is missing.") % what)
        if len(text) > longest:
            raise RowRefusedError(
                _("In row “%(key)s”, “%(what)s” is longer than %(longest)s characters.") % what
            )


def _fitting(model: type[Model], name: str, text: str) -> str:
    longest = getattr(model._meta.get_field(name), "max_length", None)  # noqa: SLF001 - public in Django's docs
    return text[:longest]
