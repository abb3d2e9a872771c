"""Charts and profiles as files: for everybody, and in the workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.core.charts.drawing import Around, svg_file
from zusammenplan.core.charts.line import LineChart
from zusammenplan.core.choosing import key_in
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.core.pages import demand, download
from zusammenplan.core.public import (
    CACHE_CONTROL,
    current_version,
    keep_for_a_moment,
    public_page,
)
from zusammenplan.core.slugs import slug_of
from zusammenplan.indicators.exports.tables import csv_file, json_file, xlsx_file
from zusammenplan.indicators.permissions import may_see_data, may_see_hidden
from zusammenplan.indicators.queries.looking.asked import (
    area_asked,
    comparison_asked,
    indicator_asked,
    overview_asked,
)
from zusammenplan.indicators.queries.looking.audience import EVERYBODY, Audience
from zusammenplan.indicators.queries.looking.social_index import social_index_page
from zusammenplan.indicators.queries.looking.sources import licences_of
from zusammenplan.reports.actions import make_now
from zusammenplan.reports.exports.kinds import CONTENT_TYPES
from zusammenplan.reports.exports.png import as_png
from zusammenplan.reports.queries.profiles import areas_with_profiles, profile_document
from zusammenplan.reports.views.documents import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest, QueryDict
    from django.urls import URLPattern

    from zusammenplan.core.charts.drawing import Figure
    from zusammenplan.indicators.queries.looking.rows import DataChart, DataRow
    from zusammenplan.people.permissions import UserRequest
    from zusammenplan.reports.actions import Kind
    from zusammenplan.reports.queries.model import Document

CHART_KINDS = ("svg", "png", "csv", "xlsx", "json")
PROFILES_AT_MOST, PROFILES_SPAN = 30, timedelta(minutes=10)
KEPT_SECONDS = 600

FILE = "<slug:chart>.<slug:file_kind>"
# Below which page's address its charts lie, and which part of it names the record.
PAGES = {
    "overview": FILE,
    "area": f"gebiet/<slug:of>/{FILE}",
    "indicator": f"indikator/<slug:of>/{FILE}",
    "comparison": f"vergleich/{FILE}",
    "social-index": f"sozialindex/<slug:of>/{FILE}",
}


def chart_paths(
    base: str, view: Callable[..., HttpResponse], pages: Mapping[str, str]
) -> list[URLPattern]:
    """Give the addresses of the charts' files, each below its page."""
    return [
        path(f"{base}{below}", view, {"page": page}, name=f"data-{page}-file")
        for page, below in pages.items()
    ]


@public_page
@require_safe
def public_chart(
    request: HttpRequest, page: str, chart: str, file_kind: str, of: str = ""
) -> HttpResponse:
    """Give a chart of a public page as file, or the values behind it."""
    return _chart(*_charts(page, of, EVERYBODY, request.GET), chart, file_kind)


@require_safe
def inner_chart(
    request: UserRequest, page: str, chart: str, file_kind: str, of: str = ""
) -> HttpResponse:
    """Give a chart of a page of the workspace, with hidden values for whoever may see them."""
    return _chart(*_charts(page, of, _audience(request), request.GET), chart, file_kind)


@login_not_required
@require_safe
def public_profile(request: HttpRequest, pk: int, kind: Kind) -> HttpResponse:
    return _public_file(request, [pk], kind, f"profil-{pk}")


@login_not_required
@require_safe
def public_profiles(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Give the profiles of all areas as one document."""
    return _public_file(request, areas_with_profiles(), kind, "profile")


@require_safe
def inner_profile(request: UserRequest, pk: int, kind: Kind) -> HttpResponse:
    audience = _audience(request)
    document = profile_document([pk], now=_today(), audience=audience) if kind in KINDS else None
    if document is None:
        raise Http404
    content = make_now(0, document, kind)
    return download(content, name=f"{document.slug}.{kind}", kind=KINDS[kind])


def _audience(request: UserRequest) -> Audience:
    demand(may_see_data(request.user))
    return Audience(is_inside=True, sees_hidden=may_see_hidden(request.user))


def _charts(
    page: str, of: str, audience: Audience, asked: QueryDict
) -> tuple[Sequence[DataChart], str]:
    """Read the page on which the chart stands, and of which area all of it tells."""
    found: Any
    if page == "area":
        key = key_in(of)
        found = None if key is None else area_asked(key, audience, asked)
    elif page == "indicator":
        found = indicator_asked(of, audience, asked)
    elif page == "comparison":
        found = comparison_asked(audience, asked)
    elif page == "social-index":
        found = social_index_page(of, audience)
    else:
        found = overview_asked(audience, asked).top
    if found is None:
        raise Http404
    about = found.place.name if page == "area" else ""
    return cast("Sequence[DataChart]", found.all_charts), about


def _chart(charts: Sequence[DataChart], about: str, key: str, kind: str) -> HttpResponse:
    one = next((chart for chart in charts if chart.key == key), None)
    drawn = one.figure.chart if one else None
    if one is None or kind not in CHART_KINDS or (kind in {"svg", "png"} and drawn is None):
        raise Http404
    figure = one.figure
    if about and about not in figure.note and about not in figure.heading:
        # On its page it stands below the area's name; a file is alone.
        figure = replace(figure, note=f"{about}: {figure.note}")
    if drawn is not None and kind in {"svg", "png"}:
        content = svg_file(
            drawn, title=figure.heading, told=figure.told, around=_around(figure, one.rows())
        )
        content = as_png(content, "svg") if kind == "png" else content
    elif kind == "csv":
        content = csv_file(one.rows())
    else:
        rows = one.rows()
        facts = [
            (_("Title"), figure.heading),
            (_("What is shown"), figure.note),
            (_("Source"), figure.source),
            (_("Licence"), licences_of(rows)),
            (_("Note"), figure.remark),
            (_("Taken from"), settings.SITE_URL),
        ]
        make = xlsx_file if kind == "xlsx" else json_file
        content = make(rows, title=figure.heading, about=[fact for fact in facts if fact[1]])
    # A heading can be a whole sentence: what stands before the colon names the file.
    name = slug_of(figure.heading.split(":")[0]) or key
    name = f"{name[:50].strip('-')}-{key}" if key not in name else name
    name = f"{slug_of(about)}-{name}".strip("-")
    return download(content, name=f"{name}.{kind}", kind=CONTENT_TYPES[kind])


def _around(figure: Figure, rows: Sequence[DataRow]) -> Around:
    """Write around a picture what stands around it on its page, and whence it was taken."""
    licences = licences_of(rows)
    below = [
        _("The upright axis does not begin at 0.")
        if isinstance(figure.chart, LineChart) and not figure.chart.begins_at_nought
        else "",
        figure.remark,
        _("Source: %(source)s") % {"source": figure.source} if figure.source else "",
        _("Licence: %(licence)s") % {"licence": licences} if licences else "",
        _("Taken from %(site)s") % {"site": settings.SITE_URL},
    ]
    return Around(figure.heading, figure.note, [text for text in below if text])


def _public_file(request: HttpRequest, pks: list[int], kind: Kind, name: str) -> HttpResponse:
    """Give a document of public profiles; it is made once and kept until its content changes."""
    if kind not in KINDS:
        raise Http404
    count_attempt("profile", client_network(request), limit=PROFILES_AT_MOST, span=PROFILES_SPAN)
    language = (get_language() or "de")[:2]
    key = f"{current_version()}:profile:{timezone.localdate()}:{language}:{name}"
    document: Document | None = keep_for_a_moment(
        key, lambda: profile_document(pks, now=_today()), seconds=KEPT_SECONDS
    )
    if document is None:
        raise Http404
    content = make_now(0, document, kind)
    response = download(content, name=f"{document.slug}.{kind}", kind=KINDS[kind])
    response["Cache-Control"] = CACHE_CONTROL
    return response


def _today() -> Any:
    """Give the beginning of today, so that the same content makes the same file all day."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
