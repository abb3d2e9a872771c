"""Words, marks and addresses that several public pages share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext, pgettext

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import (
    scale_of,
    standing_label,
)
from zusammenplan.core.pictures import (
    Size,
)
from zusammenplan.core.templatetags.zp import priority_mark
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import Plan

GOAL_AT_MOST = 180


def day(value: date | datetime) -> str:
    """Write a day as people read it: 5. Februar 2027."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(local, pgettext("date format", "j F Y"))


def years(starts_on: date | None, ends_on: date | None) -> str:
    """Write a period by its years; whatever is open stays open."""
    if starts_on and ends_on:
        if starts_on.year == ends_on.year:
            return str(starts_on.year)
        return _("%(first)s to %(last)s") % {"first": starts_on.year, "last": ends_on.year}
    if starts_on:
        return _("from %(year)s") % {"year": starts_on.year}
    return _("until %(year)s") % {"year": ends_on.year} if ends_on else ""


def opening(text: str) -> str:
    """Give the first sentence of a text, shortened at a word if it is long."""
    line = text.strip().split("\n", 1)[0].strip()
    head, stop, _rest = line.partition(". ")
    line = head + "." if stop else line
    if len(line) <= GOAL_AT_MOST:
        return line
    return line[:GOAL_AT_MOST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def measures_count(count: int) -> str:
    return ngettext("%(count)s measure", "%(count)s measures", count) % {"count": count}


def fields_count(count: int) -> str:
    return ngettext("%(count)s field of action", "%(count)s fields of action", count) % {
        "count": count
    }


def in_language(german: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else german


def sign_of(status: str) -> str:
    return "partly" if status == MeasureStatus.PARTLY_DONE else status


def scale_words(round_: Round) -> str:
    """Tell what the two ends of the scale mean."""
    scale = scale_of(round_)
    return _("%(first)s means: implement first. %(last)s means: last.") % {
        "first": scale.most_urgent,
        "last": scale.least_urgent,
    }


@dataclass(frozen=True, slots=True)
class Label:
    """What a result is worth, as it stands beside every priority."""

    text: str
    is_final: bool
    url: str


def label_of(round_: Round) -> Label:
    text = standing_label(round_)
    if round_.released_at:
        text = _("%(label)s of %(day)s") % {"label": text, "day": day(round_.released_at)}
    return Label(text, round_.is_released, reverse("website:result", args=[round_.slug]))


def leading(rounds: Iterable[Round]) -> Round | None:
    """Give the round whose result counts: the last one released, else the newest interim one."""
    return max(
        rounds,
        key=lambda one: (one.released_at is not None, one.released_at or one.created_at),
        default=None,
    )


class Hrefs:
    """The addresses of a plan's measures: resolved once, then put together."""

    def __init__(self, plan: Plan) -> None:
        self.stem = reverse("website:measure", args=[plan.slug, 0])[:-2]

    def of(self, pk: int) -> SafeString:
        return SafeString(f"{self.stem}{pk}/")


def ends_of(round_: Round) -> tuple[int, int]:
    scale = scale_of(round_)
    return scale.most_urgent, scale.least_urgent


def mark_of(round_: Round, degree: Decimal | None, size: Size = "normal") -> SafeString:
    return priority_mark(degree, *ends_of(round_), size)


def anchor_of(field: int) -> str:
    return f"feld-{field}"
