"""The name under which a view of the data is kept."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext, gettext_lazy as _, override

# Pages of which a view makes sense; what stands before the slash is the part of their address.
KEPT_PAGES = {"data-overview", "data-area", "data-indicator", "data-comparison"}
KEPT_PAGES |= {"data-social-index"}
PREFIX = "/intern/daten/"


class KeptViewForm(forms.Form):
    """Name, page, and whether everybody may see it."""

    name = forms.CharField(label=_("Name of the view"), max_length=120)
    is_public = forms.BooleanField(
        label=_("Everybody may open it"),
        help_text=_("Others see it on the public data pages, without hidden values."),
        required=False,
    )
    target = forms.CharField(max_length=1000, widget=forms.HiddenInput)

    def clean_target(self) -> str:
        """Take only pages of the data; an address elsewhere could lead anywhere."""
        return target_of(str(self.cleaned_data["target"]))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "target", "is_public")}


def target_of(address: str) -> str:
    """
    Give what of a page's address is kept: the part below the data pages, and the query.

    :raises ValidationError: if it is no page of the data
    """
    parts = urlsplit(address)
    path = parts.path.removeprefix("/en")
    match = None
    # Addresses of the other language have a prefix; kept is the one without.
    with override(settings.LANGUAGE_CODE), suppress(Resolver404):
        match = resolve(path) if path.startswith(PREFIX) else None
    if parts.netloc or match is None or match.url_name not in KEPT_PAGES:
        raise ValidationError(gettext("Only pages of the data can be kept."))
    kept = path.removeprefix(PREFIX)
    return f"{kept}?{parts.query}" if parts.query else kept
