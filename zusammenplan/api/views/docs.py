"""The page that explains the interface."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext as _, override
from django.views.decorators.http import require_safe

from zusammenplan.api.views.endpoints import api
from zusammenplan.core.public import public_page


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the interface, as the page explains it."""

    anchor: str
    path: list[str]
    summary: str
    parameters: list[Parameter]
    call: str
    example: str


@public_page
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Explain every address with its parameters and an example; ``?lang=en`` in English."""
    wanted = request.GET.get("lang")
    with override(wanted if wanted in dict(settings.LANGUAGES) else get_language()):
        context = {"addresses": addresses(), "base": f"{settings.SITE_URL}/api/v1/"}
        return render(request, "api/docs.html", context)


def addresses() -> list[Address]:
    """Read the addresses from the interface's own OpenAPI description."""
    schema: Mapping[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    types = schema["components"]["schemas"]
    return [
        Address(
            anchor=operation["operationId"].rpartition("_")[2] + str(number),
            path=path.strip("/").split("/"),
            summary=_(operation["summary"]),
            parameters=[_parameter(one) for one in operation.get("parameters", [])],
            call=f"curl {settings.SITE_URL}{_filled(path)}",
            example=json.dumps(
                _example(
                    operation["responses"][200]["content"]["application/json"]["schema"], types
                ),
                indent=2,
                ensure_ascii=False,
            ),
        )
        for number, (path, operations) in enumerate(schema["paths"].items())
        for operation in operations.values()
    ]


def _parameter(one: Mapping[str, Any]) -> Parameter:
    schema = one["schema"]
    text = _(schema["description"])
    if "default" in schema:
        text += " " + _("Without it: %(default)s.") % {"default": schema["default"]}
    # What may be left out is "one of": the kind, or nothing.
    kind = schema.get("type") or schema["anyOf"][0]["type"]
    return Parameter(one["name"], one["in"], kind, text)


def _filled(path: str) -> str:
    slug = "abstimmung-2027" if "results" in path else "sozialplan-2027-2031"
    slug = "sozialindex-gemeinden" if "social-indices" in path else slug
    filled = {
        "{slug}": slug,
        "{number}": "2.3",
        "{identity}": "16fd2706-8baf-433b-82eb-8c7fada847da",
        "{evaluation}": "auswertung-2029",
        "{version}": "2",
        "{code}": "share_65",
    }
    for part, value in filled.items():
        path = path.replace(part, value)
    return path


def _example(schema: Mapping[str, Any], types: Mapping[str, Any]) -> Any:
    """Make an example answer from the types' own examples."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _example(types[schema["$ref"].rpartition("/")[2]], types)
    if "anyOf" in schema:
        return _example(schema["anyOf"][0], types)
    if schema.get("type") == "array":
        return [_example(schema["items"], types)]
    return {name: _example(one, types) for name, one in schema.get("properties", {}).items()}
