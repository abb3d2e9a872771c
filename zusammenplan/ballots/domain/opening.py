"""When a vote is open: from its beginning until it ends, by hand or by the clock."""

from datetime import datetime


def is_over(closes_at: datetime | None, closed_at: datetime | None, now: datetime) -> bool:
    return closed_at is not None or (closes_at is not None and closes_at <= now)


def is_open(
    opens_at: datetime | None,
    closes_at: datetime | None,
    closed_at: datetime | None,
    now: datetime,
) -> bool:
    has_begun = opens_at is not None and opens_at <= now
    return has_begun and not is_over(closes_at, closed_at, now)
