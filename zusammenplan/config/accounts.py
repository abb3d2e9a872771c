"""How django-allauth behaves here: no sign-up, our mails, the reader's language, sealed secrets."""

import base64
import hashlib
import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy as _, override

from zusammenplan.config.sessions import comes_through_directory_alone, has_just_signed_in
from zusammenplan.core.context import municipality
from zusammenplan.core.limits import client_address
from zusammenplan.core.mail import MailNotSentError, send_mail_in
from zusammenplan.people.actions import set_password
from zusammenplan.people.actions.sessions import begin_session
from zusammenplan.people.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Signing in with e-mail address and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "E-mail address and password do not belong together. Check both, or set a new password."
        ),
        "too_many_login_attempts": _(
            "Too many attempts with this address. Wait five minutes, then try again."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code does not fit. Enter the newest code of your app."),
        "same_as_current": _("This is already your address."),
        "duplicate_email": _("This is already your address."),
        "email_taken": _("This address cannot be used."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Users are added by the administrator; nobody adds themselves."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the workspace in the language of whoever signed in."""
        user = request.user
        with override(user.language if isinstance(user, User) else get_language()):
            return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("account_home")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("account_home")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002 - allauth's signature
        """Count by the address alone: the host stands in the request, so with any port there is."""
        return str(credentials.get("email", "")).lower()

    def is_safe_url(self, url: str) -> bool:
        """Lead on to pages of this site only; another port of its host is another site."""
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=None))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _on_our_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for nothing where there is nothing to ask for, if they signed in just now."""
        if comes_through_directory_alone(context.request):
            return not has_just_signed_in(context.request)
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        begin_session(request.session, agent=request.headers.get("User-Agent", ""))
        log.info("Signed in: user %s, from %s", user.pk, client_address(request))

    def set_password(self, user: User, password: str) -> None:
        set_password(user, password=password, by=user, now=timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 - allauth's signature
        """Leave a trace of guessing; what was typed may be a password in the wrong field."""
        log.warning("Signing in failed, from %s", client_address(request))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the user what changed; the mail calls them by name."""
        super().send_notification_mail(
            template_prefix, user, {**(context or {}), "user": user}, email
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send our own text; whether a mail server fails must not tell who has an account."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if isinstance(user, User) else get_language() or "de"
        try:
            send_mail_in(language, email, f"{template_prefix}.txt", {"email": email, **context})
        except MailNotSentError:
            log.exception("A mail about an account could not be sent")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done, but not that somebody signed in or out: they see it."""
        if message_template not in {
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        }:
            super().add_message(
                request, level, message_template, message_context, extra_tags, message
            )


class SocialAdapter(DefaultSocialAccountAdapter):
    """Signing in through the administration's own directory (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Only users whom the administrator has added come in."""
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes from an app, recovery codes and passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code does not fit. Enter the newest code of your app."),
        "unverified_email": _("Confirm your e-mail address first; then set up a second factor."),
        "add_email_blocked": _("Remove the second factor first; then change your address."),
    }

    def get_totp_issuer(self) -> str:
        return f"Zusammenplan {municipality().short_name}"

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key that is not in the database."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; one sealed with another key fits no code any more."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.exception("A second factor was sealed with another secret key")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _on_our_site(url: str) -> str:
    """Give the address that a mail leads to, whatever host and port the request named."""
    return f"{settings.SITE_URL}{urlsplit(url).path}"


def _seal() -> Fernet:
    key = hashlib.sha256(f"second factor|{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
