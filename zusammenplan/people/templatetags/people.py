"""The tabs of the settings: each person sees those that open for them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from zusammenplan.core.links import first_address
from zusammenplan.people.permissions import may_manage_users

register = template.Library()


@register.inclusion_tag("components/tabs.html", takes_context=True)
def settings_tabs(context: Mapping[str, Any]) -> dict[str, Any]:
    """Show the tabs of the settings, the current one marked."""
    request: Any = context["request"]
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    entries = [
        ("settings", _("Municipality"), "people:settings", True),
        ("user", _("Users and roles"), "people:user-list", may_manage_users(request.user)),
        ("organisation", _("Organisations"), "people:organisation-list", True),
        ("area", _("Planning areas"), "places:area-list", True),
        ("protection", _("Data protection"), "privacy:protection", may_manage_users(request.user)),
        ("barrier", _("Reports of barriers"), "people:barrier-list", True),
        ("mail", _("Mail"), "people:mail-test", True),
    ]
    tabs = [
        {"label": label, "url": url, "current": here.split("-")[0] == key}
        for key, label, name, shown in entries
        if shown and (url := first_address((name,)))
    ]
    return {"tabs": tabs, "label": _("Settings")}
