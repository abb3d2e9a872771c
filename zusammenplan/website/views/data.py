"""Public data: areas, indicators, comparisons, the social index, and all of it as open data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.core.public import CACHE_CONTROL, public_page
from zusammenplan.indicators.models import DataView, Figure
from zusammenplan.indicators.queries.looking.asked import (
    area_asked,
    comparison_asked,
    indicator_asked,
    overview_asked,
)
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.indicators.queries.looking.social_index import social_index_page
from zusammenplan.indicators.queries.looking.sources import origins_of, sources_of
from zusammenplan.indicators.queries.looking.value_page import (
    ValuePage,
    age_page,
    recalculated_page,
    value_page,
)
from zusammenplan.plans.models import Measure, Need
from zusammenplan.plans.queries.follows import follows
from zusammenplan.website.package import data_package
from zusammenplan.website.queries.dataset import dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from zusammenplan.indicators.queries.looking.profile import Profile
    from zusammenplan.indicators.queries.looking.rows import DataChart
    from zusammenplan.indicators.queries.provenance import Source


@public_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    page = overview_asked(EVERYBODY, request.GET)
    described = dataset(
        request.path,
        name=_("Data"),
        description=_("Official figures for each area, as charts, maps and open data."),
        areas=[page.top_name] if page.top_name else [],
        figures=[page.top.map.figure] if page.top and page.top.map else [],
        measured=[line.name for topic in page.topics for line in topic.lines if line.has_values],
        kept=_public_figures().filter(area=page.top.place.pk) if page.top else None,
        sources=_sources(
            [page.top.map] if page.top else [],
            [
                *(_pages_of(page.top) if page.top else []),
                *(one.people_url for one in page.areas.lines),
            ],
        ),
        files=[(_("All public data as a data package (ZIP)"), "ZIP", "datenpaket.zip")],
    )
    return _page(request, "overview", page, dataset=described)


@public_page
@require_safe
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an area's profile, and what public plans make of it."""
    page = area_asked(pk, EVERYBODY, request.GET)
    if page is None:
        raise Http404
    described = dataset(
        request.path,
        name=page.place.name,
        description=page.lead,
        figures=[one.figure for one in page.all_charts],
        measured=[one.name for one in page.key_figures],
        areas=[page.place.name],
        kept=_public_figures().filter(area=pk),
        sources=_sources(page.all_charts, _pages_of(page)),
    )
    found = follows([pk], _page_of, AnonymousUser())
    return _page(request, "area", page, dataset=described, follows=found)


@public_page
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    page = indicator_asked(code, EVERYBODY, request.GET)
    if page is None:
        raise Http404
    figures = _public_figures().filter(indicator=page.indicator)
    described = dataset(
        request.path,
        name=page.indicator.name,
        description=page.indicator.definition,
        figures=[one.figure for one in page.all_charts],
        measured=[page.indicator.name],
        kept=figures,
        sources=_sources(
            page.all_charts, [url for one in page.lines for url in (one.value_url, one.before_url)]
        ),
    )
    return _page(request, "indicator", page, dataset=described)


@public_page
@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    page = comparison_asked(EVERYBODY, request.GET)
    compared = [one for one in (page.first, page.second) if one]
    described = dataset(
        request.path,
        name=" / ".join(one.name for one in compared) or _("Two areas side by side"),
        description=_("Two areas side by side"),
        areas=[one.name for one in compared],
        figures=[one.figure for one in page.charts],
        measured=[line.name for group in page.groups for line in group.lines],
        kept=_public_figures().filter(area__in=[one.pk for one in compared]),
        sources=_sources(
            page.charts,
            [
                url
                for group in page.groups
                for line in group.lines
                for url in (line.first_url, line.second_url)
            ],
        ),
    )
    return _page(request, "comparison", page, dataset=described)


@public_page
@require_safe
def social_index(request: HttpRequest, code: str) -> HttpResponse:
    page = social_index_page(code, EVERYBODY, request.GET.get("page"))
    if page is None:
        raise Http404
    described = dataset(
        request.path,
        name=page.index.name,
        description=page.index.explanation,
        figures=[one.figure for one in page.all_charts],
        measured=[one.name for one in page.parts],
        kept=_public_figures().filter(indicator__in=page.index.parts.values("indicator")),
        sources=_sources([], [one.value_url for line in page.lines for one in line.scores]),
    )
    return _page(request, "social_index", page, dataset=described)


@public_page
@require_safe
def value(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell where a value comes from."""
    return _value(request, value_page(pk, EVERYBODY))


@public_page
@require_safe
def recalculated(request: HttpRequest, version: int, code: str, period: str) -> HttpResponse:
    """Tell how a value was recalculated to the territory of today."""
    return _value(request, recalculated_page(version, code, period, EVERYBODY))


@public_page
@require_safe
def ages(request: HttpRequest, version: int, period: str, ages: str) -> HttpResponse:
    """Tell from which counts the share of an age comes."""
    return _value(request, age_page(version, period, ages, EVERYBODY))


def _value(request: HttpRequest, page: ValuePage | None) -> HttpResponse:
    if page is None:
        raise Http404
    told = page.told
    described = dataset(
        request.path,
        name=f"{told.indicator.name}, {told.area}, {told.period}",
        description=told.indicator.definition,
        measured=[told.indicator.name],
        areas=[told.area],
        period=page.period,
        sources=told.sources,
    )
    return _page(request, "value", page, dataset=described)


@public_page
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001 - as views are called
    """Lead from a kept view's lasting address to what it shows today."""
    kept = get_object_or_404(DataView.objects.filter(is_public=True), slug=code)
    return HttpResponseRedirect(f"{reverse('website:data-overview')}{kept.target}")


@login_not_required
@require_safe
def package(request: HttpRequest) -> FileResponse:  # noqa: ARG001 - as views are called
    """Give everything public as a data package; the file is made once a public version."""
    response = FileResponse(
        data_package().open("rb"),
        as_attachment=True,
        filename="datenpaket.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = CACHE_CONTROL
    return response


def _sources(charts: Iterable[DataChart | None], pages: Iterable[str]) -> list[Source]:
    """Give the files from which what a page shows came: in charts, and with links to its origin."""
    return sources_of(origins_of(EVERYBODY, charts, pages))


def _pages_of(page: Profile) -> Iterator[str]:
    for one in page.key_figures:
        yield one.value_url
        yield from (other.url for other in one.compared)


def _public_figures() -> QuerySet[Figure]:
    return Figure.objects.filter(indicator__is_public=True)


def _page_of(record: Need | Measure) -> str:
    name = "website:measure" if isinstance(record, Measure) else "website:plan-need"
    return reverse(name, args=[record.plan.slug, record.pk])


def _page(request: HttpRequest, name: str, page: Any, **more: object) -> HttpResponse:
    context = {"page": page, "audience": EVERYBODY, **more}
    return render(request, f"indicators/data/{name}.html", context)
