"""How a view answers: a page or a part of it for HTMX, a 403 unless allowed, a download."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_part(request: HttpRequest) -> bool:
    """Tell whether HTMX asks for a part; going back in history needs the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, part: str, status: int = 200
) -> HttpResponse:
    """Render the page, or only its ``{% partialdef part %}`` for HTMX."""
    name = f"{template}#{part}" if wants_part(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def sort_fields(wanted: str, sorts: Mapping[str, Sequence[str]]) -> list[OrderBy]:
    """
    Give the fields to sort a list by; a minus turns them round, an unknown word means "name".

    Where a field is empty the row comes last, whichever way and in whichever database.
    """
    is_down = wanted.startswith("-")
    return [
        OrderBy(F(field), descending=is_down, nulls_last=True)
        for field in sorts.get(wanted.removeprefix("-"), sorts["name"])
    ]


def demand(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: demand(may_close(...))
    """Refuse the request with 403 unless allowed."""
    if not allowed:
        raise PermissionDenied


def download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    """Answer with a file to keep; the name is ASCII and the browser may not guess its kind."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
