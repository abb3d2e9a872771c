"""Who votes in a group, and their personal links."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.ballots import actions
from zusammenplan.ballots.forms.voters import LinksForm, VoterForm
from zusammenplan.ballots.models import Group, Round, Voter
from zusammenplan.ballots.permissions import may_prepare, may_read_rounds, may_run
from zusammenplan.ballots.views.workspace import confirm, readable_group, refused
from zusammenplan.core.history import changes
from zusammenplan.core.pages import demand
from zusammenplan.people.models import Invitation
from zusammenplan.people.permissions import UserRequest
from zusammenplan.people.queries.links import last_minute, link_card


@require_safe
def voter_list(request: UserRequest, pk: int) -> HttpResponse:
    group, day = readable_group(request, pk)
    demand(may_read_rounds(request.user) or may_run(request.user, group, day=day))
    return _voter_page(request, group)


@require_POST
def voter_add(request: UserRequest, pk: int) -> HttpResponse:
    group, _day = readable_group(request, pk)
    demand(may_prepare(request.user))
    form = VoterForm(request.POST)
    if form.is_valid():
        try:
            voter = actions.add_voter(group, **form.cleaned_data, by=request.user)
        except actions.RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(name)s is on the list of voters.") % {"name": voter.name}
            )
            return redirect("ballots:voter-list", pk)
    return _voter_page(request, group, voter_form=form)


@require_POST
def voters_from_body(request: UserRequest, pk: int) -> HttpResponse:
    group, day = readable_group(request, pk)
    demand(may_prepare(request.user))
    try:
        added = actions.add_voters_of_body(group, day=day, by=request.user)
    except actions.RefusedError as refusal:
        return refused(request, str(refusal), "ballots:voter-list", pk)
    messages.success(
        request,
        ngettext(
            "%(count)s person taken from the body.",
            "%(count)s persons taken from the body.",
            len(added),
        )
        % {"count": len(added)},
    )
    return redirect("ballots:voter-list", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def voter_remove(request: UserRequest, pk: int) -> HttpResponse:
    voter = get_object_or_404(
        Voter.objects.select_related("group__round__plan").filter(
            group__round__in=Round.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    demand(may_prepare(request.user))
    group = voter.group
    if request.method == "POST":
        try:
            actions.remove_voter(voter, by=request.user, now=timezone.now())
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:voter-list", group.pk)
        messages.success(request, _("%(name)s is no longer on the list.") % {"name": voter.name})
        return redirect("ballots:voter-list", group.pk)
    return confirm(
        request,
        group.round,
        form=None,
        head=_("Take %(name)s off the list of voters?") % {"name": voter.name},
        text=_("The personal link stops working."),
        deed=_("Take off the list"),
        back=reverse("ballots:voter-list", args=[group.pk]),
        danger=True,
    )


@never_cache
@require_POST
def voter_links(request: UserRequest, pk: int) -> HttpResponse:
    """Make, send or withdraw links; fresh ones are shown in this answer and never again."""
    group, _day = readable_group(request, pk)
    demand(may_prepare(request.user))
    now = timezone.now()
    form = LinksForm(request.POST, group=group, now=now)
    if not form.is_valid():
        return _voter_page(request, group, links_form=form)
    voters = list(form.cleaned_data["voters"])
    if form.cleaned_data["deed"] == "revoke":
        count = actions.revoke_links(voters, by=request.user, now=now)
        messages.success(
            request,
            ngettext("%(count)s link withdrawn.", "%(count)s links withdrawn.", count)
            % {"count": count},
        )
        return redirect("ballots:voter-list", pk)
    for voter in voters:
        voter.group = group
    links = actions.invite_voters(
        voters, expires_at=form.cleaned_data["expires_at"], by=request.user, now=now
    )
    if form.cleaned_data["deed"] == "mail":
        unsent = actions.mail_links(links, address=_address)
        sent = len(links) - len(unsent)
        if not unsent:
            messages.success(
                request,
                ngettext("%(count)s link sent by mail.", "%(count)s links sent by mail.", sent)
                % {"count": sent},
            )
            return redirect("ballots:voter-list", pk)
        return _cards_page(request, group, unsent, sent=sent)
    return _cards_page(request, group, links)


def _cards_page(
    request: UserRequest,
    group: Group,
    links: Sequence[actions.PersonalLink],
    *,
    sent: int | None = None,
) -> HttpResponse:
    cards = [link_card(link.voter.name, _address(link.token)) for link in links]
    expires_at = links[0].voter.invitation.expires_at if links[0].voter.invitation else None
    context = {
        "round": group.round,
        "group": group,
        "cards": cards,
        "sent": sent,
        "until": last_minute(expires_at) if expires_at else "",
    }
    return render(request, "ballots/cards.html", context)


def _address(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('room:enter', args=[token])}"


def _voter_page(
    request: UserRequest,
    group: Group,
    *,
    voter_form: VoterForm | None = None,
    links_form: LinksForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    voters = list(group.voters.select_related("invitation", "user").order_by("name"))
    links_form = links_form or LinksForm(group=group, now=now)
    chosen = set(request.POST.getlist("voters")) if links_form.is_bound else None
    rows = []
    no_link = "–" if group.round.is_released else _("no link yet")
    for voter in voters:
        link = voter.invitation
        works = link is not None and link.is_valid(now)
        is_chosen = str(voter.pk) in chosen if chosen is not None else not works
        rows.append(
            {
                "voter": voter,
                "link": _link_state(link) if link else no_link,
                "works": works,
                "chosen": is_chosen,
            }
        )
    context = {
        "round": group.round,
        "group": group,
        "rows": rows,
        "turnout": sum(voter.has_voted for voter in voters),
        "voter_form": voter_form or VoterForm(),
        "links_form": links_form,
        "may_prepare": may_prepare(request.user) and not group.round.is_released,
        "log": changes(group),
    }
    return render(request, "ballots/voter_list.html", context)


def _link_state(link: Invitation) -> str:
    if link.revoked_at is not None:
        return _("withdrawn")
    if link.expires_at <= timezone.now():
        return _("expired")
    return _("until %(moment)s") % {"moment": last_minute(link.expires_at)}
