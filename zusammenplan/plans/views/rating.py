"""The pages of those who are asked to rate: the personal link, and their own measures and goals."""

from collections.abc import Iterable
from dataclasses import dataclass, field as part
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.choosing import key_in
from zusammenplan.core.cookies import cookie_of, set_cookie
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.core.links import token_hash
from zusammenplan.core.pages import wants_part
from zusammenplan.people.actions import LinkError, LinkUnknownError, open_invitation
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.plans.actions.evaluations import (
    RoundClosedError,
    RoundNotOpenError,
)
from zusammenplan.plans.actions.ratings import rate_by_link
from zusammenplan.plans.choices import EvaluationStatus
from zusammenplan.plans.domain.attainment import from_record
from zusammenplan.plans.forms.evaluations import RatingForm
from zusammenplan.plans.models import EvaluationItem, RatingRequest
from zusammenplan.plans.queries.attainment_words import said_sign, said_text
from zusammenplan.plans.queries.evaluations import Thing, things_of

LINK_COOKIE = "zp_rate_"
WRONG_LINKS, WRONG_LINKS_SPAN = 60, timedelta(minutes=10)
SAVES, SAVES_SPAN = 600, timedelta(hours=1)
PAPER = "plans/rating/paper.html"


@login_not_required
@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Remember the link in a cookie and go on to an address without it."""
    now = timezone.now()
    try:
        invitation = open_invitation(token, purpose=InvitationPurpose.RATING, now=now)
        person = RatingRequest.objects.filter(invitation=invitation).first()
        if person is None:
            raise LinkUnknownError
    except LinkError as refusal:
        # Only failures count: an office may open many good links from one address.
        count_attempt(
            "rating-link", client_network(request), limit=WRONG_LINKS, span=WRONG_LINKS_SPAN
        )
        return _closed_door(request, refusal)
    response = redirect("rating:paper", person.pk)
    set_cookie(response, f"{LINK_COOKIE}{person.pk}", token, age=invitation.expires_at - now)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _closed_door(request: HttpRequest, refusal: LinkError) -> HttpResponse:
    status = 404 if isinstance(refusal, LinkUnknownError) else 410
    response = render(
        request, "plans/rating/closed_door.html", {"sentence": str(refusal)}, status=status
    )
    response["Referrer-Policy"] = "no-referrer"
    # To others the same door opens: no proxy may keep that it is closed.
    response["Cache-Control"] = "private, no-store"
    return response


class NoPaperError(LinkUnknownError):
    """Whoever asks has nothing to rate here; whether there is such a round is not told."""

    def __init__(self) -> None:
        Exception.__init__(
            self,
            _("This page opens with your personal link. You find it in the mail that asks you."),
        )


@dataclass
class Line:
    """One measure or goal on the page, with its form or what was saved."""

    item: int
    name: str
    kind: str
    field: str
    text: str
    form: RatingForm
    is_rated: bool
    sign: SafeString
    theirs: str = ""
    theirs_reason: str = ""
    saved: str = ""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, person: int) -> HttpResponse:
    """Show somebody's own measures and goals, and keep each rating as it is sent."""
    now = timezone.now()
    try:
        asked = _signed_in(request, person) or _person_with_link(request, person, now)
    except LinkError as refusal:
        return _closed_door(request, refusal)
    if asked.evaluation.status != EvaluationStatus.OPEN:
        return _ended_page(request, asked, status=409 if request.method == "POST" else 200)
    if request.method == "POST":
        return _take(request, asked, now)
    return _page(request, asked, _lines(asked))


def _signed_in(request: HttpRequest, person: int) -> RatingRequest | None:
    """Find the page of whoever was asked by account: signing in proves as much as the link."""
    if not request.user.is_authenticated:
        return None
    asked = RatingRequest.objects.select_related("evaluation__plan", "user")
    return asked.filter(pk=person, user=request.user).first()


def _person_with_link(request: HttpRequest, person: int, now: datetime) -> RatingRequest:
    """
    Find whose page the cookie opens.

    :raises LinkError: if there is no cookie, or its link was withdrawn or has expired
    """
    token = cookie_of(request, f"{LINK_COOKIE}{person}")
    if not token:
        raise NoPaperError
    invitation = open_invitation(token, purpose=InvitationPurpose.RATING, now=now)
    asked = (
        RatingRequest.objects.select_related("evaluation__plan", "user")
        .filter(pk=person, invitation=invitation, invitation__token_hash=token_hash(token))
        .first()
    )
    if asked is None:
        raise NoPaperError
    return asked


def _things(asked: RatingRequest) -> list[Thing]:
    return things_of(asked.evaluation, list(asked.items.values_list("pk", flat=True)))


def _texts(things: Iterable[Thing]) -> dict[int, str]:
    items = EvaluationItem.objects.filter(pk__in=[thing.item for thing in things])
    return {
        item.pk: thing.text
        for item in items.select_related("measure", "goal")
        if (thing := item.measure or item.goal)
    }


def _lines(asked: RatingRequest, forms: dict[int, RatingForm] | None = None) -> list[Line]:
    scale = from_record(asked.evaluation.scale)
    things = _things(asked)
    texts = _texts(things)
    kinds = {"measure": _("Measure"), "goal": _("Goal")}
    lines = []
    for thing in things:
        form = (forms or {}).get(thing.item) or RatingForm(
            scale=scale, given=thing.given, prefix=f"m{thing.item}"
        )
        given = thing.given
        lines.append(
            Line(
                item=thing.item,
                name=thing.name,
                kind=kinds[thing.of],
                field=thing.field_name,
                text=texts.get(thing.item, ""),
                form=form,
                is_rated=given is not None,
                sign=said_sign(thing.said, scale),
                theirs=said_text(form.theirs.said, scale) if form.theirs else "",
                theirs_reason=form.theirs.reason if form.theirs else "",
                saved=_("Saved %(moment)s, by %(name)s")
                % {"moment": _moment(given.rated_at), "name": given.author}
                if given
                else "",
            )
        )
    return lines


def _moment(moment: datetime) -> str:
    local = localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "SHORT_DATE_FORMAT"),
        "time": time_format(local, "TIME_FORMAT"),
    }


def _take(request: HttpRequest, asked: RatingRequest, now: datetime) -> HttpResponse:
    """Keep what was sent; whatever cannot be kept stays in its form with the reason."""
    count_attempt("rating", str(asked.pk), limit=SAVES, span=SAVES_SPAN)
    try:
        taken = _keep_all(request, asked, now)
    except (RoundClosedError, RoundNotOpenError) as refusal:
        return _ended_page(request, asked, refused=str(refusal), status=409)
    _show_clashes(asked, taken.wrong)
    lines = _lines(asked, taken.wrong)
    if wants_part(request):
        return _part(request, asked, lines, _pressed(request), taken.saved)
    if taken.wrong:
        return _page(request, asked, lines, status=422)
    where = f"#m{taken.saved[-1]}" if taken.saved else ""
    return redirect(f"{reverse('rating:paper', args=[asked.pk])}{where}")


@dataclass
class Taken:
    """What became of the entries of a page: those kept, and those that could not be."""

    saved: list[int] = part(default_factory=list)
    wrong: dict[int, RatingForm] = part(default_factory=dict)


def _keep_all(request: HttpRequest, asked: RatingRequest, now: datetime) -> Taken:
    scale = from_record(asked.evaluation.scale)
    sent = [thing for thing in _things(asked) if f"m{thing.item}-version" in request.POST]
    items = EvaluationItem.objects.select_related("evaluation").in_bulk([it.item for it in sent])
    taken = Taken()
    for thing in sent:
        prefix = f"m{thing.item}"
        form = RatingForm(request.POST, scale=scale, given=thing.given, prefix=prefix)
        if form.is_untouched and thing.item != _pressed(request):
            continue
        if not form.is_valid():
            taken.wrong[thing.item] = form
            continue
        try:
            rate_by_link(
                asked,
                items[thing.item],
                form.verdict(),
                seen_version=form.seen_version,
                now=now,
            )
        except ChangedMeanwhileError:
            taken.wrong[thing.item] = form
        else:
            taken.saved.append(thing.item)
    return taken


def _show_clashes(asked: RatingRequest, wrong: dict[int, RatingForm]) -> None:
    """Put what somebody else saved meanwhile next to what was typed."""
    for thing in _things(asked) if wrong else []:
        form = wrong.get(thing.item)
        if form is None or thing.given is None or not form.is_valid():
            continue
        if thing.given.version != form.seen_version:
            form.show_clash(thing.given)


def _pressed(request: HttpRequest) -> int:
    return key_in(request.POST.get("save", "")) or 0


def _part(
    request: HttpRequest, asked: RatingRequest, lines: list[Line], item: int, saved: list[int]
) -> HttpResponse:
    line = next((line for line in lines if line.item == item), None)
    if line is None:
        return HttpResponse(status=404)
    context = {**_context(asked, lines), "line": line, "is_part": True, "is_new": item in saved}
    return render(request, f"{PAPER}#answer", context)


def _page(
    request: HttpRequest, asked: RatingRequest, lines: list[Line], *, status: int = 200
) -> HttpResponse:
    return render(request, PAPER, _context(asked, lines), status=status)


def _context(asked: RatingRequest, lines: list[Line]) -> dict[str, object]:
    evaluation = asked.evaluation
    done = sum(line.is_rated for line in lines)
    waiting = next((line.item for line in lines if not line.is_rated), None)
    return {
        "person": asked,
        "evaluation": evaluation,
        "plan": evaluation.plan,
        "lines": lines,
        "done": done,
        "total": len(lines),
        "is_done": bool(lines) and done == len(lines),
        "next": waiting,
        "width": round(160 * done / len(lines)) if lines else 0,
        "due": date_format(evaluation.due_on, "DATE_FORMAT") if evaluation.due_on else "",
        "here": reverse("rating:paper", args=[asked.pk]),
        "wrong": [line for line in lines if line.form.is_bound],
    }


def _ended_page(
    request: HttpRequest, asked: RatingRequest, *, refused: str = "", status: int = 200
) -> HttpResponse:
    asked.evaluation.refresh_from_db()
    evaluation = asked.evaluation
    if request.method == "POST" and not refused:
        refused = str(RoundNotOpenError())
    if wants_part(request):
        part = render_to_string(f"{PAPER}#ended", {"refused": refused})
        where = {"HX-Retarget": "#gesamt", "HX-Reswap": "innerHTML"}
        return HttpResponse(part, headers=where)
    lines = _lines(asked) if evaluation.status != EvaluationStatus.PREPARED else []
    result_url = (
        reverse("website:evaluation", args=[evaluation.plan.slug, evaluation.slug])
        if evaluation.status == EvaluationStatus.CLOSED and evaluation.plan.is_public
        else ""
    )
    context = {
        "person": asked,
        "evaluation": evaluation,
        "plan": evaluation.plan,
        "status": str(evaluation.status),
        "lines": [
            {
                "name": line.name,
                "sign": line.sign,
                "reason": line.form.initial.get("reason", ""),
                "evidence": line.form.initial.get("evidence", ""),
            }
            for line in lines
        ],
        "refused": refused,
        "result_url": result_url,
    }
    return render(request, "plans/rating/ended.html", context, status=status)
