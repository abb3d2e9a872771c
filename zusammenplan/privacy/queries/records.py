"""All that is kept of somebody, in one shape for the page and for the file (GDPR art. 15, 20)."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Field, ForeignKey, Model
from django.utils.translation import gettext as _

from zusammenplan.core.history import deed_of, entry_time, shown_value
from zusammenplan.people.models import Session, User
from zusammenplan.people.queries.sessions import device_name
from zusammenplan.plans.models import Rating
from zusammenplan.privacy.queries.traces import Trace

# What opens a door stays with whoever holds it, and proves nothing about a person.
SECRETS = {
    "people.user.password",
    "people.invitation.token_hash",
    "people.session.session_key",
    "people.session.session_data",
    "mfa.authenticator.data",
    "socialaccount.socialtoken.token",
    "socialaccount.socialtoken.token_secret",
}
DEEDS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: its name and value for programs, label and words for people."""

    name: str
    value: Any
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class Told:
    """One record and what belongs to it."""

    kind: str
    label: str
    text: str
    # As what it names the person, where it belongs to somebody or something else.
    role: str
    facts: tuple[Fact, ...]
    parts: "tuple[Told, ...]" = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the person did, as a history keeps it."""

    at: str
    when: str
    kind: str
    label: str
    key: int
    deed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of somebody."""

    records: tuple[Told, ...]
    deeds: tuple[Deed, ...]

    @property
    def shown_deeds(self) -> tuple[Deed, ...]:
        return self.deeds[:DEEDS_SHOWN]


def answer_about(traces: Iterable[Trace]) -> Answer:
    """Gather all that is kept in these records, what belongs to them, and what accounts did."""
    found = list(traces)
    accounts = [trace.record for trace in found if isinstance(trace.record, User)]
    return Answer(
        records=tuple(replace(_told(trace.record), text=trace.what) for trace in found),
        deeds=tuple(deed for account in accounts for deed in _deeds(account)),
    )


def answer_as_json(answer: Answer, *, made_at: datetime, site: str) -> dict[str, Any]:
    """Give the answer in plain values, for a file that other programs read."""
    return {"made_at": made_at.isoformat(), "from": site, **asdict(answer)}


def _told(record: Model, role: str = "") -> Told:
    parts = [*_own_parts(record), *(_mentions(record) if isinstance(record, User) else ())]
    return Told(
        kind=record._meta.label_lower,
        label=str(record._meta.verbose_name),
        text=str(record),
        role=role,
        facts=tuple(_facts(record)),
        parts=tuple(parts),
    )


def _facts(record: Model) -> Iterator[Fact]:
    if isinstance(record, Session):
        name = device_name(record)
        yield Fact("device", name, str(_("device")), name)
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        is_told = f"{record._meta.label_lower}.{field.name}" not in SECRETS
        is_plain = not field.primary_key and field.name != "version"
        if is_told and is_plain and value not in (None, ""):
            yield _fact(record, field, value)


def _fact(record: Model, field: "Field[Any, Any]", value: Any) -> Fact:
    label = str(getattr(field, "verbose_name", field.name))
    if isinstance(field, ForeignKey):
        return Fact(field.name, value, label, str(getattr(record, field.name)))
    return Fact(field.name, _plain(value), label, shown_value(field, value))


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _own_parts(record: Model) -> Iterator[Told]:
    """Tell of what would be deleted with the record: it is of nobody else."""
    for relation in record._meta.related_objects:
        if getattr(relation, "on_delete", None) is not CASCADE:
            continue
        model: Any = relation.related_model
        for part in model._default_manager.filter(**{relation.field.name: record}).order_by("pk"):
            yield _told(part)


def _mentions(user: User) -> Iterator[Told]:
    """Tell where else the account stands: who wrote, does, decided, brought in."""
    for model in apps.get_models():
        if hasattr(model, "history_user_id"):
            continue
        for field in model._meta.concrete_fields:
            if not isinstance(field, ForeignKey) or field.related_model is not User:
                continue
            if field.remote_field.on_delete is CASCADE:
                continue
            for row in model._default_manager.filter(**{field.name: user}).order_by("pk"):
                yield _mention(row, field)


def _mention(row: Model, field: "ForeignKey[Any, Any]") -> Told:
    role = str(field.verbose_name)
    if field.name == "author" or isinstance(row, Rating):
        return _told(row, role)  # what somebody wrote is about them as a whole
    return Told(row._meta.label_lower, str(row._meta.verbose_name), str(row), role, ())


def _deeds(user: User) -> list[Deed]:
    histories: list[Any] = [
        model for model in apps.get_models() if hasattr(model, "history_user_id")
    ]
    found = [
        (row.history_date, row)
        for model in histories
        for row in model._default_manager.filter(history_user=user)
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [
        Deed(
            at=at.isoformat(),
            when=entry_time(at),
            kind=row.instance_type._meta.label_lower,
            label=str(row.instance_type._meta.verbose_name),
            key=row.id,
            deed=str(deed_of(row)),
        )
        for at, row in found
    ]
