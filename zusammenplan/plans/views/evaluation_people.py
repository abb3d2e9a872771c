"""Who is asked to rate: persons, what they are asked about, their links and reminders."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.history import entry_time
from zusammenplan.people.permissions import UserRequest
from zusammenplan.people.queries.links import last_minute, link_card
from zusammenplan.plans.actions import rating_requests as actions
from zusammenplan.plans.actions.evaluations import EvaluationError
from zusammenplan.plans.actions.rating_requests import RatingLink
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.forms.evaluations import AssignForm, PersonForm, RatingLinksForm
from zusammenplan.plans.models import Evaluation, RatingRequest
from zusammenplan.plans.queries.evaluations import things_of
from zusammenplan.plans.views.evaluations import (
    evaluation_to_edit,
    readable_evaluation,
    round_context,
)

THINGS_A_PAGE = 100


@require_safe
def people(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """List who is asked, with links, and what is asked of whom."""
    return _people_page(request, readable_evaluation(request, slug, evaluation))


@require_POST
def person_add(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    round_ = evaluation_to_edit(request, slug, evaluation)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            person = actions.ask(round_, **form.cleaned_data)
        except EvaluationError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("%(name)s is on the list. Now pick below what is asked of this person.")
                % {"name": person.name},
            )
            return redirect("plans:evaluation-people", slug, evaluation)
    return _people_page(request, round_, person_form=form)


@require_POST
def contacts(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Ask the person named at each measure about it."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    try:
        number = actions.ask_contacts(round_)
    except EvaluationError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            ngettext(
                "The contact of %(number)d measure is asked.",
                "The contacts of %(number)d measures are asked.",
                number,
            )
            % {"number": number}
            if number
            else _("No further measure names a contact. Name one at the measure, or add persons."),
        )
    return redirect("plans:evaluation-people", slug, evaluation)


@require_POST
def assign(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Ask somebody, or nobody, about the picked measures and goals."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    form = AssignForm(request.POST, evaluation=round_)
    if not form.is_valid() or not form.cleaned_data["pick"]:
        messages.error(request, _("Pick at least one measure or goal, and say who is asked."))
    else:
        try:
            number = actions.assign_items(
                round_, form.cleaned_data["pick"], request=form.cleaned_data["person"]
            )
        except EvaluationError as refusal:
            messages.error(request, str(refusal))
        else:
            person = form.cleaned_data["person"]
            messages.success(
                request,
                _("%(name)s: %(number)d newly assigned.")
                % {"name": person.name if person else _("nobody"), "number": number},
            )
    return redirect("plans:evaluation-people", slug, evaluation)


@require_http_methods(["GET", "POST"])
def person_remove(request: UserRequest, slug: str, evaluation: str, person: int) -> HttpResponse:
    round_ = evaluation_to_edit(request, slug, evaluation)
    found = get_object_or_404(round_.requests.select_related("invitation", "evaluation"), pk=person)
    refusal = ""
    if request.method == "POST":
        try:
            actions.stop_asking(found, by=request.user, now=timezone.now())
        except EvaluationError as refused:
            refusal = str(refused)
        else:
            messages.success(request, _("%(name)s is no longer asked.") % {"name": found.name})
            return redirect("plans:evaluation-people", slug, evaluation)
    context = {
        **round_context(request, round_, "people"),
        "head": _("Ask %(name)s no longer?") % {"name": found.name},
        "text": _("The personal link stops working. What this person has rated stays."),
        "deed": _("Take off the list"),
        "refusal": refusal,
        "danger": True,
        "back_url": reverse("plans:evaluation-people", args=[slug, evaluation]),
    }
    return render(request, "plans/evaluations/step.html", context, status=409 if refusal else 200)


@never_cache
@require_POST
def links(request: UserRequest, slug: str, evaluation: str) -> HttpResponse:
    """Make, send or withdraw links; fresh ones are shown in this answer and never again."""
    round_ = evaluation_to_edit(request, slug, evaluation)
    now = timezone.now()
    form = RatingLinksForm(request.POST, evaluation=round_, now=now)
    if not form.is_valid():
        return _people_page(request, round_, links_form=form)
    persons = list(form.cleaned_data["people"])
    deed = form.cleaned_data["deed"]
    if deed == "revoke":
        count = actions.revoke_links(persons, by=request.user, now=now)
        messages.success(
            request,
            ngettext("%(count)s link withdrawn.", "%(count)s links withdrawn.", count)
            % {"count": count},
        )
        return redirect("plans:evaluation-people", slug, evaluation)
    if deed == "remind":
        waiting = _waiting(round_)
        persons = [one for one in persons if waiting[one.pk]]
    try:
        fresh = actions.make_links(
            persons, expires_at=form.cleaned_data["expires_at"], by=request.user, now=now
        )
    except EvaluationError as refusal:
        form.add_error(None, str(refusal))
        return _people_page(request, round_, links_form=form)
    if deed == "show":
        return _cards_page(request, round_, fresh)
    return _mail(request, round_, fresh, now, reminds=deed == "remind")


def _mail(
    request: UserRequest,
    evaluation: Evaluation,
    fresh: Sequence[RatingLink],
    now: datetime,
    *,
    reminds: bool,
) -> HttpResponse:
    """Send the links; those that cannot be sent are shown as cards."""
    unsent = actions.mail_links(fresh, address=_address, now=now, reminds=reminds)
    sent = len(fresh) - len(unsent)
    if unsent:
        return _cards_page(request, evaluation, unsent, sent=sent)
    messages.success(
        request,
        ngettext("%(count)s link sent by mail.", "%(count)s links sent by mail.", sent)
        % {"count": sent}
        if fresh
        else _("Everybody picked has rated everything already."),
    )
    return redirect("plans:evaluation-people", evaluation.plan.slug, evaluation.slug)


def _waiting(evaluation: Evaluation) -> Counter[int]:
    """Count for each person what is still without a rating."""
    return Counter(
        thing.request
        for thing in things_of(evaluation)
        if thing.request is not None and thing.given is None
    )


def _cards_page(
    request: UserRequest,
    evaluation: Evaluation,
    fresh: Sequence[RatingLink],
    *,
    sent: int | None = None,
) -> HttpResponse:
    cards = [link_card(link.request.name, _address(link.token)) for link in fresh]
    invitation = fresh[0].request.invitation if fresh else None
    context = {
        **round_context(request, evaluation, "people"),
        "cards": cards,
        "sent": sent,
        "until": last_minute(invitation.expires_at) if invitation else "",
    }
    return render(request, "plans/evaluations/cards.html", context)


def _address(token: str) -> str:
    return f"{settings.SITE_URL}{reverse('rating:enter', args=[token])}"


def _people_page(
    request: UserRequest,
    evaluation: Evaluation,
    *,
    person_form: PersonForm | None = None,
    links_form: RatingLinksForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    things = things_of(evaluation)
    asked = Counter(thing.request for thing in things)
    done = Counter(thing.request for thing in things if thing.given)
    persons = list(evaluation.requests.select_related("invitation").order_by("name", "pk"))
    form = links_form or RatingLinksForm(evaluation=evaluation, now=now)
    chosen = set(request.POST.getlist("people")) if form.is_bound else None
    rows = [_person_row(one, asked[one.pk], done[one.pk], chosen, now) for one in persons]
    is_closed = evaluation.status == EvaluationStatus.CLOSED
    context = {
        **round_context(request, evaluation, "people"),
        "rows": rows,
        "page": Paginator(things, THINGS_A_PAGE).get_page(request.GET.get("page")),
        "persons": persons,
        "person_form": person_form or PersonForm(),
        "links_form": form,
        "without": asked[None],
        "may_ask": not is_closed,
        "may_invite": evaluation.status in {EvaluationStatus.PREPARED, EvaluationStatus.OPEN},
    }
    return render(request, "plans/evaluations/people.html", context)


def _person_row(
    person: RatingRequest, asked: int, done: int, chosen: set[str] | None, now: datetime
) -> Mapping[str, Any]:
    link = person.invitation
    works = link is not None and link.is_valid(now)
    return {
        "person": person,
        "key": str(person.pk),
        "asked": asked,
        "done": done,
        "is_done": bool(asked) and done == asked,
        "link": _link_state(person, now),
        "reminded": entry_time(person.reminded_at) if person.reminded_at else "",
        "is_chosen": str(person.pk) in chosen if chosen is not None else bool(asked) and not works,
    }


def _link_state(person: RatingRequest, now: datetime) -> str:
    link = person.invitation
    if link is None:
        return _("no link yet")
    if link.revoked_at is not None:
        return _("withdrawn")
    if link.expires_at <= now:
        return _("expired")
    return _("until %(moment)s") % {"moment": last_minute(link.expires_at)}
