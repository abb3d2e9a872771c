"""The error pages and the component page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils.translation import override

from zusammenplan.core import errors

urlpatterns = [path("", include("zusammenplan.core.urls"))]


@pytest.fixture
def bare_pages() -> Iterator[None]:
    """Leave out what other apps add to a page."""
    templates: dict[str, Any] = settings.TEMPLATES[0]
    options = {
        **templates["OPTIONS"],
        "context_processors": ["django.template.context_processors.request"],
    }
    with override_settings(ROOT_URLCONF=__name__, TEMPLATES=[{**templates, "OPTIONS": options}]):
        yield


@pytest.mark.usefixtures("bare_pages")
def test_error_pages_survive_without_municipality_and_menus() -> None:
    request = RequestFactory().get("/gibt/es/nicht/")

    with override("en"):
        answers = [
            errors.bad_request(request, Exception()),
            errors.forbidden(request, PermissionDenied()),
            errors.not_found(request, Http404()),
            errors.csrf_failure(request),
            errors.server_error(request),
        ]

    assert [answer.status_code for answer in answers] == [400, 403, 404, 403, 500]
    assert all(b"<h1" in answer.content for answer in answers)


@pytest.mark.usefixtures("bare_pages")
def test_forbidden_page_says_why() -> None:
    request = RequestFactory().get("/intern/")

    answer = errors.forbidden(request, PermissionDenied("Diese Seite sehen nur Mitglieder."))

    assert "Diese Seite sehen nur Mitglieder." in answer.content.decode()


@pytest.mark.usefixtures("bare_pages")
def test_server_error_page_speaks_both_languages() -> None:
    html = errors.server_error(RequestFactory().get("/")).content.decode()

    assert "Das hat nicht geklappt" in html
    assert "Something went wrong" in html


@pytest.mark.usefixtures("bare_pages")
def test_component_page_shows_each_piece_without_inline_style_or_script(client: Client) -> None:
    html = client.get("/komponenten/").content.decode()

    assert html.count("<h2") >= 18
    assert " style=" not in html
    assert "<script>" not in html
    assert "http://" not in html
    assert "https://" not in html


@pytest.mark.django_db
def test_a_typeface_is_asked_for_early_under_the_address_that_the_stylesheet_names(
    client: Client,
) -> None:
    html = client.get("/kontakt/").content.decode()
    early = set(re.findall(r'href="/static/(vendor/[^"]+)"\s+as="font"', html))
    named = set(re.findall(r'url\("\.\./([^"]+)"\)', Path(str(find("css/fonts.css"))).read_text()))

    assert early
    assert early <= named
