"""Addresses of the interface; django-ninja's own ones are opened to all and cached."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import PathConverter

from zusammenplan.api.views.docs import docs
from zusammenplan.api.views.endpoints import api, index, missing, open_to_all


class AnyPathConverter(PathConverter):
    """A path that may hold line breaks too, so that no address here is answered with a page."""

    regex = "(?s:.+)"


register_converter(AnyPathConverter, "any")


def _opened(pattern: URLPattern) -> URLPattern:
    view = index if pattern.name == "api-root" else pattern.callback
    return path(str(pattern.pattern), open_to_all(view), name=pattern.name)


app_name = "api"
urlpatterns = [
    path("docs", docs, name="docs"),
    *(_opened(pattern) for pattern in api.urls[0] if isinstance(pattern, URLPattern)),
    path("<any:rest>", open_to_all(missing), name="missing"),
]
