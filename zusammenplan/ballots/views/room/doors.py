"""The way into the room: the personal link, the cookie that remembers it, and who is refused."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from zusammenplan.ballots.queries import admitted_voters
from zusammenplan.core.cookies import set_cookie
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.core.pages import wants_part
from zusammenplan.people.actions import LinkError, LinkUnknownError, open_invitation
from zusammenplan.people.choices import InvitationPurpose

LINK_COOKIE = "zp_vote_"
WRONG_LINKS, WRONG_LINKS_SPAN = 60, timedelta(minutes=10)
BALLOT = "ballots/room/ballot.html"


@login_not_required
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the link in a cookie and go on to an address without it."""
    now = timezone.now()
    try:
        invitation = open_invitation(token, purpose=InvitationPurpose.VOTE, now=now)
        voter = admitted_voters().filter(invitation=invitation).first()
        if voter is None:
            raise LinkUnknownError
    except LinkError as refusal:
        # Only failures count: a whole room may open good links from one address.
        count_attempt(
            "vote-link", client_network(request), limit=WRONG_LINKS, span=WRONG_LINKS_SPAN
        )
        return closed_door(request, refusal)
    response = redirect("room:ballot", voter.group.round.slug, voter.group_id)
    set_cookie(response, f"{LINK_COOKIE}{voter.group_id}", token, age=invitation.expires_at - now)
    response["Referrer-Policy"] = "no-referrer"
    return response


def closed_door(request: HttpRequest, refusal: LinkError) -> HttpResponse:
    status = 404 if isinstance(refusal, LinkUnknownError) else 410
    if wants_part(request):
        return refused_part(str(refusal), status=status)
    response = render(
        request, "ballots/room/closed_door.html", {"sentence": str(refusal)}, status=status
    )
    response["Referrer-Policy"] = "no-referrer"
    # To others the same door opens: no proxy may keep that it is closed.
    response["Cache-Control"] = "private, no-store"
    return response


def refused_part(sentence: str, *, status: int) -> HttpResponse:
    part = render_to_string(f"{BALLOT}#refused", {"refused": sentence})
    return HttpResponse(part, status=status, headers={"Cache-Control": "private, no-store"})
