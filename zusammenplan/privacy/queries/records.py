"""All that is kept of somebody, in one shape for the page and for the file (GDPR art. 15, 20)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, Field, ForeignKey, Model, QuerySet
from django.urls import reverse
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
AT_ONCE = 500
MENTIONS_SHOWN = 20


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

    @property
    def heading(self) -> str:
        return f"{self.label} ({self.role})" if self.role else self.label

    @property
    def whole_parts(self) -> "list[Told]":
        return [part for part in self.parts if part.facts]

    @property
    def mentions(self) -> "list[Mentions]":
        """Give where it only stands somewhere, as of one kind: there may be hundreds of links."""
        bare = [part for part in self.parts if not part.facts]
        return [
            Mentions(heading, tuple(part.text for part in parts))
            for heading, parts in groupby(bare, key=attrgetter("heading"))
        ]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Records of one kind that name the account in one way, such as whoever added them."""

    heading: str
    texts: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        return self.texts[:MENTIONS_SHOWN]

    @property
    def more(self) -> int:
        return len(self.texts) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the person did, as a history keeps it."""

    at: str
    kind: str
    label: str
    key: int
    deed: str

    @property
    def when(self) -> str:
        return entry_time(datetime.fromisoformat(self.at))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of somebody."""

    records: tuple[Told, ...]
    deeds: tuple[Deed, ...]
    number_of_deeds: int


def answer_about(traces: Iterable[Trace], *, deeds: int | None = None) -> Answer:
    """
    Gather all that is kept in these records, what belongs to them, and what accounts did.

    With ``deeds`` of what they did only so many, the newest.
    """
    found = list(traces)
    accounts = [trace.record for trace in found if isinstance(trace.record, User)]
    done = [_entries(history, accounts) for history in _histories()] if accounts else []
    return Answer(
        records=tuple(replace(_told(trace.record), text=trace.what) for trace in found),
        deeds=tuple(_newest(done, deeds)),
        number_of_deeds=sum(entries.count() for entries in done),
    )


def answer_as_json(answer: Answer, *, made_at: datetime, site: str) -> dict[str, Any]:
    """Give the answer in plain values, for a file that other programs read."""
    return {
        "made_at": made_at.isoformat(),
        "from": site,
        # What for, how long, which rights: the rest of what art. 15 asks for.
        "notice": f"{site}{reverse('website:privacy')}",
        "records": [asdict(record) for record in answer.records],
        "deeds": [asdict(deed) for deed in answer.deeds],
    }


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
        target = getattr(record, field.name)
        shown = target.name if isinstance(target, ContentType) else str(target)
        return Fact(field.name, value, label, shown)
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
        for part in _rows(relation.related_model, **{relation.field.name: record}):
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
            for row in _rows(model, **{field.name: user}):
                yield _mention(row, field)


def _rows(model: Any, **wanted: Any) -> "QuerySet[Any]":
    """Give rows of any table with all that they point to, which is told by name."""
    pointers = [one.name for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    rows: QuerySet[Any] = model._default_manager.filter(**wanted).order_by("pk")
    return rows.select_related(*pointers) if pointers else rows


def _mention(row: Model, field: "ForeignKey[Any, Any]") -> Told:
    role = str(field.verbose_name)
    if field.name == "author" or isinstance(row, Rating):
        return _told(row, role)  # what somebody wrote is about them as a whole
    return Told(row._meta.label_lower, str(row._meta.verbose_name), str(row), role, ())


def _histories() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "history_user_id")]


def _entries(history: Any, accounts: Collection[User]) -> "QuerySet[Any]":
    """Give what these accounts did in one history, newest first, and of it what a deed tells."""
    entries: QuerySet[Any] = history._default_manager.filter(history_user__in=accounts)
    fields = ("history_date", "history_change_reason", "history_type", "id")
    return entries.order_by("-history_date", "-history_id").only(*fields)


def _newest(histories: "Iterable[QuerySet[Any]]", number: int | None) -> Iterator[Deed]:
    """Bring several histories into one order, without holding all their entries at once."""
    rows = [
        entries.iterator(AT_ONCE) if number is None else entries[:number] for entries in histories
    ]
    for row in islice(merge(*rows, key=attrgetter("history_date"), reverse=True), number):
        kind = row.instance_type._meta
        yield Deed(
            at=row.history_date.isoformat(),
            kind=kind.label_lower,
            label=str(kind.verbose_name),
            key=row.id,
            deed=str(deed_of(row)),
        )
