"""
Addresses of areas, with what follows from a change of territory for the figures.

Areas stand below the figures and know nothing of them, so the linking is done here.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from zusammenplan.core.public import current_version
from zusammenplan.indicators.actions.areas import follow_areas
from zusammenplan.places import urls

View = Callable[..., HttpResponse]
# Of these the territory stays as it is.
WITHOUT_FIGURES = {"area-list", "area-move", "area-import", "area-import-check"}


def with_figures(view: View) -> View:
    """Compute figures anew, in the same transaction, when the page changed an area."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            before = current_version()
            response = view(request, *args, **kwargs)
            if current_version() != before:
                follow_areas()
        return response

    return answer


def _followed(pattern: URLPattern) -> URLPattern:
    view = pattern.callback
    if pattern.name not in WITHOUT_FIGURES:
        view = with_figures(view)
    return path(str(pattern.pattern), view, name=pattern.name)


app_name = "places"
urlpatterns = [_followed(pattern) for pattern in urls.urlpatterns]
