"""Rate limits: how often somebody may try something, counted in the database."""

import hashlib
import math
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from zusammenplan.core.models import Attempt

# Of an IPv6 address so many bits are a household's or an office's; the rest it chooses at will.
NETWORK_BITS = 64

# One statement, so that of many attempts at once none is lost; SQLite and PostgreSQL know it.
COUNT_ONE_MORE = """
    INSERT INTO core_attempt ("key", "count", "ends_at") VALUES (%s, 1, %s)
    ON CONFLICT ("key") DO UPDATE SET "count" = core_attempt."count" + 1
    RETURNING "count"
"""


class TooOftenError(Exception):
    """The limit is reached; the answer is 429 with a sentence."""

    def __init__(self, wait: timedelta) -> None:
        minutes = math.ceil(wait.total_seconds() / 60)
        super().__init__(
            ngettext(
                "Too many attempts. Please wait %(minutes)s minute and try again.",
                "Too many attempts. Please wait %(minutes)s minutes and try again.",
                minutes,
            )
            % {"minutes": minutes}
        )
        self.wait = wait


def count_attempt(what: str, who: str, *, limit: int, span: timedelta) -> None:
    """
    Count one attempt of somebody at something.

    :raises TooOftenError: if it was tried more often than the limit within the span
    """
    now = timezone.now()
    window = int(now.timestamp() // span.total_seconds())
    key = hashlib.sha256(f"{what}|{who}|{window}".encode()).hexdigest()
    ends_at = datetime.fromtimestamp((window + 1) * span.total_seconds(), UTC)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE, [key, connection.ops.adapt_datetimefield_value(ends_at)])
        (count,) = cursor.fetchone()
    if count == 1:
        Attempt.objects.filter(ends_at__lt=now).delete()
    if count > limit:
        raise TooOftenError(ends_at - now)


def client_address(request: HttpRequest) -> str:
    """Give the address of the client, seen through as many proxies as the settings name."""
    told = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES and (header := request.headers.get("X-Forwarded-For", "")):
        forwarded = header.split(",")
        if len(forwarded) >= settings.PROXIES:
            told = forwarded[-settings.PROXIES].strip()
    return str(_read(told) or told)


def client_network(request: HttpRequest) -> str:
    """Give what attempts are counted by: the client's address, of IPv6 that of its network."""
    told = client_address(request)
    address = _read(told)
    if isinstance(address, IPv6Address):
        return str(ip_network((address.packed, NETWORK_BITS), strict=False))
    return told


def _read(told: str) -> IPv4Address | IPv6Address | None:
    """Read an address as servers and proxies write it: perhaps in brackets, or with its port."""
    bare = told[1:].partition("]")[0] if told.startswith("[") else told
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
