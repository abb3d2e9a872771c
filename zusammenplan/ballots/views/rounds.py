"""The workspace of prioritisation: the rounds, their settings, the measures on the ballot."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.ballots import actions
from zusammenplan.ballots.choices import ProposalStatus, Way
from zusammenplan.ballots.forms.rounds import RoundForm, frozen_facts
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.permissions import (
    led_bodies,
    may_prepare,
    may_read_rounds,
    may_release,
    may_see_result,
)
from zusammenplan.ballots.queries import (
    GroupInfo,
    Step,
    group_infos,
    groups_of,
    items_of,
    progress_of,
    turnout_of,
)
from zusammenplan.ballots.views.workspace import (
    confirm,
    frame,
    readable_round,
    refused,
    released_sentence,
    standings_waiting,
    typed,
)
from zusammenplan.core.choosing import keys_in
from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.history import ChangedMeanwhileError, changes, entry_time
from zusammenplan.core.pages import demand
from zusammenplan.people.models import User
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.models import Plan

ROUNDS_A_PAGE = 20


@require_safe
def round_list(request: UserRequest) -> HttpResponse:
    demand(may_read_rounds(request.user))
    now = timezone.now()
    state = request.GET.get("state", "")
    rounds = Round.objects.visible_to(request.user).select_related("plan").order_by("-created_at")
    counts = {
        "": rounds.count(),
        "running": rounds.filter(released_at__isnull=True).count(),
        "released": rounds.filter(released_at__isnull=False).count(),
    }
    if state in {"running", "released"}:
        rounds = rounds.filter(released_at__isnull=state == "running")
    page = Paginator(rounds, ROUNDS_A_PAGE).get_page(request.GET.get("page"))
    groups = groups_of(page.object_list)
    rows = [
        {"round": round_, "progress": progress_of(round_, groups.get(round_.pk, []), now)}
        for round_ in page.object_list
    ]
    names = {"": _("All"), "running": _("Running"), "released": _("Released")}
    tabs = [
        {
            "label": label,
            "url": f"?state={key}" if key else reverse("ballots:round-list"),
            "current": key == state,
            "count": counts[key],
        }
        for key, label in names.items()
    ]
    context = {
        "rows": rows,
        "page": page,
        "tabs": tabs,
        "may_prepare": may_prepare(request.user),
        "has_plan": Plan.objects.exists(),
    }
    return render(request, "ballots/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_add(request: UserRequest) -> HttpResponse:
    demand(may_prepare(request.user))
    plans = _plans_first(request.GET.get("plan", ""))
    form = RoundForm(typed(request), plans=plans)
    if request.method == "POST" and "rows" not in request.POST and form.is_valid():
        round_ = actions.create_round(
            form.cleaned_data.get("plan") or plans[0],
            form.values(),
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("The round is prepared. Now add the groups that vote."))
        return redirect("ballots:round-detail", round_.slug)
    context = {"form": form, "round": None, "former": _former_rounds(), "plans": plans}
    return render(request, "ballots/round_form.html", context)


@require_safe
def round_detail(request: UserRequest, slug: str) -> HttpResponse:
    round_, day = readable_round(request, slug)
    now = timezone.now()
    infos = group_infos(round_)
    progress = progress_of(round_, infos, now)
    sees_result = may_see_result(request.user, round_, day=day)
    waiting = standings_waiting(round_) if progress.step == Step.EVALUATE and sees_result else []
    context = {
        **frame(round_, infos, progress, waiting=bool(waiting)),
        "progress": progress,
        "groups": _group_rows(request.user, round_, infos, day=day),
        "problems": actions.missing_for_rule(round_) if infos else [],
        "measures": round_.items.count(),
        "proposals": round_.proposals.filter(status=ProposalStatus.PROPOSED).count(),
        "proposals_all": round_.proposals.count(),
        "waiting": waiting,
        "facts": [
            {"label": _("Plan"), "value": round_.plan.title},
            *frozen_facts(round_),
            {
                "label": _("Results before the release"),
                "value": round_.get_audience_display(),
            },
        ],
        "has_begun": actions.has_begun(round_),
        "corrections": list(round_.corrections.all()),
        "may_prepare": may_prepare(request.user),
        "may_release": may_release(request.user),
        "sees_result": sees_result,
        "log": changes(round_),
    }
    return render(request, "ballots/round_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def round_change(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    demand(may_prepare(request.user))
    if round_.is_released:
        return refused(request, released_sentence(), "ballots:round-detail", slug)
    begun = actions.has_begun(round_)
    # The form writes into its round what was typed, also if it is not saved.
    title, facts = round_.title, frozen_facts(round_) if begun else []
    form = RoundForm(typed(request), instance=round_, is_frozen=begun)
    if request.method == "POST" and "rows" not in request.POST and form.is_valid():
        try:
            actions.change_round(
                round_,
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The round is saved."))
            return redirect("ballots:round-detail", slug)
    context = {
        "form": form,
        "round": round_,
        "facts": facts,
        "log": changes(round_),
        "title": title,
    }
    return render(request, "ballots/round_form.html", context)


@require_POST
def round_copy(request: UserRequest, slug: str) -> HttpResponse:
    """Prepare a new round with the settings, groups and voters of this one."""
    round_, day = readable_round(request, slug)
    demand(may_prepare(request.user))
    with override("de"):
        title = _("%(title)s (copy)") % {"title": round_.title_de}
    copied = actions.copy_round(
        round_, {"title_de": title[:200]}, by=request.user, now=timezone.now(), day=day
    )
    messages.success(
        request, _("Settings, groups and voters are copied. Give the new round its own title.")
    )
    return redirect("ballots:round-change", copied.slug)


@require_POST
def round_correct(request: UserRequest, slug: str) -> HttpResponse:
    """Prepare a new round that corrects this one."""
    round_, day = readable_round(request, slug)
    demand(may_prepare(request.user))
    with override("de"):
        title = _("Correction: %(title)s") % {"title": round_.title_de}
    try:
        new = actions.copy_round(
            round_,
            {"title_de": title[:200]},
            by=request.user,
            now=timezone.now(),
            day=day,
            corrects=round_,
        )
    except actions.RefusedError as refusal:
        return refused(request, str(refusal), "ballots:round-detail", slug)
    messages.success(request, _("The new round corrects the released one, which stays as it is."))
    return redirect("ballots:round-change", new.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def round_delete(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    demand(may_prepare(request.user))
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.delete_round(round_, by=request.user, reason=form.cleaned_data["reason"])
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-detail", slug)
        messages.success(request, _("The round is deleted."))
        return redirect("ballots:round-list")
    return confirm(
        request,
        round_,
        form=form,
        head=_("Delete the round?"),
        text=_("The round with its groups and lists of voters is deleted. Nobody has voted yet."),
        deed=_("Delete the round"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def round_items(request: UserRequest, slug: str) -> HttpResponse:
    round_, _day = readable_round(request, slug)
    is_editable = (
        may_prepare(request.user) and not round_.is_released and not actions.has_begun(round_)
    )
    if request.method == "POST":
        demand(may_prepare(request.user))
        chosen = keys_in(request.POST.getlist("measures"))
        measures = round_.plan.measures.in_order().filter(pk__in=chosen)
        try:
            actions.choose_items(round_, list(measures), by=request.user)
        except actions.RefusedError as refusal:
            return refused(request, str(refusal), "ballots:round-items", slug)
        messages.success(
            request,
            ngettext(
                "%(count)s measure is on the ballot.",
                "%(count)s measures are on the ballot.",
                len(measures),
            )
            % {"count": len(measures)},
        )
        return redirect("ballots:round-detail", slug)
    items = items_of(round_)
    context = {
        "round": round_,
        "items": items,
        "fields": _choosable(round_.plan, {item.measure_id for item in items}),
        "is_editable": is_editable,
    }
    return render(request, "ballots/round_items.html", context)


def _plans_first(slug: str) -> list[Plan]:
    """List the plans that a round can be over, the one named first, then the newest."""
    plans = list(Plan.objects.order_by(F("starts_on").desc(nulls_last=True), "-pk"))
    return sorted(plans, key=lambda plan: plan.slug != slug)


def _former_rounds() -> list[Round]:
    return list(Round.objects.order_by("-created_at")[:5])


def _choosable(plan: Plan, chosen: set[int]) -> list[dict[str, Any]]:
    """Give the plan's measures by field, each with whether it is on the ballot."""
    fields: dict[str, list[dict[str, Any]]] = {}
    for measure in plan.measures.in_order().select_related("field"):
        name = str(measure.field) if measure.field else _("Without a field of action")
        fields.setdefault(name, []).append({"measure": measure, "chosen": measure.pk in chosen})
    return [{"name": name, "measures": rows} for name, rows in fields.items()]


def _group_rows(
    user: User, round_: Round, infos: Sequence[GroupInfo], *, day: date
) -> list[dict[str, Any]]:
    now = timezone.now()
    bodies = dict(round_.groups.values_list("pk", "body"))
    led = led_bodies(user, day=day)
    prepares = may_prepare(user)
    return [
        {
            "info": info,
            "way": Way(info.way).label,
            "turnout": turnout_of(info),
            "state": _group_state(info),
            "sign": _group_sign(info),
            "runs": prepares or bodies[info.key] in led,
            "may_open": info.opens_at is None and info.way != Way.TABLE,
            "may_close": info.opens_at is not None and info.closed_at is None,
            "may_reopen": info.closed_at is not None
            and not round_.is_secret
            and not round_.is_released
            and info.way != Way.TABLE,
            "may_count": info.is_open(now) and info.way != Way.TABLE,
        }
        for info in infos
    ]


def _group_state(info: GroupInfo) -> str:
    now = timezone.now()
    if info.closed_at is not None:
        return _("closed %(moment)s") % {"moment": entry_time(info.closed_at)}
    if info.opens_at is None:
        return _("not open yet")
    if info.is_over(now):
        return _("time is over, not closed yet")
    if info.closes_at is not None:
        return _("open until %(moment)s") % {"moment": entry_time(info.closes_at)}
    return _("open until somebody closes it")


def _group_sign(info: GroupInfo) -> str:
    if info.closed_at is not None:
        return "done"
    return "planned" if info.opens_at is None else "running"
