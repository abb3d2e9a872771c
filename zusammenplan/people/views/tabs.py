"""The tabs of the settings: each person sees those that open for them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zusammenplan.people.permissions import UserRequest, may_manage_users


def settings_tabs(request: UserRequest) -> list[dict[str, object]]:
    """Give the tabs of the settings, the current one marked."""
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    tabs = [
        ("settings", _("Municipality"), True),
        ("user", _("Users and roles"), may_manage_users(request.user)),
        ("organisation", _("Organisations"), True),
        ("barrier", _("Reports of barriers"), True),
        ("mail", _("Mail"), True),
    ]
    addresses = {
        "settings": "people:settings",
        "user": "people:user-list",
        "organisation": "people:organisation-list",
        "barrier": "people:barrier-list",
        "mail": "people:mail-test",
    }
    return [
        {
            "label": label,
            "url": reverse(addresses[key]),
            "current": here.split("-")[0] == key,
        }
        for key, label, shown in tabs
        if shown
    ]
