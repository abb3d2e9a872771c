"""What happened last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext

from zusammenplan.ballots.models import Group, Proposal, Round
from zusammenplan.core.german import either, like
from zusammenplan.core.history import deed_of, entry_time
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.plans.models import FieldOfAction, Measure, Plan

EVENTS = 8
ENTRIES_READ = 40


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that somebody did, with the record it was done to."""

    at: datetime
    when: str
    who: str
    what: str
    name: str
    url: str
    more: int = 0

    @property
    def others(self) -> str:
        if not self.more:
            return ""
        return ngettext("and %(count)s more", "and %(count)s more", self.more) % {
            "count": self.more
        }


@dataclass(frozen=True, slots=True)
class _Source:
    """A model with history: how an entry is called and where its record is found."""

    model: Any
    related: tuple[str, ...]
    name: Callable[[Any], str]
    url: Callable[[Any], str]


def _said(row: Any, name: str) -> str:
    """Give a text of an entry, which has the columns of its record but none of its words."""
    texts = getattr(row, f"{name}_de"), getattr(row, f"{name}_en")
    return either(*texts, get_language() or "de")


def _numbered(number: str, name: str) -> str:
    return like(name, f"{number} {name}")


SOURCES = (
    _Source(
        Round,
        (),
        lambda row: _said(row, "title"),
        lambda row: reverse("ballots:round-detail", args=[row.slug]),
    ),
    _Source(
        Group,
        ("round",),
        lambda row: _said(row, "name"),
        lambda row: reverse("ballots:round-detail", args=[row.round.slug]),
    ),
    _Source(
        Proposal,
        ("round",),
        lambda row: str(row.title),
        lambda row: reverse("ballots:proposal-list", args=[row.round.slug]),
    ),
    _Source(
        Plan,
        (),
        lambda row: _said(row, "title"),
        lambda row: reverse("plans:plan-detail", args=[row.slug]),
    ),
    _Source(
        FieldOfAction,
        ("plan",),
        lambda row: _numbered(row.code, _said(row, "name")),
        lambda row: reverse("plans:plan-detail", args=[row.plan.slug]),
    ),
    _Source(
        Measure,
        ("plan",),
        lambda row: _numbered(row.number, _said(row, "title")),
        lambda row: reverse("plans:measure-detail", args=[row.plan.slug, row.id]),
    ),
    _Source(
        Body,
        (),
        lambda row: _said(row, "name"),
        lambda row: reverse("meetings:body-detail", args=[row.id]),
    ),
    _Source(
        Seat,
        ("body",),
        lambda row: str(row.name),
        lambda row: reverse("meetings:body-detail", args=[row.body_id]),
    ),
)


def events(limit: int = EVENTS) -> list[Event]:
    """
    Tell what happened last, newest first; the same deed to many records is told once.

    Deeds that come in many small steps, such as counting hands row by row, name their record once.
    """
    entries = [event for source in SOURCES for event in _entries(source)]
    entries.sort(key=lambda event: event.at, reverse=True)
    return _together(entries, limit)


def _entries(source: _Source) -> Iterable[Event]:
    rows = list(
        source.model.history.select_related("history_user", *source.related).order_by(
            "-history_date", "-history_id"
        )[:ENTRIES_READ]
    )
    there = set(
        source.model.objects.filter(pk__in={row.id for row in rows}).values_list("pk", flat=True)
    )
    for row in rows:
        yield Event(
            at=row.history_date,
            when=entry_time(row.history_date),
            who=str(row.history_user) if row.history_user else "",
            what=deed_of(row),
            name=source.name(row),
            url=source.url(row) if row.id in there else "",
        )


def _together(entries: Sequence[Event], limit: int) -> list[Event]:
    told: list[Event] = []
    named: set[tuple[str, str]] = set()
    for event in entries:
        last = told[-1] if told else None
        if (
            last is not None
            and (last.who, last.what) == (event.who, event.what)
            and last.at - event.at < timedelta(minutes=1)
        ):
            if (event.name, event.url) not in named:
                told[-1] = replace(last, more=last.more + 1)
                named.add((event.name, event.url))
            continue
        if len(told) == limit:
            break
        told.append(event)
        named = {(event.name, event.url)}
    return told
