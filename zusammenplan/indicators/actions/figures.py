"""Compute what follows from the counts: sums over parts, secrecy, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.core.public import raise_version

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


def recompute(
    *,
    quantities: Collection[int] | None = None,
    periods: Collection[tuple[date, date]] | None = None,
) -> None:
    """
    Compute anew what follows from observations that changed; None is everything.

    Runs inside the transaction of whoever changed them.
    """
    raise_version()
