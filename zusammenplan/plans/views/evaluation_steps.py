"""The steps of a round: open it, check it, open it once more, close it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import evaluations as actions
from zusammenplan.plans.models import Evaluation
from zusammenplan.plans.views.evaluations import evaluation_to_edit, round_context


@require_http_methods(["GET", "POST"])
def evaluation_open(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Begin to take ratings."""
    return _step_page(
        request,
        evaluation_to_edit(request, slug, evaluation),
        deed=lambda one: actions.open_evaluation(one, by=request.user),
        head=_("Open the evaluation"),
        text=_(
            "From now on ratings are taken. The plan's scale of this moment is fixed for this "
            "round; a later change of the scale does not touch it."
        ),
        done=_("The evaluation is open. Now send the personal links."),
        leads_to="plans:evaluation-people",
    )


@require_http_methods(["GET", "POST"])
def evaluation_begin_check(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Take no more ratings from those who were asked."""
    return _step_page(
        request,
        evaluation_to_edit(request, slug, evaluation),
        deed=lambda one: actions.begin_check(one, by=request.user),
        head=_("Begin the check"),
        text=_(
            "Those who were asked can then no longer change their ratings. You can open the "
            "evaluation once more if somebody is missing."
        ),
        done=_("The check has begun."),
        leads_to="plans:evaluation-check",
    )


@require_http_methods(["GET", "POST"])
def evaluation_reopen(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Take ratings once more."""
    return _step_page(
        request,
        evaluation_to_edit(request, slug, evaluation),
        deed=lambda one: actions.reopen_evaluation(one, by=request.user),
        head=_("Open once more"),
        text=_("Those who were asked can rate again with the same links."),
        done=_("The evaluation is open once more."),
        leads_to="plans:evaluation-people",
    )


@require_http_methods(["GET", "POST"])
def evaluation_close(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Close the round for ever."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    text = _(
        "The closing is final: nobody can change the ratings afterwards. A mistake is corrected "
        "by a new round."
    )
    if missing := round_.items.count() - round_.ratings.count():
        told = ngettext(
            "%(number)d measure or goal is not rated and stays so.",
            "%(number)d measures and goals are not rated and stay so.",
            missing,
        )
        text = f"{told % {'number': missing}} {text}"
    if round_.plan.is_public:
        text += " " + _("The result then stands on the public site.")
    return _step_page(
        request,
        round_,
        deed=lambda one: actions.close_evaluation(one, by=request.user, now=timezone.now()),
        head=_("Close the evaluation"),
        text=text,
        done=_("The evaluation is closed."),
        leads_to="plans:evaluation-detail",
    )


def _step_page(
    request: UserRequest,
    evaluation: Evaluation,
    *,
    deed: Callable[[Evaluation], Evaluation],
    head: str,
    text: str,
    done: str,
    leads_to: str,
) -> HttpResponse:
    args = [evaluation.plan.slug, evaluation.slug]
    refusal = ""
    if request.method == "POST":
        try:
            deed(evaluation)
        except actions.EvaluationError as refused:
            refusal = str(refused)
        else:
            messages.success(request, done)
            return redirect(leads_to, *args)
    context = {
        **round_context(request, evaluation, ""),
        "head": head,
        "text": text,
        "deed": head,
        "refusal": refusal,
        "back_url": reverse("plans:evaluation-detail", args=args),
    }
    status = 409 if refusal else 200
    return render(request, "plans/evaluations/step.html", context, status=status)
