"""Take the person out of an account that histories still point to."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import F
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Voter
from zusammenplan.core.history import keep, remove
from zusammenplan.meetings.models import Seat
from zusammenplan.people.actions import deactivate_user
from zusammenplan.people.models import Affiliation, Invitation, Task, User
from zusammenplan.plans.models import Measure, Rating, RatingRequest, SavedView

# No mail ever goes to this domain (RFC 2606), and the address must be one of its own.
NO_ADDRESS = "konto-{}@geloescht.invalid"


def empty_account(user: User, *, by: User | None, now: datetime) -> None:
    """
    Leave of an account a number, and of what it did that somebody did it.

    :raises LastAdministratorError: if nobody else would be an administrator
    """
    if user.is_active:
        deactivate_user(user, by=by, now=now)
    _delete_what_is_own(user, by=by)
    _cut_links(user)
    _hand_back(user, by=by)
    user.name, user.email = "", NO_ADDRESS.format(user.pk)
    user.last_login, user.anonymised_at = None, now
    user.set_unusable_password()
    keep(
        user,
        by=by,
        deed=_("Account erased"),
        fields=["name", "email", "last_login", "password", "anonymised_at"],
    )
    User.history.filter(id=user.pk).update(name="", email=user.email)


def _delete_what_is_own(user: User, *, by: User | None) -> None:
    for role in user.roles.all():
        remove(role, by=by, reason=_("Role withdrawn"))
    user.affiliations.all().delete()
    Affiliation.history.filter(user=user).delete()
    user.sessions.all().delete()
    user.drafts.all().delete()
    user.digests.all().delete()
    Invitation.objects.filter(user=user).delete()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    SavedView.objects.filter(owner=user, is_shared=False).delete()


def _cut_links(user: User) -> None:
    """Part the account from records that have a name of their own and their own period."""
    Seat.objects.filter(user=user).update(user=None)
    Seat.history.filter(user=user).update(user=None)
    Voter.objects.filter(user=user).update(user=None)
    RatingRequest.objects.filter(user=user).update(user=None)
    Rating.history.filter(author=user, history_user=F("author")).update(history_user=None)
    Rating.history.filter(author=user).update(author=None)
    Rating.objects.filter(author=user).update(author=None)


def _hand_back(user: User, *, by: User | None) -> None:
    """Leave nothing waiting for somebody who is gone."""
    for task in Task.objects.filter(assignee=user, done_at=None):
        task.assignee = None
        keep(task, by=by, deed=_("Nobody does it any more"), fields=["assignee"])
    for measure in Measure.objects.filter(contact=user):
        measure.contact = None
        keep(measure, by=by, deed=_("Person to ask is gone"), fields=["contact"])
