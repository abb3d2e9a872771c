"""The ballot: list, marks kept as they are set, the check before handing in, thanks."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.ballots.actions import (
    Grades,
    NotOpenError,
    OutsideScaleError,
    RefusedError,
    save_marks,
)
from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.queries import (
    admitted_voters,
    grade_words,
    result_of,
    scale_of,
    voter_with_token,
)
from zusammenplan.ballots.views.room.doors import BALLOT, LINK_COOKIE, refused_part
from zusammenplan.ballots.views.room.lines import (
    progress_in,
    progress_of,
    sections_of,
    words_between,
)
from zusammenplan.ballots.views.room.marks import (
    UnreadableMarkError,
    posted_grades,
    readable_grades,
    seen_text,
)
from zusammenplan.ballots.views.room.moments import (
    moment_text,
    saved_sentence,
    state_sentence,
    until_text,
)
from zusammenplan.ballots.views.room.papers import Paper, paper_of, paper_page
from zusammenplan.core.cookies import cookie_of, cookies_named
from zusammenplan.core.links import token_hash
from zusammenplan.core.pages import wants_part

WIDE_SCALE = 7  # more grades than this wrap into several lines


@login_not_required
@require_safe
def ballot_list(request: HttpRequest) -> HttpResponse:
    """List the votes that this device's links and this account open."""
    now = timezone.now()
    tokens = cookies_named(request, LINK_COOKIE)
    voters = admitted_voters()
    found = {
        voter.group_id: voter
        for voter in voters.filter(
            invitation__token_hash__in=[token_hash(token) for token in tokens if token],
            invitation__revoked_at__isnull=True,
            invitation__expires_at__gt=now,
        )
    }
    if request.user.is_authenticated:
        for voter in voters.filter(user=request.user):
            found.setdefault(voter.group_id, voter)
    ballots = [
        {
            "url": reverse("room:ballot", args=[voter.group.round.slug, voter.group_id]),
            "title": voter.group.round.title,
            "group": voter.group.name,
            "state": state_sentence(voter.group, now),
            "is_open": voter.group.is_open(now),
        }
        for voter in sorted(found.values(), key=lambda v: (not v.group.is_open(now), -v.group_id))
    ]
    context = {"ballots": ballots, "may_sign_in": not request.user.is_authenticated}
    return render(request, "ballots/room/ballot_list.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, slug: str, group: int) -> HttpResponse:
    """Show the ballot and keep each mark as it is set."""
    if request.method == "POST" and (answer := _take_quickly(request, slug, group)):
        return answer
    return _ballot(request, slug, group)


def _take_quickly(request: HttpRequest, slug: str, group: int) -> HttpResponse | None:
    """
    Keep what a link's holder picked, with as little work as can be: a whole room calls this.

    Nothing is answered where something is in the way; the longer way tells what it is.
    """
    now = timezone.now()
    token = cookie_of(request, f"{LINK_COOKIE}{group}")
    voter = voter_with_token(group, slug, token, now) if token else None
    if voter is None:
        return None
    try:
        return _take_marks(request, paper_of(request, voter, token), now)
    except RefusedError:
        return None


@paper_page
def _ballot(request: HttpRequest, paper: Paper, now: datetime) -> HttpResponse:
    if request.method == "POST":
        try:
            return _take_marks(request, paper, now)
        except RefusedError as refusal:
            return _refuse_marks(request, paper, now, refusal)
    if paper.group.is_open(now) and paper.is_elsewhere:
        return _elsewhere_page(request, paper)
    if paper.group.is_open(now):
        return _ballot_page(request, paper, now, paper.grades)
    if paper.group.is_over(now):
        return _ended_page(request, paper)
    context = {
        "round": paper.round,
        "group": paper.group,
        "begins": moment_text(paper.group.opens_at, now) if paper.group.opens_at else "",
        "sections": sections_of(paper.round, {}),
        "here": paper.url(),
    }
    return render(request, "ballots/room/not_begun.html", context)


def _take_marks(request: HttpRequest, paper: Paper, now: datetime) -> HttpResponse:
    grades = posted_grades(request.POST)
    if grades:
        paper.take(grades, now=now)
    if not wants_part(request):
        return redirect(paper.url("review"))
    progress = progress_of(paper.round, paper.grades)
    context = {"progress": progress, "saved": saved_sentence(now), "is_part": True}
    return HttpResponse(render_to_string(f"{BALLOT}#answer", context))


def _refuse_marks(
    request: HttpRequest, paper: Paper, now: datetime, refusal: RefusedError
) -> HttpResponse:
    is_bad_input = isinstance(refusal, OutsideScaleError | UnreadableMarkError)
    status = 422 if is_bad_input else 409
    if wants_part(request):
        return refused_part(str(refusal), status=status)
    if not paper.group.is_open(now) or isinstance(refusal, NotOpenError):
        return _ended_page(request, paper, refused=str(refusal), status=status)
    if paper.is_elsewhere:
        return redirect(paper.url())
    grades = {**paper.grades, **readable_grades(request.POST)}
    return _ballot_page(request, paper, now, grades, refused=str(refusal), status=status)


def _ballot_page(
    request: HttpRequest,
    paper: Paper,
    now: datetime,
    grades: Grades,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    round_, ballot_ = paper.round, paper.ballot
    sections = sections_of(round_, grades)
    lines = [line for section in sections for line in section.lines]
    scale = scale_of(round_)
    words = grade_words(round_, get_language() or "de")
    handed_in = ballot_.handed_in_at if ballot_ else None
    context = {
        "round": round_,
        "group": paper.group,
        "voter": paper.voter,
        "until": until_text(paper.group, now),
        "sections": sections,
        "first_word": words.get(scale.most_urgent, _("comes first")),
        "last_word": words.get(scale.least_urgent, _("comes last")),
        "first": scale.most_urgent,
        "last": scale.least_urgent,
        "words": words_between(words, scale.grades),
        "has_many_grades": scale.steps > WIDE_SCALE,
        "progress": progress_in([(line.key, line.is_done) for line in lines]),
        "seen": seen_text(paper.grades),
        "saved": saved_sentence(ballot_.changed_at) if ballot_ else "",
        "handed_in": moment_text(handed_in, now) if handed_in else "",
        "refused": refused,
        "here": paper.url(),
        "review_url": paper.url("review"),
        "proposal_url": paper.url("proposal") if round_.takes_proposals else "",
    }
    return render(request, BALLOT, context, status=status)


def _elsewhere_page(request: HttpRequest, paper: Paper) -> HttpResponse:
    context = {"round": paper.round, "group": paper.group}
    return render(request, "ballots/room/elsewhere.html", context)


def _ended_page(
    request: HttpRequest, paper: Paper, *, refused: str = "", status: int = 200
) -> HttpResponse:
    round_ = paper.round
    shows_result = round_.is_released or round_.audience in {Audience.VOTERS, Audience.PUBLIC}
    scale = scale_of(round_)
    context = {
        "round": round_,
        "group": paper.group,
        "voter": paper.voter,
        "sections": [] if round_.is_secret else sections_of(round_, paper.grades),
        "result": result_of(round_) if shows_result else None,
        "first": scale.most_urgent,
        "last": scale.least_urgent,
        "refused": refused,
        "proposal_url": paper.url("proposal") if round_.proposals.exists() else "",
    }
    return render(request, "ballots/room/ended.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@paper_page
def review(request: HttpRequest, paper: Paper, now: datetime) -> HttpResponse:
    """Show what is kept before the voter hands the ballot in."""
    if not paper.group.is_open(now) or paper.is_elsewhere:
        return redirect(paper.url())
    sections = sections_of(paper.round, paper.grades)
    lines = [line for section in sections for line in section.lines]
    progress = progress_in([(line.key, line.is_done) for line in lines])
    if request.method == "POST" and progress.done:
        try:
            if not paper.round.is_secret:
                save_marks(paper.voter, {}, now=now, hands_in=True)
        except RefusedError as refusal:
            return _ended_page(request, paper, refused=str(refusal), status=409)
        return redirect(paper.url("thanks"))
    context = {
        "round": paper.round,
        "group": paper.group,
        "sections": sections,
        "progress": progress,
        "skipped": sum(line.skips for line in lines),
        "until": until_text(paper.group, now),
        "ballot_url": paper.url(),
    }
    return render(request, "ballots/room/review.html", context)


@require_safe
@paper_page
def thanks(request: HttpRequest, paper: Paper, now: datetime) -> HttpResponse:
    """Say that the ballot is in, and until when it can be changed."""
    if not paper.group.is_open(now) or not paper.grades:
        return redirect(paper.url())
    context = {
        "round": paper.round,
        "group": paper.group,
        "progress": progress_of(paper.round, paper.grades),
        "until": until_text(paper.group, now),
        "ballot_url": paper.url(),
        "proposal_url": paper.url("proposal") if paper.round.takes_proposals else "",
    }
    return render(request, "ballots/room/thanks.html", context)
