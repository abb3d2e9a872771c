"""Who changed what, when and why: saving with the deed as the reason (django-simple-history)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Field, ForeignKey, Model, QuerySet
from django.utils.formats import date_format, localize
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _

from zusammenplan.core import index
from zusammenplan.core.german import either, like

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

RecordT = TypeVar("RecordT", bound=Model)
SHOWN_CHARACTERS = 200
LONGEST_REASON = 100
# Goes before what was noted while somebody worked in English; all else is German.
ENGLISH = "\x03"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change, in words."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a record's history, ready for ``components/log.html``."""

    at: datetime
    when: str
    who: str
    what: str
    changes: tuple[FieldChange, ...] = ()


class ChangedMeanwhileError(Exception):
    """Somebody else saved this record after the form was opened."""

    def __init__(self, record: Model) -> None:
        super().__init__(
            _("Somebody else changed this record after you opened it. Nothing was overwritten.")
        )
        self.record = record


class GoneMeanwhileError(Exception):
    """Nothing is left of what was to be changed; its words say what to do instead."""


def keep(
    record: RecordT,
    *,
    by: "AbstractBaseUser | None",
    deed: str,
    fields: Iterable[str] | None = None,
) -> RecordT:
    """Save the record and note in its history who did what, and in the search what it says."""
    sign(record, by=by, deed=deed)
    saved = None if fields is None else list(fields)
    is_new = record._state.adding
    record.save(update_fields=saved)
    index.note(record, fields=saved, is_new=is_new)
    return record


def sign(record: Any, *, by: "AbstractBaseUser | None", deed: str) -> None:
    """Prepare the next history entry of the record: who, and the deed as the reason."""
    record._history_user = by  # noqa: SLF001 - the library's documented way
    record._change_reason = noted(deed)  # noqa: SLF001 - the library's documented way


def noted(deed: str) -> str:
    """Write a deed as the history keeps it: it knows whether it is in English."""
    is_english = (get_language() or "").startswith("en")
    return (f"{ENGLISH}{deed}" if is_english else deed)[:LONGEST_REASON]


def deed_of(row: Any) -> str:
    """Tell what an entry of a history did; on an English page a German deed knows its language."""
    if reason := row.history_change_reason:
        text = str(reason).removeprefix(ENGLISH)
        return text if text != reason else either(text, "", get_language() or "de")
    return {"+": _("Added"), "~": _("Changed"), "-": _("Deleted")}[row.history_type]


def keep_unless_changed(
    record: RecordT,
    *,
    seen_version: int,
    by: "AbstractBaseUser | None",
    deed: str,
    fields: Sequence[str],
) -> RecordT:
    """
    Save the fields if nobody saved the record since the version that the person saw.

    :raises ChangedMeanwhileError: if somebody did; it carries the record as it stands now
    """
    manager = type(record)._default_manager
    claimed = manager.filter(pk=record.pk, version=seen_version).update(version=F("version") + 1)
    if not claimed:
        raise ChangedMeanwhileError(manager.get(pk=record.pk))
    record.version = seen_version + 1  # type: ignore[attr-defined] # a Versioned record
    return keep(record, by=by, deed=deed, fields=[*fields, "version"])


def differences(record: Model, values: Mapping[str, Any]) -> list[FieldChange]:
    """Tell where the entered values differ from the record as it stands, for the second editor."""
    found = []
    for name, value in values.items():
        field = record._meta.get_field(name)
        stored = getattr(record, name)
        if stored != value:
            found.append(
                FieldChange(
                    label=str(getattr(field, "verbose_name", name)),
                    old=_any_value(field, stored),
                    new=_any_value(field, value),
                )
            )
    return found


def _any_value(field: Any, value: Any) -> str:
    return str(value) if isinstance(value, Model) else shown_value(field, value)


def remove(record: Model, *, by: "AbstractBaseUser | None", reason: str) -> None:
    """Delete the record; its history keeps the last state, who deleted it and why."""
    sign(record, by=by, deed=reason)
    index.forget(record)
    record.delete()
    index.note_whole(record)


def changes(record: Model, limit: int = 20) -> list[Change]:
    """Tell what happened to the record, newest first."""
    history: QuerySet[Any] = record.history  # type: ignore[attr-defined] # a record with history
    return changes_in(history.all(), limit)


def changes_in(
    history: QuerySet[Any], limit: int = 20, about: Callable[[Any], str] | None = None
) -> list[Change]:
    """
    Tell what the history entries hold, newest first; they may be of several records.

    ``about`` gives an entry the name of its record, where the page shows several.
    """
    newest = history.select_related("history_user").order_by("-history_date", "-history_id")
    # One more than shown, so that the oldest one shown can be compared with the one before it.
    rows = list(newest[: limit + 1])
    pairs = [(row, _earlier(row, rows[number + 1 :])) for number, row in enumerate(rows[:limit])]
    named = _named_records(pairs)
    return [_change(row, earlier, named, about(row) if about else "") for row, earlier in pairs]


def entry_time(moment: datetime) -> str:
    """Write a moment as history does: day and time in the page's language."""
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
    }


def shown_value(field: Any, value: Any, named: Mapping[Any, str] | None = None) -> str:
    """Write a field's value in words."""
    if value is None or value == "":
        return _("empty")
    if isinstance(field, ForeignKey):
        return (named or {}).get((field.related_model, value), _("deleted"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain_value(value)


def _plain_value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return entry_time(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float | Decimal):
        return str(localize(value))
    return Truncator(str(value)).chars(SHOWN_CHARACTERS)


def _earlier(row: Any, older: Sequence[Any]) -> Any:
    return next((entry for entry in older if entry.id == row.id), None)


def _change(row: Any, earlier: Any, named: Mapping[Any, str], about: str) -> Change:
    deed = deed_of(row)
    return Change(
        at=row.history_date,
        when=entry_time(row.history_date),
        who=str(row.history_user) if row.history_user else "",
        what=like(deed, f"{deed}: {about}") if about else deed,
        changes=tuple(
            FieldChange(
                label=str(field.verbose_name),
                old=_old_value(field, getattr(earlier, field.attname), named),
                new=shown_value(field, getattr(row, field.attname), named),
            )
            for field in _changed_fields(row, earlier)
        ),
    )


def _old_value(field: Any, value: Any, named: Mapping[Any, str]) -> str:
    """Write the value before; where there was none, there is nothing to strike out."""
    return "" if value is None or value == "" else shown_value(field, value, named)


def _changed_fields(row: Any, earlier: Any) -> "list[Field[Any, Any]]":
    """Give the fields that differ; technical ones, which nobody edits, are left out."""
    if earlier is None or row.history_type == "-":
        return []
    return [
        field
        for field in row.tracked_fields
        if field.editable
        and not field.primary_key
        and getattr(row, field.attname) != getattr(earlier, field.attname)
    ]


def _named_records(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, str]:
    """Fetch the names of all records that the changed fields point to, one query a table."""
    wanted: dict[Any, set[Any]] = {}
    for row, earlier in pairs:
        for field in _changed_fields(row, earlier):
            if isinstance(field, ForeignKey):
                values = {getattr(row, field.attname), getattr(earlier, field.attname)} - {None}
                wanted.setdefault(field.related_model, set()).update(values)
    return {
        (model, record.pk): str(record)
        for model, keys in wanted.items()
        for record in model._default_manager.filter(pk__in=keys)
    }
