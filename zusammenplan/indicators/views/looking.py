"""Look at the data in the workspace: the public pages, with hidden values for the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zusammenplan.core.pages import demand
from zusammenplan.indicators.permissions import may_edit_data, may_see_data, may_see_hidden
from zusammenplan.indicators.queries.looking.asked import (
    area_asked,
    comparison_asked,
    indicator_asked,
    overview_asked,
)
from zusammenplan.indicators.queries.looking.audience import Audience
from zusammenplan.indicators.queries.looking.social_index import social_index_page
from zusammenplan.indicators.queries.looking.value_page import (
    age_page,
    recalculated_page,
    value_page,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from zusammenplan.people.permissions import UserRequest


@require_safe
def overview(request: UserRequest) -> HttpResponse:
    return _page(request, "overview", overview_asked(_audience(request), request.GET))


@require_safe
def area(request: UserRequest, pk: int, follows: Sequence[object] = ()) -> HttpResponse:
    """Show an area's profile; what follows from it in plans comes from above."""
    page = area_asked(pk, _audience(request), request.GET)
    return _page(request, "area", page, follows=follows)


@require_safe
def indicator(request: UserRequest, code: str) -> HttpResponse:
    return _page(request, "indicator", indicator_asked(code, _audience(request), request.GET))


@require_safe
def comparison(request: UserRequest) -> HttpResponse:
    page = comparison_asked(_audience(request), request.GET)
    # What is not chosen yet is not worth a name.
    more: dict[str, object] = {} if page.groups else {"keep_url": ""}
    return _page(request, "comparison", page, **more)


@require_safe
def social_index(request: UserRequest, code: str) -> HttpResponse:
    return _page(
        request,
        "social_index",
        social_index_page(code, _audience(request), request.GET.get("page")),
    )


@require_safe
def value(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, "value", value_page(pk, _audience(request)))


@require_safe
def recalculated(request: UserRequest, version: int, code: str, period: str) -> HttpResponse:
    page = recalculated_page(version, code, period, _audience(request))
    return _page(request, "value", page)


@require_safe
def ages(request: UserRequest, version: int, period: str, ages: str) -> HttpResponse:
    return _page(request, "value", age_page(version, period, ages, _audience(request)))


def _audience(request: UserRequest) -> Audience:
    demand(may_see_data(request.user))
    return Audience(is_inside=True, sees_hidden=may_see_hidden(request.user))


def _page(request: UserRequest, name: str, page: Any, **more: object) -> HttpResponse:
    if page is None:
        raise Http404
    context = {
        "page": page,
        "audience": _audience(request),
        "keep_url": request.get_full_path() if may_edit_data(request.user) else "",
        **more,
    }
    return render(request, f"indicators/data/{name}.html", context)
