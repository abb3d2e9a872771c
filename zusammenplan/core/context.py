"""What every page knows: the municipality and its site."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from zusammenplan.core.models import Municipality
from zusammenplan.core.public import keep_for_version


def municipality() -> Municipality:
    """Give the one municipality; one that nobody has set up yet has the model's defaults."""
    return Municipality.objects.filter(pk=1).first() or Municipality(pk=1)


def site(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the municipality, fetched only where it is shown."""

    def known() -> Municipality:
        return keep_for_version(request, "municipality", municipality)

    return {"municipality": SimpleLazyObject(known)}
