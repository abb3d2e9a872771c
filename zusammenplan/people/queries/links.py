"""Personal links as people get them: as a card to cut out, and until when they work."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zusammenplan.core.history import entry_time
from zusammenplan.core.qr import QrCode, qr_code


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A person's card, for ``components/link_cards.html``: name, address, code."""

    name: str
    address: str
    code: QrCode


def link_card(name: str, address: str) -> LinkCard:
    """Put a personal link on a card."""
    return LinkCard(name, address, qr_code(address))


def last_minute(expires_at: datetime) -> str:
    """Write until when a link works: one that works the whole day ends at midnight."""
    return entry_time(expires_at - timedelta(minutes=1))
