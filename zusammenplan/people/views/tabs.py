"""The tabs of the settings: each person sees those that open for them."""

from zusammenplan.people.permissions import UserRequest
from zusammenplan.people.templatetags.people import tabs_of_settings


def settings_tabs(request: UserRequest) -> list[dict[str, object]]:
    """Give the tabs of the settings, the current one marked."""
    return tabs_of_settings(request)
