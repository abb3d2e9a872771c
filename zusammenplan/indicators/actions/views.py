"""Keep views of the data under a name, and delete them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, remove
from zusammenplan.core.locks import alone
from zusammenplan.core.public import raise_version
from zusammenplan.core.slugs import slug_of
from zusammenplan.indicators.models import DataView

if TYPE_CHECKING:
    from datetime import datetime

    from zusammenplan.people.models import User

SLUG_AT_MOST = 60


@transaction.atomic
def keep_view(*, name: str, target: str, is_public: bool, by: User, now: datetime) -> DataView:
    """Keep what a data page shows under a name and an address of its own, for good."""
    # Two who keep a view of the same name at once get an address each.
    alone(DataView)
    view = DataView(
        slug=_free_slug(name), name=name, target=target, is_public=is_public, saved_at=now
    )
    keep(view, by=by, deed=_("Kept a view of the data"))
    raise_version()
    return view


@transaction.atomic
def delete_view(view: DataView, *, by: User) -> None:
    """Delete a view; its address leads nowhere from then on."""
    remove(view, by=by, reason=_("Deleted a view of the data"))
    raise_version()


def _free_slug(name: str) -> str:
    """Make an address of the name; one that is taken gets a number."""
    stem = slug_of(name, at_most=SLUG_AT_MOST) or "ansicht"
    # An address that was given away is never another view's.
    taken = set(DataView.history.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(DataView.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
