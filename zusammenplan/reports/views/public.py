"""A public plan's document for everybody: read, cited, downloaded, of today or frozen."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.core.files import picture_response
from zusammenplan.core.limits import client_network, count_attempt
from zusammenplan.core.pages import download
from zusammenplan.core.public import CACHE_CONTROL, current_version, keep_for_a_moment, public_page
from zusammenplan.plans.models import Plan, PlanVersion
from zusammenplan.plans.queries.public import without_inner_things
from zusammenplan.reports.actions import Kind, make_now
from zusammenplan.reports.exports.plan_html import chapters_html, contents_html
from zusammenplan.reports.queries.model import Document
from zusammenplan.reports.queries.reading import (
    Source,
    citation,
    frozen_source,
    live_source,
    part_of,
    part_url,
    public_picture,
    reading_of,
)
from zusammenplan.reports.views.documents import KINDS

FILES_AT_MOST = 60
FILES_SPAN = timedelta(minutes=10)
DOCUMENT_SECONDS = 600


@public_page
@require_safe
def document(
    request: HttpRequest, slug: str, number: int | None = None, part: int | None = None
) -> HttpResponse:
    """Show the document, or one top chapter of a long one."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    address = _address(slug, number)
    page = reading_of(_document(plan, number), address=address, part=part)
    if page is None or (number is None and not page.document.chapters):
        raise Http404
    versions = plan.versions.order_by("-number").only("number", "label_de", "label_en", "frozen_at")
    context = {
        "plan": plan,
        "number": number,
        "page": page,
        "contents": contents_html(page.contents),
        "address": address,
        "html": chapters_html(
            page.chapters,
            address=address,
            place_url=lambda anchor: f"{address}#{anchor}",
            picture_url=lambda pk: reverse("website:plan-picture", args=[slug, pk]),
            words=page.document.words,
        ),
        "citation": citation(page.document, number),
        "files": [
            {"label": label, "url": f"{address}plan.{kind}"}
            for kind, label in (("pdf", _("PDF, accessible")), ("docx", _("Word document (DOCX)")))
        ],
        "versions": [
            {
                "url": reverse("website:plan-version", args=[slug, one.number]),
                "name": _("Version %(number)d of %(day)s")
                % {
                    "number": one.number,
                    "day": date_format(timezone.localtime(one.frozen_at), "DATE_FORMAT"),
                },
                "label": one.label,
                "is_here": one.number == number,
            }
            for one in versions
        ],
        "live_url": reverse("website:plan-document", args=[slug]) if plan.chapters.exists() else "",
    }
    return render(request, "reports/reading_public.html", context)


@public_page
@require_safe
def place(
    request: HttpRequest,  # noqa: ARG001 - Django's own
    slug: str,
    anchor: str,
    number: int | None = None,
) -> HttpResponse:
    """Lead to the part of a divided document in which a place stands."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    part = part_of(_document(plan, number), anchor)
    if part is None:
        raise Http404
    return redirect(f"{part_url(_address(slug, number), part)}#{anchor}")


@login_not_required
@require_safe
def file(request: HttpRequest, slug: str, kind: Kind, number: int | None = None) -> HttpResponse:
    """Give the document as a file; it is made once and kept until its content changes."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    count_attempt("document", client_network(request), limit=FILES_AT_MOST, span=FILES_SPAN)
    source = _source(plan, number)
    if not source.content.chapters or (kind == "pdf" and number is None and source.bars_pdf):
        raise Http404
    content = make_now(plan.pk, source.document(), kind)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response: HttpResponse
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        name = slug if number is None else f"{slug}-fassung-{number}"
        response = download(content, name=f"{name}.{kind}", kind=KINDS[kind])
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response


@login_not_required
@require_safe
def picture(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:  # noqa: ARG001 - Django's own
    """Show a picture of a public document, of today or of a frozen version."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    found = public_picture(plan, pk)
    if found is None:
        raise Http404
    response = picture_response(found, cache_control=CACHE_CONTROL)
    response["ETag"] = f'"{found.checksum[:32]}"'
    return response


def _document(plan: Plan, number: int | None) -> Document:
    """Give the document; the pages of one that is long are made from the same one."""
    language = (get_language() or "de")[:2]
    key = f"{current_version()}:document:{timezone.localdate()}:{plan.pk}:{number}:{language}"
    kept: Document = keep_for_a_moment(
        key, lambda: _source(plan, number).document(language), seconds=DOCUMENT_SECONDS
    )
    return kept


def _source(plan: Plan, number: int | None) -> Source:
    """Give what everybody may read: a frozen version keeps inner things too."""
    if number is None:
        source = live_source(plan, timezone.now())
    else:
        source = frozen_source(get_object_or_404(PlanVersion, plan=plan, number=number))
    return replace(source, content=without_inner_things(source.content))


def _address(slug: str, number: int | None) -> str:
    if number is None:
        return reverse("website:plan-document", args=[slug])
    return reverse("website:plan-version", args=[slug, number])
