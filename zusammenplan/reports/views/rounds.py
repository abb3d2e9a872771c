"""The papers of a round as files: in the workspace, and for everybody once they are public."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from zusammenplan.ballots.models import Round, RoundQuerySet
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.core.pages import download
from zusammenplan.core.public import CACHE_CONTROL, page_version
from zusammenplan.people.permissions import UserRequest
from zusammenplan.reports.exports.docx import docx
from zusammenplan.reports.exports.kinds import CONTENT_TYPES
from zusammenplan.reports.exports.pdf import pdf
from zusammenplan.reports.exports.separated import csv_table
from zusammenplan.reports.exports.xlsx import xlsx
from zusammenplan.reports.permissions import may_get_handout, may_get_result, may_get_votes
from zusammenplan.reports.queries.paper import Kind, Paper
from zusammenplan.reports.queries.rounds import paper_of, votes_of

LANGUAGES = ("de", "en")
PAPERS_AT_MOST = 60
PAPERS_SPAN = timedelta(minutes=10)
KEPT_SECONDS = 86_400


MAKERS: Mapping[str, Callable[[Paper], bytes]] = {
    "docx": docx,
    "pdf": pdf,
    "xlsx": xlsx,
    "csv": csv_table,
}


@require_safe
def handout(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    """Give the paper that lies on the table before the vote."""
    now = timezone.now()
    round_ = _round(slug)
    if not may_get_handout(request.user, round_, day=timezone.localdate(now)):
        raise Http404
    with override(asked_language(request)):
        content = MAKERS[kind](paper_of(round_, Kind.HANDOUT, now=now))
    return download(content, name=f"{slug}-tischvorlage.{kind}", kind=CONTENT_TYPES[kind])


@require_safe
def result(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    """Give the result as it stands; the planners' workbook also tells who voted what."""
    now = timezone.now()
    round_ = _round(slug)
    if not may_get_result(request.user, round_, day=timezone.localdate(now)):
        raise Http404
    with override(asked_language(request)):
        paper = paper_of(round_, Kind.RESULT, now=now)
        if paper.hidden_because:
            return _hidden(request, paper)
        if kind == "xlsx" and may_get_votes(request.user, round_):
            content = xlsx(paper, votes_of(round_))
        else:
            content = MAKERS[kind](paper)
    return download(content, name=f"{slug}-ergebnis.{kind}", kind=CONTENT_TYPES[kind])


@login_not_required
@require_safe
def public_result(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Give everybody a public result; each file is made once for a public version and a day."""
    if kind not in MAKERS:
        raise Http404
    now = timezone.now()
    language = asked_language(request)
    key = f"{page_version()}:paper:{timezone.localdate(now)}:{language}:{slug}.{kind}"
    content = caches["pages"].get(key)
    if content is None:
        round_ = get_object_or_404(_rounds().public(), slug=slug)
        count_attempt("paper", client_network(request), limit=PAPERS_AT_MOST, span=PAPERS_SPAN)
        with override(language):
            paper = paper_of(round_, Kind.RESULT, now=_midnight(now))
            if paper.hidden_because:
                return _hidden(request, paper)
            content = MAKERS[kind](paper)
        caches["pages"].set(key, content, timeout=KEPT_SECONDS)
    return _public_download(request, content, slug, kind)


def _rounds() -> RoundQuerySet:
    return Round.objects.select_related("plan", "corrects")


def _round(slug: str) -> Round:
    return get_object_or_404(_rounds(), slug=slug)


def asked_language(request: HttpRequest) -> str:
    """Give the language that the address asks for, else the page's own."""
    wanted = request.GET.get("sprache", "")
    return wanted if wanted in LANGUAGES else (get_language() or "de")[:2]


def _midnight(now: datetime) -> datetime:
    """Give the day's beginning, so that every process makes the same file on one day."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def _hidden(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Say why nobody may see this result yet."""
    return render(request, "reports/hidden.html", {"paper": paper}, status=409)


def _public_download(request: HttpRequest, content: bytes, slug: str, kind: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response: HttpResponse
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = download(content, name=f"{slug}-ergebnis.{kind}", kind=CONTENT_TYPES[kind])
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response
