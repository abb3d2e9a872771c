"""Where somebody is signed in, as the own account shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from zusammenplan.core.history import entry_time
from zusammenplan.core.links import token_hash
from zusammenplan.people.models import Session, User

# Under this word a session keeps the browser in which it began.
BROWSER = "browser"
# The first that fits: many a browser also claims to be the ones below it.
BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet")),
    *(("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome")),
    ("Safari", "Safari"),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser in which somebody is signed in; its mark opens nothing."""

    key: str
    name: str
    begun: str
    used: str
    is_this: bool

    @property
    def mark(self) -> str:
        return token_hash(self.key)


def told_browser(agent: str) -> list[str]:
    """Give the names of browser and system, which is all that is kept of what a browser tells."""
    return [
        next((name for sign, name in names if sign in agent), "") for names in (BROWSERS, SYSTEMS)
    ]


def devices_of(user: User, *, this: str | None, now: datetime) -> list[Device]:
    """Give the devices on which the user is signed in, this one first, then as they were used."""
    rows = Session.objects.filter(user=user, expire_date__gt=now).order_by("-used_at")
    devices = [
        Device(
            row.session_key,
            device_name(row),
            entry_time(row.begun_at),
            entry_time(row.used_at),
            row.session_key == this,
        )
        for row in rows
    ]
    return sorted(devices, key=lambda device: not device.is_this)


def device_name(session: Session) -> str:
    """Name the browser in which a session began, and its system."""
    name, system = session.get_decoded().get(BROWSER, ["", ""])
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("unknown browser")
