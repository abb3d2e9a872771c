"""What the pages of the workspace share: fetching, refusing, asking back, the four steps."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, pgettext

from zusammenplan.ballots.domain import chair_choices
from zusammenplan.ballots.models import Group, Proposal, Round
from zusammenplan.ballots.permissions import (
    may_read_round,
)
from zusammenplan.ballots.queries import (
    GroupInfo,
    ItemStanding,
    Progress,
    Step,
    hidden_because,
    result_of,
    scale_of,
)
from zusammenplan.core.pages import demand
from zusammenplan.people.permissions import UserRequest


def readable_round(request: UserRequest, slug: str) -> tuple[Round, date]:
    """Fetch the round that this person may see in the workspace, and today's date."""
    day = localdate()
    visible = Round.objects.visible_to(request.user).select_related("plan", "corrects")
    round_ = get_object_or_404(visible, slug=slug)
    demand(may_read_round(request.user, round_, day=day))
    return round_, day


def readable_group(request: UserRequest, pk: int) -> tuple[Group, date]:
    day = localdate()
    visible = Round.objects.visible_to(request.user)
    groups = Group.objects.select_related("round__plan", "body").filter(round__in=visible)
    group = get_object_or_404(groups, pk=pk)
    demand(may_read_round(request.user, group.round, day=day))
    return group, day


def readable_proposal(request: UserRequest, pk: int) -> Proposal:
    visible = Round.objects.visible_to(request.user)
    proposals = Proposal.objects.select_related("round__plan").filter(round__in=visible)
    return get_object_or_404(proposals, pk=pk)


def typed(request: UserRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def refused(request: UserRequest, sentence: str, name: str, key: str | int) -> HttpResponse:
    """Say why the deed was not done, on the page where one can go on."""
    messages.error(request, sentence)
    return redirect(name, key)


def released_sentence() -> str:
    return _("The result is released and cannot change. A correction is a new round.")


def confirm(
    request: UserRequest,
    round_: Round,
    *,
    form: Any,
    head: str,
    text: str,
    deed: str,
    back: str = "",
    danger: bool = False,
) -> HttpResponse:
    context = {
        "round": round_,
        "form": form,
        "head": head,
        "text": text,
        "deed": deed,
        "back_url": back or reverse("ballots:round-detail", args=[round_.slug]),
        "danger": danger,
    }
    return render(request, "ballots/confirm.html", context)


def frame(
    round_: Round, groups: Sequence[GroupInfo], progress: Progress, *, waiting: bool
) -> dict[str, Any]:
    """Give what every page of a round shows: its name and the four steps."""
    step = progress.step
    is_closed = all(group.closed_at is not None for group in groups)
    if step == Step.EVALUATE and is_closed and not waiting and not hidden_because(round_, groups):
        step = Step.RELEASE
    return {
        "round": round_,
        "steps": [
            pgettext("step of a round", "Prepare"),
            pgettext("step of a round", "Vote"),
            pgettext("step of a round", "Evaluate"),
            pgettext("step of a round", "Release"),
        ],
        "step": int(step),
    }


def standings_waiting(round_: Round) -> list[ItemStanding]:
    """Give the measures whose half step waits for the chair."""
    return [one for one in result_of(round_).items if one.result.waits_for_chair]


def choices_for(round_: Round, standing: ItemStanding) -> tuple[Any, ...]:
    raw = standing.result.raw
    return () if raw is None else chair_choices(raw, scale_of(round_))
