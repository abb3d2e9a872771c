"""Values of the data that needs cite: in words, with where they come from and what is newer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Max, OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _

from zusammenplan.indicators.models import Figure, StatisticsImport
from zusammenplan.indicators.queries.looking.values import GAP, HIDDEN, written
from zusammenplan.indicators.queries.provenance import provenance
from zusammenplan.indicators.queries.words import period_text
from zusammenplan.plans.domain.citations import Cited, news
from zusammenplan.plans.models import NeedEvidence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from django.db.models import QuerySet

    from zusammenplan.plans.domain.citations import News
    from zusammenplan.plans.domain.content import CitationContent, EvidenceContent
    from zusammenplan.plans.models import Plan


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value that came after the cited one, and what can be done about it."""

    kind: News
    figure: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited value as a page shows it; ``figure`` leads to where it comes from."""

    value: str
    what: str
    figure: int
    is_hidden: bool
    new: NewValue | None = None

    @property
    def text(self) -> str:
        return f"{self.what}: {self.value}"


def citations(
    evidence: Iterable[NeedEvidence], *, see_hidden: bool = False, with_news: bool = False
) -> dict[int, Citation]:
    """
    Put the cited values among the evidence into words, by the evidence's key.

    What is secret today is hidden, whatever it was when it was cited. The number of queries grows
    only with the values that are newer than what is cited.
    """
    keys = [one.pk for one in evidence if one.is_cited]
    if not keys:
        return {}
    rows = list(with_figures(NeedEvidence.objects.filter(pk__in=keys)))
    wanted = {pk for row in rows for pk in (row.figure, row.newest) if pk}
    figures = Figure.objects.select_related("indicator", "area_version").in_bulk(wanted)
    found = {}
    for row in rows:
        now = figures.get(row.figure)
        is_hidden = now is not None and bool(now.secrecy) and not see_hidden
        value = HIDDEN if is_hidden else value_words(row.cited_value, row.indicator)
        new = _news(row, figures.get(row.newest)) if with_news else None
        found[row.pk] = Citation(
            value=value,
            what=what_words(row.indicator.name, row.area.name, row.starts_on, row.ends_on),
            figure=row.figure or 0,
            is_hidden=now is not None and bool(now.secrecy),
            new=new,
        )
    return found


def with_figures(rows: QuerySet[NeedEvidence]) -> QuerySet[Any]:
    """Give cited evidence with the keys of the figure that it cites and of the newest one."""
    same = Figure.objects.filter(indicator=OuterRef("indicator"), area=OuterRef("area"))
    return (
        rows.filter(indicator__isnull=False)
        .select_related("indicator", "area")
        .annotate(
            figure=figure_cited("pk"),
            newest=Subquery(
                same.filter(value__isnull=False, secrecy="")
                .order_by("-ends_on", "-starts_on", "-area_version")
                .values("pk")[:1]
            ),
        )
    )


def figure_cited(name: str) -> Subquery:
    """Give a column of the figure that evidence cites, as it is today."""
    exact = Figure.objects.filter(
        indicator=OuterRef("indicator"),
        area=OuterRef("area"),
        starts_on=OuterRef("starts_on"),
        ends_on=OuterRef("ends_on"),
    )
    return Subquery(exact.order_by("-area_version").values(name)[:1])


def needs_with_news(plan: Plan) -> set[int]:
    """Tell of which needs a cited value is out of date, with two queries."""
    rows = list(with_figures(NeedEvidence.objects.filter(need__plan=plan)))
    figures = Figure.objects.in_bulk({row.newest for row in rows if row.newest})
    return {row.need_id for row in rows if _kind_of_news(row, figures.get(row.newest))}


def hidden_citations(plan: Plan) -> list[NeedEvidence]:
    """Give the evidence that cites a value which the public may not see."""
    secret = Figure.objects.exclude(secrecy="")
    rows = with_figures(NeedEvidence.objects.filter(need__plan=plan))
    return list(rows.filter(figure__in=secret.values("pk")))


def value_words(value: Decimal, indicator: Any) -> str:
    """Write a value with its unit."""
    number = written(value, places=indicator.decimals)
    return f"{number}{GAP}{indicator.unit}" if indicator.unit else number


def what_words(name: str, area: str, starts_on: Any, ends_on: Any) -> str:
    """Say of what a value is."""
    return _("%(indicator)s, %(area)s, %(period)s") % {
        "indicator": name,
        "area": area,
        "period": period_text(starts_on, ends_on),
    }


def citation_words(one: CitationContent) -> str:
    """Write a kept citation in the language that is active."""
    language = get_language() or "de"
    what = what_words(one.name.say(language), one.area, one.starts_on, one.ends_on)
    if one.value is None:
        return f"{what}: {one.sign}"
    unit = one.unit.say(language)
    number = written(one.value, places=one.decimals)
    return f"{what}: {number}{GAP}{unit}" if unit else f"{what}: {number}"


def evidence_words(one: EvidenceContent) -> str:
    """Say a kept piece of evidence: its own words, and the value that it cites."""
    text = one.text.say(get_language() or "de")
    if one.citation is None:
        return text
    cited = citation_words(one.citation)
    return f"{text.rstrip('.')}. {cited}" if text else cited


def _cited(row: Any) -> Cited:
    return Cited(row.ends_on, row.cited_value)


def _kind_of_news(row: Any, newest: Figure | None) -> News | None:
    if newest is None or newest.value is None:
        return None
    declined = None
    if row.declined_on is not None and row.declined_value is not None:
        declined = Cited(row.declined_on, row.declined_value)
    return news(_cited(row), Cited(newest.ends_on, newest.value), declined, row.indicator.decimals)


def _news(row: Any, newest: Figure | None) -> NewValue | None:
    kind = _kind_of_news(row, newest)
    if kind is None or newest is None or newest.value is None:
        return None
    words = {
        "day": _since(newest),
        "new": value_words(newest.value, row.indicator),
        "period": period_text(newest.starts_on, newest.ends_on),
        "old": value_words(row.cited_value, row.indicator),
    }
    if kind == "newer":
        sentence = _("New value since %(day)s: %(new)s (%(period)s) instead of %(old)s") % words
    else:
        sentence = _("Changed value since %(day)s: %(new)s (%(period)s) instead of %(old)s") % words
    return NewValue(kind, newest.pk, sentence)


def _since(figure: Figure) -> str:
    """Give the day on which the last of its counts was taken over."""
    sources = [one.pk for one in provenance(figure).sources]
    last = StatisticsImport.objects.filter(pk__in=sources).aggregate(last=Max("imported_at"))
    return date_format(localtime(last["last"]), "SHORT_DATE_FORMAT") if last["last"] else "?"


def figures_to_cite(indicator: int, area: int) -> list[Figure]:
    """Give an indicator's values for an area that can be cited, the newest first; no secret one."""
    return list(
        Figure.objects.filter(indicator=indicator, area=area, value__isnull=False, secrecy="")
        .select_related("indicator", "area")
        .order_by("-ends_on", "-starts_on", F("area_version").desc())
    )
