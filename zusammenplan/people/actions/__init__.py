"""What writes people: personal links, users and their roles, organisations and affiliations."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import GoneMeanwhileError, keep, keep_unless_changed, remove
from zusammenplan.core.links import new_token, token_hash
from zusammenplan.core.locks import unless_taken
from zusammenplan.core.mail import send_mail_in
from zusammenplan.core.public import raise_version
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.people.actions.sessions import end_sessions
from zusammenplan.people.choices import AffiliationRole, InvitationPurpose, OrganisationKind, Role
from zusammenplan.people.models import (
    Affiliation,
    Invitation,
    MunicipalRole,
    Organisation,
    User,
)

# --- personal links ----------------------------------------------------------------------


class LinkError(Exception):
    """A personal link does not open; the sentence says why and what to do."""


class LinkUnknownError(LinkError):
    """No such link was ever sent, or not for this purpose."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link is not known. Check that the address was copied in full, "
                "or ask for a new link."
            )
        )


class LinkExpiredError(LinkError):
    """The link's time is over."""

    def __init__(self) -> None:
        super().__init__(_("This link has expired. Ask whoever sent it to you for a new one."))


class LinkRevokedError(LinkError):
    """The link was withdrawn."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link has been withdrawn. Use the newest link that you received, "
                "or ask for a new one."
            )
        )


class LinkUsedError(LinkError):
    """The link works once and was used."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link has already been used; it works only once. "
                "Sign in with your password, or ask for a new link."
            )
        )


@transaction.atomic
def invite(
    *,
    purpose: str,
    expires_at: datetime,
    by: User | None,
    now: datetime,
    user: User | None = None,
) -> tuple[Invitation, str]:
    """Make a personal link and give it with its token, which is never shown again."""
    token = new_token()
    invitation = Invitation.objects.create(
        purpose=purpose,
        token_hash=token_hash(token),
        user=user,
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    return invitation, token


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User | None, now: datetime) -> None:
    """Withdraw a link; one that is already withdrawn keeps who did it first, and when."""
    Invitation.objects.filter(pk=invitation.pk, revoked_at__isnull=True).update(
        revoked_at=now, revoked_by=by
    )
    invitation.refresh_from_db(fields=["revoked_at", "revoked_by"])


def open_invitation(token: str, *, purpose: str, now: datetime) -> Invitation:
    """
    Find the link that belongs to the token.

    :raises LinkUnknownError: if there is none for this purpose
    :raises LinkRevokedError: if it was withdrawn
    :raises LinkUsedError: if it works once and was used
    :raises LinkExpiredError: if its time is over
    """
    invitation = (
        Invitation.objects.select_related("user")
        .filter(token_hash=token_hash(token), purpose=purpose)
        .first()
    )
    if invitation is None:
        raise LinkUnknownError
    _refuse_invalid(invitation, now)
    return invitation


@transaction.atomic
def use_invitation(invitation: Invitation, *, now: datetime) -> None:
    """
    Use up a link that works once; of two at the same moment one wins.

    :raises LinkError: if it was used, withdrawn or expired meanwhile
    """
    won = Invitation.objects.filter(
        pk=invitation.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    ).update(used_at=now)
    invitation.refresh_from_db(fields=["used_at", "revoked_at", "expires_at"])
    if not won:
        _refuse_invalid(invitation, now)
        raise LinkUsedError


def _refuse_invalid(invitation: Invitation, now: datetime) -> None:
    if invitation.revoked_at is not None:
        raise LinkRevokedError
    if invitation.user is not None and not invitation.user.is_active:
        raise LinkRevokedError
    if invitation.purpose == InvitationPurpose.ACCOUNT and invitation.used_at is not None:
        raise LinkUsedError
    if now >= invitation.expires_at:
        raise LinkExpiredError


# --- users -------------------------------------------------------------------------------


class EmailTakenError(Exception):
    """Another user has this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(
            _("There is already a user with the address %(email)s.") % {"email": email}
        )


class LastAdministratorError(Exception):
    """Without an administrator nobody could manage users any more."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This is the last active administrator. Make somebody else an administrator first, "
                "then try again."
            )
        )


class AccountErasedError(GoneMeanwhileError):
    """The person's data were erased; there is nobody left to sign in."""

    def __init__(self) -> None:
        super().__init__(
            _("The data of this account were erased. Add the person as a new user instead.")
        )


@transaction.atomic
def create_user(
    email: str, *, name: str, roles: Collection[str], by: User | None, language: str = "de"
) -> User:
    """
    Add somebody who can sign in once they have set a password.

    :raises EmailTakenError: if another user has this address
    """
    email = email.strip().lower()
    user = User(email=email, name=name.strip(), language=language)
    user.set_unusable_password()
    with unless_taken(EmailTakenError(email)):
        keep(user, by=by, deed=_("User added"))
        # Whoever adds a user vouches for the address; a later change of it is confirmed by mail.
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    _give_roles(user, roles, by=by)
    return user


@transaction.atomic
def change_user(user: User, *, name: str, language: str, by: User | None) -> User:
    """
    Change how somebody is called and in which language the site speaks to them.

    :raises AccountErasedError: if the person's data were erased meanwhile
    """
    _hold(user)
    user.name = name.strip()
    user.language = language
    return keep(user, by=by, deed=_("User changed"), fields=["name", "language"])


@transaction.atomic
def change_roles(user: User, roles: Collection[str], *, by: User | None) -> User:
    """
    Give the user exactly these roles.

    :raises AccountErasedError: if the person's data were erased meanwhile
    :raises LastAdministratorError: if nobody else would be an administrator
    """
    _hold(user)
    if Role.ADMINISTRATOR not in roles:
        refuse_last_administrator(user)
    _give_roles(user, roles, by=by)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def deactivate_user(user: User, *, by: User | None, now: datetime) -> User:
    """
    Let somebody sign in no more; what they did stays in the history.

    :raises AccountErasedError: if the person's data were erased meanwhile
    :raises LastAdministratorError: if nobody else would be an administrator
    """
    _hold(user)
    refuse_last_administrator(user)
    user.is_active, user.deactivated_at = False, now
    keep(user, by=by, deed=_("User deactivated"), fields=["is_active", "deactivated_at"])
    end_sessions(user)
    _revoke_account_links(user, by=by, now=now)
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: User | None) -> User:
    """
    Let somebody sign in again.

    :raises AccountErasedError: if nothing is left of the account to sign in with
    """
    _hold(user)
    user.is_active, user.deactivated_at = True, None
    return keep(user, by=by, deed=_("User reactivated"), fields=["is_active", "deactivated_at"])


@transaction.atomic
def invite_user(
    user: User, *, expires_at: datetime, by: User | None, now: datetime
) -> tuple[Invitation, str]:
    """Make a link by which the user sets a password; older ones open no more."""
    _revoke_account_links(user, by=by, now=now)
    return invite(
        purpose=InvitationPurpose.ACCOUNT, expires_at=expires_at, by=by, now=now, user=user
    )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, password: str, now: datetime) -> User:
    """
    Set the password of the user who was invited; the link is used up.

    :raises LinkError: if the link was used, withdrawn or expired meanwhile
    """
    use_invitation(invitation, now=now)
    if invitation.user is None:
        raise LinkUnknownError
    user = invitation.user
    user.set_password(password)
    end_sessions(user)
    return keep(user, by=user, deed=_("Invitation accepted"), fields=["password"])


@transaction.atomic
def set_password(user: User, *, password: str, by: User | None, now: datetime) -> User:
    """
    Set a new password; links that would set another one open no more, sessions end.

    :raises AccountErasedError: if the person's data were erased meanwhile
    """
    _hold(user)
    user.set_password(password)
    keep(user, by=by, deed=_("Password changed"), fields=["password"])
    end_sessions(user)
    _revoke_account_links(user, by=by, now=now)
    return user


@transaction.atomic
def remove_second_factor(user: User, *, by: User | None) -> None:
    """
    Take away codes and passkeys, for somebody who has lost the device; it is signed out.

    :raises AccountErasedError: if the person's data were erased meanwhile
    """
    _hold(user)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    keep(user, by=by, deed=_("Second factor removed"), fields=["is_active"])


def send_account_link(user: User, *, link: str, expires_on: str) -> None:
    """
    Mail the link by which the user sets a password.

    :raises MailNotSentError: if the mail server does not take it
    """
    context = {"user": user, "link": link, "expires_on": expires_on}
    send_mail_in(user.language, user.email, "people/mail/invitation.txt", context)


def send_test_mail(user: User, *, sent_at: str) -> None:
    """
    Mail somebody to show that mail works.

    :raises MailNotSentError: if the mail server does not take it
    """
    send_mail_in(
        user.language, user.email, "people/mail/test.txt", {"user": user, "sent_at": sent_at}
    )


def _hold(user: User) -> None:
    """
    Hold the account and read it anew: what is erased meanwhile comes back by no save or history.

    Whoever erases holds the account first and the roles of administrators after it, as all do here.
    What this person did may be noted meanwhile (no key).
    """
    user.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    if user.anonymised_at is not None:
        raise AccountErasedError


def _revoke_account_links(user: User, *, by: User | None, now: datetime) -> None:
    user.invitations.filter(
        purpose=InvitationPurpose.ACCOUNT, used_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now, revoked_by=by)


def _give_roles(user: User, roles: Collection[str], *, by: User | None) -> None:
    held = {role.role: role for role in user.roles.all()}
    for role in sorted(set(held) - set(roles)):
        remove(held[role], by=by, reason=_("Role withdrawn"))
    for role in sorted(set(roles) - set(held)):
        keep(MunicipalRole(user=user, role=role), by=by, deed=_("Role given"))


def refuse_last_administrator(user: User) -> None:
    """
    Lock all administrators' roles, so that two who step down at once leave one.

    :raises LastAdministratorError: if nobody else would be an administrator
    """
    roles = MunicipalRole.objects.filter(role=Role.ADMINISTRATOR)
    list(roles.select_for_update())
    # Asked anew: whoever held the lock before may have deactivated one of them.
    administrators = set(roles.filter(user__is_active=True).values_list("user_id", flat=True))
    if administrators == {user.pk}:
        raise LastAdministratorError


# --- organisations -----------------------------------------------------------------------


class NameTakenError(Exception):
    """Another organisation has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is already an organisation called “%(name)s”.") % {"name": name})


@transaction.atomic
def create_organisation(name: str, *, by: User | None, **fields: Any) -> Organisation:
    """
    Add an organisation.

    :raises NameTakenError: if another one has this name
    """
    name = " ".join(name.split())
    with unless_taken(NameTakenError(name)):
        return keep(Organisation(name=name, **fields), by=by, deed=_("Organisation added"))


@transaction.atomic
def change_organisation(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    by: User | None,
) -> Organisation:
    """
    Change an organisation.

    :raises NameTakenError: if another one has this name
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    """
    for field, value in values.items():
        setattr(organisation, field, value)
    with unless_taken(NameTakenError(organisation.name)):
        keep_unless_changed(
            organisation,
            seen_version=seen_version,
            by=by,
            deed=_("Organisation changed"),
            fields=list(values),
        )
    raise_version()
    return organisation


def organisation_named(
    name: str, kind: str = OrganisationKind.OFFICE, *, by: User | None
) -> Organisation:
    """Give the organisation of this name; add it if there is none."""
    name = " ".join(name.split())
    found = Organisation.objects.filter(name__iexact=name).order_by("pk").first()
    # If somebody adds it at this moment, an import is run anew by in_one_snapshot and finds it.
    return found or keep(Organisation(name=name, kind=kind), by=by, deed=_("Organisation added"))


@transaction.atomic
def add_affiliation(
    user: User,
    organisation: Organisation,
    *,
    by: User | None,
    role: str = AffiliationRole.MEMBER,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Affiliation:
    """
    Note that somebody acts for an organisation.

    :raises EndsBeforeItBeginsError: if the end lies before the beginning
    """
    if valid_from and valid_to and valid_to < valid_from:
        raise EndsBeforeItBeginsError(valid_from)
    affiliation = Affiliation(
        user=user,
        organisation=organisation,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return keep(affiliation, by=by, deed=_("Affiliation added"))


@transaction.atomic
def end_affiliation(affiliation: Affiliation, *, on: date, by: User | None) -> Affiliation:
    """
    Note the last day on which somebody acts for the organisation.

    :raises EndsBeforeItBeginsError: if it lies before the beginning
    """
    if affiliation.valid_from and on < affiliation.valid_from:
        raise EndsBeforeItBeginsError(affiliation.valid_from)
    affiliation.valid_to = on
    return keep(affiliation, by=by, deed=_("Affiliation ended"), fields=["valid_to"])
