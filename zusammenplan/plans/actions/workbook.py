"""Take over what somebody changed in the workbook of a plan."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.actions import organisation_named
from zusammenplan.people.models import User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.indicators import MixedValuesError
from zusammenplan.plans.actions.milestones import MoveReasonMissingError
from zusammenplan.plans.actions.records import lock, next_position, raise_version_of
from zusammenplan.plans.actions.refusals import (
    MeasureInUseError,
    demand_explained,
    demand_state_explained,
)
from zusammenplan.plans.actions.relations import demand_noted_once
from zusammenplan.plans.actions.removal import remove_whole
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.domain.milestones import demands_reason, first_due
from zusammenplan.plans.domain.workbook import (
    ANYWHERE,
    SHEETS,
    Book,
    CellChange,
    Difference,
    Kind,
    NewRow,
    Value,
)
from zusammenplan.plans.domain.workbook.records import clean_name
from zusammenplan.plans.models import (
    Cost,
    FieldOfAction,
    Goal,
    GoalLevel,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    Plan,
    Term,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.workbook import compared

MODELS: dict[str, type[Model]] = {
    "needs": Need,
    "goals": Goal,
    "measures": Measure,
    "costs": Cost,
    "milestones": Milestone,
    "indicators": MeasureIndicator,
    "values": IndicatorValue,
    "relations": MeasureRelation,
    "evidence": NeedEvidence,
}
# By what the parts of a record are found from their plan; whose siblings they are numbered among.
BELOW = {
    "costs": "measure",
    "milestones": "measure",
    "indicators": "measure",
    "values": "indicator__measure",
    "relations": "measure",
    "evidence": "need",
}
NUMBERED = {"milestones", "indicators", "evidence"}
# What is kept in tables of its own, written after the record itself.
MANY = {"goals", "needs", "partners", "areas", "target_groups", "life_situations"}
Cell = tuple[str, str, str]
RowKey = tuple[str, str]


class WorkbookChangedError(Exception):
    """The plan changed after the person saw what would happen; nothing was taken over."""

    def __init__(self) -> None:
        super().__init__(
            _("The plan changed after this page was shown. Nothing was taken over. Look again.")
        )


class RecordInUseError(Exception):
    """The record cannot be deleted because others hang on it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            _("“%(record)s” cannot be deleted: other records still belong to it.")
            % {"record": label}
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What the person decided: whose value wins in a conflict, which records are deleted."""

    from_file: Collection[Cell] = frozenset()
    removed: Collection[RowKey] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """What taking over the workbook did."""

    changed: int = 0
    new: int = 0
    removed: int = 0


@dataclass(slots=True)
class _Write:
    plan: Plan
    deed: str
    by: User | None
    new: dict[str, Model] = field(default_factory=dict)
    related: list[MeasureRelation] = field(default_factory=list)
    fields: dict[str, FieldOfAction] = field(default_factory=dict)
    levels: dict[str, GoalLevel] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)


def fingerprint(difference: Difference) -> str:
    """Tell two differences apart: what a person saw, and what would happen now."""
    seen = (difference.changes, difference.new, difference.gone)
    return sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()[:32]


@in_one_snapshot
def take_workbook(
    plan: Plan, book: Book, *, decided: Decided, seen: str, source: str, by: User | None
) -> Written:
    """
    Write the workbook's changes and new rows, and delete the records that were ticked.

    All or nothing. What the plan changed meanwhile stays unless the person chose the file's value.

    :raises WorkbookChangedError: if it would do something else than the person saw
    :raises MeasureInUseError: if a measure that is to be deleted was voted on
    :raises StatusReasonMissingError: if a status or state stays without the reason that it needs
    :raises MoveReasonMissingError: if the day of a milestone moves and nobody says why
    :raises RecordInUseError: if something else hangs on a record that is to be deleted
    :raises RelationKnownError: if another plan notes a relation from its side already
    :raises MixedValuesError: if a value is added where the values are those of the data
    """
    plan = lock(plan)
    difference = compared(plan_content(plan), book)
    if fingerprint(difference) != seen:
        raise WorkbookChangedError
    write = _Write(
        plan,
        _("Changed in Excel: “%(file)s”") % {"file": source},
        by,
        fields={one.code: one for one in plan.fields.all()},
        levels={clean_name(one.name_de): one for one in plan.levels.all()},
        areas={clean_name(one.name): one for one in Area.objects.all()},
        terms={(one.kind, clean_name(one.name_de).casefold()): one for one in Term.objects.all()},
    )
    changes = [
        change
        for change in difference.changes
        if not change.is_conflict or (change.sheet, change.key, change.column) in decided.from_file
    ]
    for sheet in ("needs", "goals", "measures", "indicators"):
        _add_all(write, sheet, difference.new)
    _put_goals_above(write, difference.new)
    changed = _change_all(write, changes)
    for sheet in ("costs", "milestones", "values", "relations", "evidence"):
        _add_all(write, sheet, difference.new)
    for relation in write.related:
        demand_noted_once(relation)
        raise_version_of(relation.other.plan)
    removed = _remove_all(write, difference, decided.removed)
    if changed or difference.new or removed:
        raise_version_of(plan)
    return Written(changed, len(difference.new), removed)


# New rows


def _add_all(write: _Write, sheet: str, rows: Iterable[NewRow]) -> None:
    for row in rows:
        if row.sheet == sheet:
            write.new[row.key] = _add(write, row)


def _add(write: _Write, row: NewRow) -> Model:
    record: Any = MODELS[row.sheet]()
    if row.sheet in {"needs", "goals", "measures"}:
        record.plan = write.plan
        record.position = next_position(MODELS[row.sheet]._default_manager.filter(plan=write.plan))
    many = {}
    for name, value in row.values.items():
        if name in MANY:
            many[name] = value
        elif name != "parent" or not str(value).startswith("+"):
            _set(write, record, row.sheet, name, value)
    if row.sheet in NUMBERED:
        above = BELOW[row.sheet]
        siblings = MODELS[row.sheet]._default_manager.filter(**{above: getattr(record, above)})
        record.position = next_position(siblings)
    if isinstance(record, Milestone):
        record.first_due_on = record.due_on
    _demand_typed(record)
    added: Model = keep(record, by=write.by, deed=write.deed)
    for name, value in many.items():
        _set_many(write, record, name, value)
    if row.sheet == "relations":
        write.related.append(record)
    return added


def _demand_typed(record: Model) -> None:
    """Refuse a value where the values are those of the data."""
    if isinstance(record, IndicatorValue) and record.indicator.is_tied:
        raise MixedValuesError


def _put_goals_above(write: _Write, rows: Iterable[NewRow]) -> None:
    """Let new goals stand below other new ones, now that all are there."""
    for row in rows:
        above = str(row.values.get("parent") or "")
        if row.sheet == "goals" and above.startswith("+"):
            goal: Any = write.new[row.key]
            goal.parent = write.new[above]
            keep(goal, by=write.by, deed=write.deed, fields=["parent"])


# Changed cells


def _change_all(write: _Write, changes: Iterable[CellChange]) -> int:
    by_record: dict[RowKey, list[CellChange]] = {}
    for change in changes:
        by_record.setdefault((change.sheet, change.key), []).append(change)
    for sheet in MODELS:
        wanted = {key: own for (of, key), own in by_record.items() if of == sheet}
        if wanted:
            records = _records(write.plan, sheet, wanted)
            _make_way(sheet, wanted, records)
            for key, own in wanted.items():
                _change(write, sheet, records[key], own)
    return len(by_record)


def _records(plan: Plan, sheet: str, keys: Iterable[str]) -> dict[str, Any]:
    """Fetch the records of these keys, held against other editors."""
    rows = MODELS[sheet]._default_manager.select_for_update()
    if sheet in {"needs", "goals", "measures"}:
        found = rows.filter(plan=plan, identity__in=list(keys))
        return {str(one.identity): one for one in found}  # type: ignore[attr-defined]
    above = f"{BELOW[sheet]}__plan"
    pks = {int(key[1:]): key for key in keys}
    return {pks[one.pk]: one for one in rows.filter(**{above: plan}, pk__in=list(pks))}


def _make_way(
    sheet: str, wanted: Mapping[str, list[CellChange]], records: Mapping[str, Any]
) -> None:
    """Free numbers, days and kinds first, so that two records can change places."""
    for key, own in wanted.items():
        columns = {change.column for change in own}
        record = records[key]
        rows = MODELS[sheet]._default_manager.filter(pk=record.pk)
        if sheet == "measures" and "number" in columns:
            rows.update(number=f"\N{REPLACEMENT CHARACTER}{record.pk}")
        elif sheet == "values" and columns & {"on", "indicator"}:
            rows.update(on=date(1, 1, 1) + timedelta(days=record.pk % 600_000))
        elif sheet == "relations" and columns & {"measure", "kind", "other"}:
            rows.update(kind=f"\N{REPLACEMENT CHARACTER}{record.pk % 10**10}")


def _change(write: _Write, sheet: str, record: Any, changes: list[CellChange]) -> None:
    many = [change for change in changes if change.column in MANY]
    columns = {change.column for change in changes}
    due_before = record.due_on if isinstance(record, Milestone) else None
    for change in changes:
        if change not in many:
            _set(write, record, sheet, change.column, change.new)
    _demand_typed(record)
    # In a conflict the person may have chosen a status or a day without its reason.
    if isinstance(record, Milestone):
        if demands_reason(due_before, record.due_on) and "moved_reason" not in columns:
            raise MoveReasonMissingError
        record.first_due_on = first_due(record.first_due_on, record.due_on)
    if isinstance(record, Need | Goal) and columns & {"state", "state_reason"}:
        demand_state_explained(record.state, record.state_reason)
    if isinstance(record, Measure) and "status" in columns:
        demand_explained(record.status, record.status_reason)
        if "status_on" not in columns:
            record.status_on = localdate()
    record.version += 1
    keep(record, by=write.by, deed=write.deed)
    for change in many:
        _set_many(write, record, change.column, change.new)
    if sheet == "relations":
        write.related.append(record)


def _set(write: _Write, record: Any, sheet: str, name: str, value: Value) -> None:
    column = SHEETS[sheet].column(name)
    if name == "field":
        record.field = write.fields[str(value)] if value else None
    elif name == "level":
        record.level = write.levels[str(value)] if value else None
    elif name == "responsible":
        record.responsible = organisation_named(str(value), by=write.by) if value else None
    elif column.kind is Kind.REF:
        setattr(record, name, _referred(write, column.of, str(value)) if value else None)
    else:
        setattr(record, name, value)


def _referred(write: _Write, sheet: str, key: str) -> Any:
    if key in write.new:
        return write.new[key]
    if sheet == "indicators":
        return MeasureIndicator.objects.get(measure__plan=write.plan, pk=int(key[1:]))
    if sheet == ANYWHERE:
        identity, _at, slug = key.partition("@")
        return Measure.objects.get(identity=identity, plan__slug=slug or write.plan.slug)
    return MODELS[sheet]._default_manager.get(plan=write.plan, identity=key)


def _set_many(write: _Write, record: Any, name: str, value: Value) -> None:
    wanted = value if isinstance(value, tuple) else ()
    found: list[Any]
    if name in {"goals", "needs"}:
        found = [_referred(write, name, key) for key in wanted]
    elif name == "partners":
        found = [organisation_named(one, by=write.by) for one in wanted]
    elif name == "areas":
        found = [write.areas[one] for one in wanted]
    else:
        kind = TermKind.TARGET_GROUP if name == "target_groups" else TermKind.LIFE_SITUATION
        found = [_term(write, kind, one) for one in wanted]
    getattr(record, name).set(found)


def _term(write: _Write, kind: TermKind, name: str) -> Term:
    place = (str(kind), name.casefold())
    if place not in write.terms:
        term = Term(kind=kind, name_de=name, position=next_position(Term.objects.all()))
        write.terms[place] = keep(term, by=write.by, deed=write.deed)
    return write.terms[place]


# Deleted rows


def _remove_all(write: _Write, difference: Difference, ticked: Collection[RowKey]) -> int:
    """Delete what was ticked, parts before the whole and lower goals before those above."""
    removed = 0
    for sheet in reversed(MODELS):
        gone = {
            row.key: row.label
            for row in difference.gone
            if row.sheet == sheet and (sheet, row.key) in ticked
        }
        records = list(_records(write.plan, sheet, gone).items())
        while records:
            key, record = records.pop(0)
            if sheet == "goals" and any(other.parent_id == record.pk for _key, other in records):
                records.append((key, record))
                continue
            try:
                with transaction.atomic():
                    remove_whole(record, by=write.by, reason=write.deed)
            except ProtectedError as clash:
                if isinstance(record, Measure):
                    raise MeasureInUseError(record) from clash
                raise RecordInUseError(gone[key]) from clash
            removed += 1
    return removed
