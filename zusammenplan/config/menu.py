"""The menus: of the workspace in the order of the planning cycle, and of the public site."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def menus(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the entries of both menus, the current one marked."""
    match = request.resolver_match
    here = match.app_name if match else ""
    if match and match.url_name == "own-data":
        here = "account"  # it tells of the account, though data protection makes it
    here = {
        "tables": "plans",
        "places": "people",
        "privacy": "people",
        "reports": "plans",
        "notes": "desk",
    }.get(here, here)
    user = getattr(request, "user", None)
    work = [
        ("desk", _("Overview"), "desk:overview", True),
        ("indicators", _("Data"), "indicators:data-overview", _reads(user)),
        ("plans", _("Plan"), "plans:plan-list", _reads(user)),
        ("meetings", _("Bodies"), "meetings:body-list", _reads(user)),
        ("ballots", _("Prioritisation"), "ballots:round-list", _reads(user)),
        ("people", _("Settings"), "people:settings", _manages(user)),
    ]
    public = [
        ("start", _("Home"), "website:start"),
        ("plan", _("Plan"), "website:plan-list"),
        ("data", _("Data"), "website:data-overview"),
        ("result", _("Priorities"), "website:result-list"),
        ("contact", _("Contact"), "website:contact"),
    ]
    page = (match.url_name or "") if match and here == "website" else ""
    page = {"measure": "plan", "evaluation": "plan"}.get(page.split("-")[0], page)
    return {
        "may_search": _reads(user),
        "menu": [
            {
                "label": label,
                "url": reverse(name),
                "current": here == app,
                "apart": app == "people",
            }
            for app, label, name, shown in work
            if shown
        ],
        "site_menu": [
            {"label": label, "url": reverse(name), "current": page.split("-")[0] == key}
            for key, label, name in public
        ],
    }


def _reads(user: Any) -> bool:
    return bool(user and user.is_authenticated and user.is_staff_member)


def _manages(user: Any) -> bool:
    return _reads(user) and bool(user.is_planner or user.is_administrator)
