"""Addresses of the interface; django-ninja's own ones are opened to all and cached."""

from django.urls import URLPattern, path

from zusammenplan.api import views


def _opened(pattern: URLPattern) -> URLPattern:
    view = views.index if pattern.name == "api-root" else pattern.callback
    return path(str(pattern.pattern), views.open_to_all(view), name=pattern.name)


app_name = "api"
urlpatterns = [
    path("docs", views.docs, name="docs"),
    *(_opened(pattern) for pattern in views.api.urls[0] if isinstance(pattern, URLPattern)),
    path("<path:rest>", views.open_to_all(views.missing), name="missing"),
]
