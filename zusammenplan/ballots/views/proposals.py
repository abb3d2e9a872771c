"""Measures proposed during the vote: admit or refuse them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.ballots import actions
from zusammenplan.ballots.choices import ProposalStatus
from zusammenplan.ballots.forms.decisions import AdmitForm, RefuseForm
from zusammenplan.ballots.permissions import may_prepare
from zusammenplan.ballots.views.workspace import confirm, readable_proposal, readable_round, typed
from zusammenplan.core.history import entry_time
from zusammenplan.core.pages import demand, wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import NumberTakenError, OtherPlanError
from zusammenplan.plans.domain.numbers import next_number


@require_safe
def proposal_list(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    proposals = round_.proposals.select_related("group", "decided_by", "item").order_by(
        "proposed_at", "pk"
    )
    rows = [
        {
            "proposal": proposal,
            "when": entry_time(proposal.proposed_at),
            "decided": entry_time(proposal.decided_at) if proposal.decided_at else "",
            "is_open": proposal.status == ProposalStatus.PROPOSED,
        }
        for proposal in proposals
    ]
    context = {
        "round": round_,
        "rows": rows,
        "may_decide": may_prepare(request.user) and not round_.is_released,
    }
    return render(request, "ballots/proposal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_admit(request: UserRequest, pk: int) -> HttpResponse:
    proposal = readable_proposal(request, pk)
    demand(may_prepare(request.user))
    plan = proposal.round.plan
    fields = list(plan.fields.order_by("position", "pk"))
    wanted = request.GET.get("field", "")
    field = next((one for one in fields if str(one.pk) == wanted), fields[0] if fields else None)
    number = next_number(
        field.code if field else "", plan.measures.values_list("number", flat=True)
    )
    form = AdmitForm(typed(request), plan=plan, initial={"field": field, "number": number})
    if request.method == "POST" and form.is_valid():
        try:
            item = actions.admit_proposal(
                proposal, **form.cleaned_data, by=request.user, now=timezone.now()
            )
        except NumberTakenError as taken:
            form.add_error("number", str(taken))
        except (actions.RefusedError, OtherPlanError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(number)s is on the ballot, marked as proposed during the vote.")
                % {"number": item.number},
            )
            return redirect("ballots:proposal-list", proposal.round.slug)
    context = {"form": form, "proposal": proposal, "round": proposal.round}
    if wants_part(request):
        return render(request, "ballots/proposal_admit.html#number", context)
    return render(request, "ballots/proposal_admit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_refuse(request: UserRequest, pk: int) -> HttpResponse:
    proposal = readable_proposal(request, pk)
    demand(may_prepare(request.user))
    form = RefuseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_proposal(
                proposal,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except actions.RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The proposal is refused."))
            return redirect("ballots:proposal-list", proposal.round.slug)
    return confirm(
        request,
        proposal.round,
        form=form,
        head=_("Refuse “%(title)s”?") % {"title": proposal.title},
        text=_("The proposal stays in the list with your reason."),
        deed=_("Refuse the proposal"),
        back=reverse("ballots:proposal-list", args=[proposal.round.slug]),
    )
