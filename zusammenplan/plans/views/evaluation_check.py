"""The planner's list of ratings: look, accept, change."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.choosing import key_in
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import render_page
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.evaluations import EvaluationError
from zusammenplan.plans.actions.ratings import accept_ratings, rate_as_planner
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import from_record
from zusammenplan.plans.forms.evaluations import RatingForm
from zusammenplan.plans.models import Evaluation, Rating
from zusammenplan.plans.queries.attainment_words import said_text
from zusammenplan.plans.queries.evaluation_check import (
    VIEWS,
    check_rows,
    items_to_check,
    mentioning,
)
from zusammenplan.plans.queries.evaluations import (
    Thing,
    former_plan_round,
    former_round,
    things_of,
)
from zusammenplan.plans.views.evaluations import (
    evaluation_to_edit,
    readable_evaluation,
    round_context,
)
from zusammenplan.plans.views.workspace import PAGE_SIZE, words_looked_for


@require_safe
def evaluation_check(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """List all that is rated, with what is said of it and by whom."""
    round_ = readable_evaluation(request, slug, evaluation)
    views = items_to_check(round_)
    view = request.GET.get("ansicht", "")
    view = view if view in VIEWS else "all"
    query = words_looked_for(request)
    found = views[view].filter(mentioning(query)) if query else views[view]
    counts = {key: views[key].count() for key in VIEWS}
    paginator = Paginator(found.values_list("pk", flat=True), PAGE_SIZE)
    if not query:
        # Known from the counts above the list.
        paginator.count = counts[view]
    page = paginator.get_page(request.GET.get("page"))
    former = former_round(round_) or former_plan_round(round_)
    context = {
        **round_context(request, round_, "check"),
        "page": page,
        "rows": check_rows(round_, things_of(round_, list(page))),
        "views": _view_tabs(request, counts, view),
        "view": view,
        "query": query,
        "former": former.title if former else "",
        "takes_ratings": round_.status in {EvaluationStatus.OPEN, EvaluationStatus.CHECK},
    }
    return render_page(request, "plans/evaluations/check.html", context, part="table")


def _view_tabs(
    request: UserRequest, counts: Mapping[str, int], here: str
) -> list[Mapping[str, Any]]:
    labels = {
        "all": _("All"),
        "unrated": _("Without rating"),
        "unchecked": _("Not checked"),
        "differing": _("Otherwise than before"),
    }
    return [
        {
            "label": labels[key],
            "count": counts[key],
            "url": f"{request.path}?ansicht={key}" if key != "all" else request.path,
            "current": key == here,
        }
        for key in VIEWS
    ]


@require_POST
def evaluation_accept(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Accept the picked ratings as the planner saw them."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    seen = dict(_seen(pick) for pick in request.POST.getlist("pick") if _is_pick(pick))
    try:
        number = accept_ratings(round_, seen, by=request.user, now=timezone.now())
    except EvaluationError as refusal:
        messages.error(request, str(refusal))
    else:
        if not seen:
            messages.error(request, _("Pick at least one rating."))
        elif number:
            messages.success(
                request,
                ngettext("%(number)d rating accepted.", "%(number)d ratings accepted.", number)
                % {"number": number},
            )
        if number < len(seen):
            messages.warning(
                request,
                _("Some were changed meanwhile or accepted already. Please look at them again."),
            )
    query = request.GET.urlencode()
    url = reverse("plans:evaluation-check", args=[slug, evaluation])
    return redirect(f"{url}?{query}" if query else url)


def _is_pick(pick: str) -> bool:
    parts = pick.split("-")
    return len(parts) == 2 and all(key_in(part) is not None for part in parts)  # noqa: PLR2004 - as _seen reads it


def _seen(pick: str) -> tuple[int, int]:
    """Read which rating was picked, and in which version it was seen."""
    key, version = pick.split("-")
    return int(key), int(version)


@require_http_methods(["GET", "POST"])
def evaluation_rate(request: UserRequest, slug: str, evaluation: str, item: int) -> HttpResponse:
    """Rate one measure or goal, or change what somebody said; the history keeps both."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    found = get_object_or_404(round_.items.select_related("evaluation", "measure", "goal"), pk=item)
    thing = _thing(round_, item)
    scale = from_record(round_.scale)
    form = RatingForm(
        request.POST if request.method == "POST" else None,
        scale=scale,
        given=thing.given,
        demands_why=thing.given is not None,
    )
    refusal = ""
    if form.is_valid():
        try:
            rate_as_planner(
                found,
                form.verdict(),
                seen_version=form.seen_version,
                now=timezone.now(),
                by=request.user,
                why=form.cleaned_data.get("why", ""),
            )
        except ChangedMeanwhileError:
            thing = _thing(round_, item)
            if thing.given:
                form.show_clash(thing.given)
        except EvaluationError as refused:
            refusal = str(refused)
        else:
            messages.success(request, within(_("“%(name)s” is rated."), name=thing.name))
            url = reverse("plans:evaluation-check", args=[slug, evaluation])
            return redirect(f"{url}#m{item}")
    rating = Rating.objects.filter(pk=thing.given.pk).first() if thing.given else None
    record = found.measure or found.goal
    context = {
        **round_context(request, round_, "check"),
        "thing": thing,
        "text": record.text if record else "",
        "row": check_rows(round_, [thing])[0],
        "form": form,
        "theirs": said_text(form.theirs.said, scale) if form.theirs else "",
        "refusal": refusal,
        "log": changes(rating, 10) if rating else [],
    }
    status = 409 if refusal else 200
    return render(request, "plans/evaluations/rate.html", context, status=status)


def _thing(evaluation: Evaluation, item: int) -> Thing:
    return things_of(evaluation, [item])[0]
