"""Words, marks and addresses that several public pages share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, Concat, NullIf
from django.template.loader import render_to_string
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
from zusammenplan.core.german import MARK, either, markup, unmarked
from zusammenplan.core.links import first_address
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.pictures import Size, steps_bar
from zusammenplan.core.templatetags.zp import priority_mark
from zusammenplan.indicators.models import Indicator, SocialIndex
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import EvaluationStatus, MeasureStatus
from zusammenplan.plans.models import (
    Evaluation,
    FieldOfAction,
    Goal,
    Measure,
    Need,
    Plan,
    PlanVersion,
)

Query = TypeVar("Query", bound="QuerySet[Any, Any]")
MEGABYTE = 1_000_000
ADDRESSES_AT_MOST = 50_000  # what a sitemap may hold


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


def measures_count(count: int) -> str:
    return ngettext("%(count)s measure", "%(count)s measures", count) % {"count": count}


def fields_count(count: int) -> str:
    return ngettext("%(count)s field of action", "%(count)s fields of action", count) % {
        "count": count
    }


def in_language(german: str, english: str) -> str:
    return either(german, english, get_language() or "de")


class SaidField(TextField):  # type: ignore[type-arg] # Django's own knows no brackets
    """A text that comes from the database with a mark where it is German in English."""

    def from_db_value(self, value: str | None, *_how: object) -> str | None:
        return value and unmarked(value)


def said(name: str) -> "str | Coalesce":
    """Ask the database for a text in the language of the moment, so that rows hold but one."""
    if not (get_language() or "").startswith("en"):
        return f"{name}_de"
    text = SaidField()
    english = NullIf(F(f"{name}_en"), Value(""), output_field=text)
    german = Concat(Value(MARK), F(f"{name}_de"), output_field=text)
    return Coalesce(english, german, output_field=text)


def built_once(make: Callable[[], Query]) -> Callable[[], Query]:
    """
    Build a query once in each language; who asks narrows it down to what is wanted.

    To put its parts together costs Django more than the database takes to answer.
    """
    kept: dict[str, Query] = {}

    @wraps(make)
    def give() -> Query:
        language = get_language() or "de"
        if language not in kept:
            kept[language] = make()
        return kept[language]

    return give


def escaped(text: str) -> SafeString:
    """Write a text once, so that the template need not ask what it is a hundred times."""
    return SafeString(markup(text))


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


def site_addresses() -> list[str]:
    """Give the address of every page of every published plan, in the language of the moment."""
    found = []
    plans = Plan.objects.published().order_by("pk")
    pages = ("plan", "plan-goal-list", "plan-need-list", "plan-timeline", "plan-change-list")
    parts = (
        ("plan-field", FieldOfAction),
        ("plan-goal", Goal),
        ("plan-need", Need),
        ("measure", Measure),
    )
    slugs = dict(plans.values_list("pk", "slug"))
    for slug in slugs.values():
        found += [reverse(f"website:{name}", args=[slug]) for name in (*pages, "plan-version-list")]
    closed = Evaluation.objects.filter(plan__in=slugs, status=EvaluationStatus.CLOSED)
    found += [
        reverse("website:evaluation", args=[slugs[plan], slug])
        for plan, slug in closed.order_by("plan", "pk").values_list("plan_id", "slug")
    ]
    found += [
        reverse("website:plan-version", args=[slugs[plan], number])
        for plan, number in PlanVersion.objects.filter(plan__in=slugs)
        .order_by("plan", "number")
        .values_list("plan_id", "number")
    ]
    for name, model in parts:
        stems = {pk: reverse(f"website:{name}", args=[slug, 0])[:-2] for pk, slug in slugs.items()}
        records = model._default_manager.filter(plan__in=slugs).order_by("plan", "pk")
        found += [f"{stems[plan]}{pk}/" for pk, plan in records.values_list("pk", "plan_id")]
    found += _data_addresses()
    return [f"{settings.SITE_URL}{address}" for address in found[:ADDRESSES_AT_MOST]]


def _data_addresses() -> list[str]:
    """Give the pages of areas and indicators; each value's own page is led to from these."""
    found = [reverse("website:data-overview"), reverse("website:data-comparison")]
    areas = reverse("website:data-area", args=[0])[:-2]
    found += [
        f"{areas}{pk}/" for pk in Area.objects.own().order_by("pk").values_list("pk", flat=True)
    ]
    codes = Indicator.objects.filter(is_public=True).order_by("pk").values_list("code", flat=True)
    found += [reverse("website:data-indicator", args=[code]) for code in codes]
    indices = SocialIndex.objects.public().order_by("slug")
    return found + [
        reverse("website:data-social-index", args=[slug])
        for slug in indices.values_list("slug", flat=True)
    ]


class Hrefs:
    """The addresses of a plan's measures or goals: resolved once, then put together."""

    def __init__(self, plan: Plan, name: str = "website:measure") -> None:
        self.stem = reverse(name, args=[plan.slug, 0])[:-2]

    def of(self, pk: int) -> SafeString:
        return SafeString(f"{self.stem}{pk}/")


def ends_of(round_: Round) -> tuple[int, int]:
    scale = scale_of(round_)
    return scale.most_urgent, scale.least_urgent


def mark_of(round_: Round, degree: Decimal | None, size: Size = "normal") -> SafeString:
    return priority_mark(degree, *ends_of(round_), size)


def anchor_of(field: int) -> str:
    return f"feld-{field}"


def period_of(text: str, starts_on: date | None, ends_on: date | None) -> str:
    """Write a period as somebody wrote it, which is in German; else by its years."""
    in_years = years(starts_on, ends_on)
    return in_years or text if (get_language() or "").startswith("en") else text or in_years


def month(value: date | datetime) -> str:
    """Write a month as people read it: Oktober 2026."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return date_format(local, pgettext("date format", "F Y"))


@lru_cache(maxsize=1024)
def _progress(done: int, total: int, language: str) -> SafeString:  # noqa: ARG001 - kept per language
    context = {
        "bar": steps_bar(done, total),
        "unit": ngettext("milestone reached", "milestones reached", total),
    }
    return SafeString(" ".join(render_to_string("components/steps_bar.html", context).split()))


def progress(done: int, total: int) -> SafeString:
    """Draw how many of the milestones are reached; nothing where there are none."""
    return _progress(done, total, get_language() or "de") if total else SafeString("")


def optional_url(name: str, *args: object) -> str:
    """Give the address of a page that an installation may lack."""
    return _optional_url(name, args, get_language() or "de")


@lru_cache(maxsize=1024)
def _optional_url(name: str, args: tuple[object, ...], language: str) -> str:  # noqa: ARG001 - an address is one in each language
    return first_address((name, *args))


def file_size(size: int) -> str:
    """Write a size as people read it: 640 KB, 2,1 MB."""
    if size < MEGABYTE:
        return _("%(size)s KB") % {"size": max(round(size / 1000), 1)}
    return _("%(size)s MB") % {"size": decimal_text(size / MEGABYTE, places=1)}


def file_kind(kind: str, name: str) -> str:
    """Name the kind of a file by three or four letters: PDF, XLSX."""
    ending = name.rpartition(".")[2] if "." in name else kind.rpartition("/")[2]
    return ending[:5].upper()
