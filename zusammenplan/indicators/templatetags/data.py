"""The tabs of the data pages in the workspace."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from zusammenplan.indicators.permissions import may_see_hidden

register = template.Library()


@register.inclusion_tag("components/tabs.html", takes_context=True)
def data_tabs(context: Mapping[str, Any], current: str) -> dict[str, Any]:
    """Lead through the pages of data; the current one is marked."""
    pages = [
        ("data-overview", _("Overview"), True),
        ("indicator-list", _("Indicators"), True),
        ("quantity-list", _("Quantities"), True),
        ("social-index-list", _("Social index"), True),
        ("import-list", _("Imports"), True),
        ("overview", pgettext("statistics", "Stock"), True),
        ("secrecy", _("Secrecy"), may_see_hidden(context["request"].user)),
    ]
    return {
        "label": _("Data"),
        "tabs": [
            {
                "url": reverse(f"indicators:{name}"),
                "label": label,
                "current": name == current,
                "count": None,
            }
            for name, label, shown in pages
            if shown
        ],
    }
