"""
Addresses of the data in the workspace, with what follows from an area's figures in the plans.

Figures stand below the plans and know nothing of them, so the linking is done here.
"""

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from zusammenplan.indicators import urls
from zusammenplan.indicators.views import looking
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.queries.follows import follows


@require_safe
def area(request: UserRequest, pk: int) -> HttpResponse:
    """Show an area's profile, with the needs and measures of all plans that name it."""
    found = follows([pk], lambda record: record.get_absolute_url(), request.user)
    return looking.area(request, pk, follows=found)


def _linked(pattern: URLPattern) -> URLPattern:
    view = area if pattern.name == "data-area" else pattern.callback
    return path(str(pattern.pattern), view, name=pattern.name)


app_name = "indicators"
urlpatterns = [_linked(pattern) for pattern in urls.urlpatterns]
