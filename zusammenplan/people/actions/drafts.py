"""Keep what somebody types into a form until it is saved or given up."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.people.models import Draft, User

DRAFTS_AT_MOST = 50
LARGEST_DRAFT = 500_000
# What the program itself sends with a form, and what must never be kept.
LEFT_OUT = ("csrfmiddlewaretoken", "password", "entwurf")


class DraftTooLargeError(Exception):
    """The form holds more than a draft may."""

    def __init__(self) -> None:
        super().__init__(_("Your entries are too long to be kept as a draft. Please save them."))


@transaction.atomic
def keep_draft(user: User, key: str, data: Mapping[str, list[str]], *, now: datetime) -> Draft:
    """
    Keep the entries of a form; the user's oldest drafts give way.

    :raises DraftTooLargeError: if there is more text than a draft may hold
    """
    kept = {
        # PostgreSQL cannot store this sign, and no browser sends it.
        name: [value.replace("\0", "") for value in values]
        for name, values in data.items()
        if not any(word in name for word in LEFT_OUT)
    }
    if sum(len(name) + sum(map(len, values)) for name, values in kept.items()) > LARGEST_DRAFT:
        raise DraftTooLargeError
    draft, _created = Draft.objects.update_or_create(
        user=user, key=key, defaults={"data": kept, "saved_at": now}
    )
    # Without the one just kept, which is not the newest if the clock was set back.
    others = Draft.objects.filter(user=user).exclude(pk=draft.pk).order_by("-saved_at", "-pk")
    spare = list(others[DRAFTS_AT_MOST - 1 :].values_list("pk", flat=True))
    if spare:
        Draft.objects.filter(pk__in=spare).delete()
    return draft


def forget_draft(user: User, key: str) -> None:
    """Give up the draft of a form, if there is one."""
    Draft.objects.filter(user=user, key=key).delete()
