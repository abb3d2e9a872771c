"""The result in the workspace: half steps that wait, and the release."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.ballots import actions
from zusammenplan.ballots.forms.decisions import DecisionForm
from zusammenplan.ballots.models import Item, Round
from zusammenplan.ballots.permissions import may_decide, may_release, may_see_result
from zusammenplan.ballots.queries import (
    RoundResult,
    Step,
    is_long,
    legend_of,
    pictures_a_page,
    progress_of,
    result_of,
    result_rows,
    result_table,
    rule_words,
    scale_of,
    table_grades,
    table_page,
    turnout_of,
)
from zusammenplan.ballots.views.workspace import (
    choices_for,
    confirm,
    frame,
    readable_round,
    refused,
    standings_waiting,
)
from zusammenplan.core.history import entry_time
from zusammenplan.core.pages import demand
from zusammenplan.people.permissions import UserRequest


@require_safe
def result(request: UserRequest, slug: str) -> HttpResponse:
    round_, day = readable_round(request, slug)
    demand(may_see_result(request.user, round_, day=day))
    return _result_page(request, round_, day=day)


@require_POST
def chair_decision(request: UserRequest, pk: int) -> HttpResponse:
    """Note the chair's decision on a half step that waits."""
    item = get_object_or_404(
        Item.objects.select_related("round__plan").filter(
            round__in=Round.objects.visible_to(request.user)
        ),
        pk=pk,
    )
    round_, day = item.round, localdate()
    demand(may_decide(request.user, round_, day=day))
    # What waits tells how the marks stand.
    demand(may_see_result(request.user, round_, day=day))
    waiting = standings_waiting(round_)
    # All stand in one form: what was chosen beside the others is not lost.
    forms = {
        one.item.pk: DecisionForm(request.POST, item=one.item.pk, choices=choices_for(round_, one))
        for one in waiting
    }
    if pk not in forms:
        sentence = _("There is nothing to decide here, or this grade is not a choice.")
        return refused(request, sentence, "ballots:result", round_.slug)
    chosen = {key: form for key, form in forms.items() if form.has_choice}
    entered = chosen or {pk: forms[pk]}
    if wrong := next((form for form in entered.values() if not form.is_valid()), None):
        return _result_page(request, round_, day=day, entered=entered, wrong=wrong)
    decided = [(one.item, chosen[one.item.pk]) for one in waiting if one.item.pk in chosen]
    return _decide(request, round_, decided)


def _decide(
    request: UserRequest, round_: Round, decided: Sequence[tuple[Item, DecisionForm]]
) -> HttpResponse:
    """Keep these decisions, or none of them."""
    try:
        with transaction.atomic():
            for item, form in decided:
                actions.decide_half_step(
                    item,
                    form.chosen,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=timezone.now(),
                )
    except actions.RefusedError as refusal:
        return refused(request, str(refusal), "ballots:result", round_.slug)
    numbers = get_text_list([item.number for item, _form in decided], _("and"))
    messages.success(
        request,
        ngettext(
            "The decision on %(numbers)s is noted.",
            "The decisions on %(numbers)s are noted.",
            len(decided),
        )
        % {"numbers": numbers},
    )
    return redirect("ballots:result", round_.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    demand(may_release(request.user))
    if request.method == "POST":
        try:
            actions.release(round_, by=request.user, now=timezone.now())
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:result", slug)
        messages.success(
            request,
            _("The result is released. The degrees are now the measures' priorities."),
        )
        return redirect("ballots:result", slug)
    if round_.is_released:
        return refused(request, _("The result has already been released."), "ballots:result", slug)
    text = _("Afterwards it cannot be changed. A correction appears as a new result.")
    if round_.plan.is_public:
        text = _(
            "It then stands on the public site and cannot be changed. A correction appears as a "
            "new result."
        )
    return confirm(
        request,
        round_,
        form=None,
        head=_("Release the result?"),
        text=text,
        deed=_("Release the result"),
        back=reverse("ballots:result", args=[slug]),
    )


def _result_page(
    request: UserRequest,
    round_: Round,
    *,
    day: date,
    entered: Mapping[int, DecisionForm] | None = None,
    wrong: DecisionForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    shown = result_of(round_)
    progress = progress_of(round_, shown.groups, now)
    all_over = progress.step >= Step.EVALUATE
    waiting = [one for one in shown.items if one.result.waits_for_chair] if all_over else []
    page = Paginator(shown.items, pictures_a_page(shown))
    part = page.get_page(request.GET.get("page"))
    table_part = table_page(shown, request.GET.get("tabelle"))
    scale = scale_of(round_)
    decisions = [
        {
            "standing": one,
            "form": (entered or {}).get(one.item.pk)
            or DecisionForm(item=one.item.pk, choices=choices_for(round_, one)),
        }
        for one in waiting
    ]
    context = {
        **frame(round_, shown.groups, progress, waiting=bool(waiting)),
        "result": shown,
        "rows": result_rows(shown, list(part.object_list)),
        "part": part,
        "is_long": is_long(shown),
        "table": result_table(shown, table_part),
        "table_part": table_part,
        "grades": table_grades(shown.rule),
        "first": scale.most_urgent,
        "last": scale.least_urgent,
        "legend": legend_of(shown.groups),
        "facts": _result_facts(shown),
        "decisions": decisions,
        "decided": wrong,
        "may_decide": may_decide(request.user, round_, day=day),
        "may_release": may_release(request.user) and all_over and not round_.is_released,
        "is_ready": all_over and not waiting and not shown.hidden_because,
    }
    return render(request, "ballots/result.html", context)


def _result_facts(shown: RoundResult) -> list[dict[str, str]]:
    facts = []
    for group in shown.groups:
        note = _("still running")
        if group.closed_at is not None:
            note = _("closed %(moment)s") % {"moment": entry_time(group.closed_at)}
        facts.append({"label": group.name, "value": turnout_of(group), "note": note})
    degree, _mark, half = rule_words(shown.rule).partition("; ")
    facts.append({"label": _("Rule"), "value": degree, "note": half})
    return facts
