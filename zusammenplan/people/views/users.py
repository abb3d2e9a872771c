"""Who may sign in, and as what: for administrators."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.history import entry_time
from zusammenplan.core.mail import MailNotSentError
from zusammenplan.core.pages import demand, render_page, sort_fields
from zusammenplan.core.qr import qr_code
from zusammenplan.people.actions import (
    EmailTakenError,
    LastAdministratorError,
    change_roles,
    change_user,
    create_user,
    deactivate_user,
    invite_user,
    reactivate_user,
    remove_second_factor,
    send_account_link,
)
from zusammenplan.people.forms import NewUserForm, RolesForm, UserFilter
from zusammenplan.people.models import User
from zusammenplan.people.permissions import UserRequest, may_manage_users
from zusammenplan.people.queries import role_labels, user_changes, users_with_roles

LINK_DAYS = 7
SORTS = {"name": ("name", "email"), "email": ("email",), "last_login": ("last_login", "email")}


@require_safe
def user_list(request: UserRequest) -> HttpResponse:
    """List users with the filter bar; HTMX swaps only the table."""
    demand(may_manage_users(request.user))
    filter_form = UserFilter(request.GET)
    sort = request.GET.get("sort", "name")
    users = filter_form.apply(users_with_roles()).order_by(*sort_fields(sort, SORTS), "pk")
    page = Paginator(users, 50).get_page(request.GET.get("page"))
    context = {
        "filter": filter_form,
        "sort": sort,
        "page": page,
        "rows": [_row(user) for user in page],
    }
    return render_page(request, "people/user_list.html", context, part="table")


def _row(user: User) -> dict[str, Any]:
    return {
        "url": reverse("people:user-detail", args=[user.pk]),
        "name": str(user),
        "email": user.email,
        "roles": role_labels(user.roles_held) or _("none"),  # type: ignore[attr-defined] # fetched by users_with_roles
        "seen": entry_time(user.last_login) if user.last_login else _("never"),
        "is_active": user.is_active,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user_add(request: UserRequest) -> HttpResponse:
    """Add a user and show the link by which they set a password."""
    demand(may_manage_users(request.user))
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = create_user(
                values["email"],
                name=values["name"],
                roles=values["roles"],
                language=values["language"],
                by=request.user,
            )
        except EmailTakenError as refusal:
            form.add_error("email", str(refusal))
        else:
            return _show_link(request, user)
    context = {"form": form}
    return render(request, "people/user_add.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def user_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show a user; change name, language and roles."""
    demand(may_manage_users(request.user))
    user = get_object_or_404(User, pk=pk, anonymised_at=None)
    held = list(user.role_names)
    initial = {"name": user.name, "language": user.language, "roles": held, "seen": held}
    form = RolesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            changed = change_roles(user, form.roles_from(held), by=request.user)
            change_user(changed, name=values["name"], language=values["language"], by=request.user)
        except LastAdministratorError as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, _("Changes to %(user)s saved.") % {"user": changed})
            return redirect("people:user-detail", pk)
    context = {
        "form": form,
        "person": user,
        "has_password": user.has_usable_password(),
        "has_second_factor": Authenticator.objects.filter(user=user).exists(),
        "seen": entry_time(user.last_login) if user.last_login else "",
        "affiliations": user.affiliations.select_related("organisation").order_by("pk"),
        "log": user_changes(user),
    }
    return render(request, "people/user_detail.html", context)


@never_cache
@require_POST
def user_invite(request: UserRequest, pk: int) -> HttpResponse:
    """Make a new link by which the user sets a password; older ones open no more."""
    demand(may_manage_users(request.user))
    return _show_link(request, get_object_or_404(User, pk=pk, is_active=True))


@require_http_methods(["GET", "HEAD", "POST"])
def user_deactivate(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then let somebody sign in no more."""
    demand(may_manage_users(request.user))
    user = get_object_or_404(User, pk=pk, is_active=True)
    if request.method == "POST":
        try:
            deactivate_user(user, by=request.user, now=timezone.now())
            messages.success(request, _("%(user)s can no longer sign in.") % {"user": user})
        except LastAdministratorError as refusal:
            messages.error(request, str(refusal))
        return redirect("people:user-detail", pk)
    context = {"person": user}
    return render(request, "people/user_deactivate.html", context)


@require_POST
def user_reactivate(request: UserRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    demand(may_manage_users(request.user))
    user = get_object_or_404(User, pk=pk, is_active=False, anonymised_at=None)
    reactivate_user(user, by=request.user)
    messages.success(request, _("%(user)s can sign in again.") % {"user": user})
    return redirect("people:user-detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def user_remove_factor(request: UserRequest, pk: int) -> HttpResponse:
    """Ask, then take away the second factor of somebody who has lost the device."""
    demand(may_manage_users(request.user))
    user = get_object_or_404(User, pk=pk, anonymised_at=None)
    if request.method == "POST":
        remove_second_factor(user, by=request.user)
        messages.success(request, _("%(user)s signs in with the password alone.") % {"user": user})
        return redirect("people:user-detail", pk)
    context = {"person": user}
    return render(request, "people/user_remove_factor.html", context)


def _show_link(request: UserRequest, user: User) -> HttpResponse:
    """Mail the link and show it this once: it is not stored, so it cannot be shown again."""
    now = timezone.now()
    expires_at = now + timedelta(days=LINK_DAYS)
    _invitation, token = invite_user(user, expires_at=expires_at, by=request.user, now=now)
    with override(user.language):
        link = settings.SITE_URL + reverse("account_invitation", args=[token])
        expires_on = entry_time(expires_at)
    try:
        send_account_link(user, link=link, expires_on=expires_on)
        mail_refusal = ""
    except MailNotSentError as refusal:
        mail_refusal = str(refusal)
    context = {
        "person": user,
        "link": link,
        "code": qr_code(link),
        "expires": entry_time(expires_at),
        "mail_refusal": mail_refusal,
    }
    return render(request, "people/user_link.html", context)
