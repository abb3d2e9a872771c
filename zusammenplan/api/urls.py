"""Addresses of the interface; django-ninja's own ones are opened to all and cached."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import PathConverter

from zusammenplan.api import views


class AnyPathConverter(PathConverter):
    """A path that may hold line breaks too, so that no address here is answered with a page."""

    regex = "(?s:.+)"


register_converter(AnyPathConverter, "any")


def _opened(pattern: URLPattern) -> URLPattern:
    view = views.index if pattern.name == "api-root" else pattern.callback
    return path(str(pattern.pattern), views.open_to_all(view), name=pattern.name)


app_name = "api"
urlpatterns = [
    path("docs", views.docs, name="docs"),
    *(_opened(pattern) for pattern in views.api.urls[0] if isinstance(pattern, URLPattern)),
    path("<any:rest>", views.open_to_all(views.missing), name="missing"),
]
