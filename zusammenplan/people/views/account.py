"""The own account, and the page where somebody who was invited sets a password."""

from datetime import timedelta
from functools import wraps

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkey_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zusammenplan.core.history import entry_time
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.people.actions import (
    LinkError,
    LinkUnknownError,
    accept_invitation,
    change_user,
    open_invitation,
)
from zusammenplan.people.actions.sessions import end_session, end_sessions
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.forms import FirstPasswordForm, ProfileForm
from zusammenplan.people.permissions import UserRequest, must_have_second_factor
from zusammenplan.people.queries.sessions import devices_of

LINK_ATTEMPTS = 30
LINK_SPAN = timedelta(minutes=10)
PASSKEY_ATTEMPTS, PASSKEY_SPAN = 120, timedelta(minutes=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: UserRequest) -> HttpResponse:
    """Show the own account; change name and language."""
    user = request.user
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        change_user(user, name=values["name"], language=values["language"], by=user)
        messages.success(request, _("Name and language saved."))
        with override(user.language):
            return redirect("account_home")
    factors = Authenticator.objects.filter(user=user).order_by("created_at")
    passkeys = [
        {"pk": factor.pk, "name": factor.wrap().name, "added": entry_time(factor.created_at)}
        for factor in factors
        if factor.type == Authenticator.Type.WEBAUTHN
    ]
    context = {
        "form": form,
        "has_app": any(factor.type == Authenticator.Type.TOTP for factor in factors),
        "passkeys": passkeys,
        "has_codes": any(factor.type == Authenticator.Type.RECOVERY_CODES for factor in factors),
        "has_password": user.has_usable_password(),
        "must_set_up": must_have_second_factor(user) and not factors,
    }
    return render(request, "people/account.html", context)


@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator] # allauth has no types
@never_cache
@require_http_methods(["GET", "POST"])
def devices(request: UserRequest) -> HttpResponse:
    """Show where one is signed in; sign out on another device or on all others."""
    this = request.session.session_key
    found = devices_of(request.user, this=this, now=timezone.now())
    if request.method == "POST":
        mark = request.POST.get("device", "")
        if mark == "others":
            end_sessions(request.user, but=this)
            messages.success(request, _("You are signed out on all other devices."))
        for device in found:
            if device.mark == mark and not device.is_this:
                end_session(request.user, device.key)
                messages.success(request, _("Signed out: %(device)s.") % {"device": device.name})
        return redirect("account_devices")
    return render(request, "people/devices.html", {"devices": found})


@wraps(account_views.logout)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and let the browser forget what it kept; cookies of personal links stay."""
    response: HttpResponse = account_views.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@wraps(passkey_views.login_webauthn)
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey, as often as by a password: each question begins a session."""
    network = client_network(request)
    count_attempt("passkey", network, limit=PASSKEY_ATTEMPTS, span=PASSKEY_SPAN)
    response: HttpResponse = passkey_views.login_webauthn(request)
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody who was invited set a password; the link works once."""
    now = timezone.now()
    try:
        opened = open_invitation(token, purpose=InvitationPurpose.ACCOUNT, now=now)
        user = opened.user
        if user is None:
            raise LinkUnknownError
        form = FirstPasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            accept_invitation(opened, password=form.cleaned_data["password1"], now=now)
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect(reverse("account_login"))
    except LinkError as refusal:
        return _refused(request, refusal)
    context = {"form": form, "invited": user, "expires": entry_time(opened.expires_at)}
    return render(request, "people/invitation.html", context)


def _refused(request: HttpRequest, refusal: LinkError) -> HttpResponse:
    # Only failures count: a whole office may open good links from one address.
    count_attempt("link", client_network(request), limit=LINK_ATTEMPTS, span=LINK_SPAN)
    return render(request, "people/link_refused.html", {"refusal": refusal}, status=410)
