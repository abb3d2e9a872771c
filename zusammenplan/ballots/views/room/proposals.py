"""Proposing a further measure in the room."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.ballots.actions import RefusedError, propose
from zusammenplan.ballots.choices import ProposalStatus
from zusammenplan.ballots.forms.room import ProposalForm
from zusammenplan.ballots.views.room.papers import Paper, paper_page
from zusammenplan.core.limits import count_attempt

PROPOSALS, PROPOSALS_SPAN = 20, timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@paper_page
def proposal(request: HttpRequest, paper: Paper, now: datetime) -> HttpResponse:
    """Propose an additional measure, and see what became of all that were proposed."""
    if not paper.round.takes_proposals:
        return redirect(paper.url())
    form = ProposalForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            count_attempt("proposal", str(paper.voter.pk), limit=PROPOSALS, span=PROPOSALS_SPAN)
            propose(
                paper.round,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                proposed_by=paper.voter.name,
                group=paper.group,
                now=now,
            )
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(
                request,
                _("Your proposal has arrived. Whoever leads the vote decides whether it is added."),
            )
            return redirect(paper.url("proposal"))
    elif form.is_bound:
        status = 422
    context = {
        "round": paper.round,
        "group": paper.group,
        "form": form if paper.group.is_open(now) or form.is_bound else None,
        "proposals": [
            {
                "title": known.title,
                "text": known.text,
                "is_admitted": known.status == ProposalStatus.ADMITTED,
                "is_refused": known.status == ProposalStatus.REFUSED,
                "number": known.item.number if known.item else "",
                "reason": known.reason,
            }
            for known in paper.round.proposals.select_related("item").order_by("-pk")
        ],
        "ballot_url": paper.url(),
    }
    return render(request, "ballots/room/proposal.html", context, status=status)
