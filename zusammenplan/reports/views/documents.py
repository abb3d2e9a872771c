"""A plan's document in the workspace: read as a whole, made as a file with its progress shown."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zusammenplan.core.files import picture_response
from zusammenplan.core.pages import demand, wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.models import Plan, PlanVersion
from zusammenplan.plans.permissions import may_read_plans
from zusammenplan.reports.actions import Job, Kind, start
from zusammenplan.reports.exports.kinds import CONTENT_TYPES
from zusammenplan.reports.exports.plan_html import chapters_html, contents_html
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

KINDS = {kind: CONTENT_TYPES[kind] for kind in ("pdf", "docx")}


@require_safe
def reading(
    request: UserRequest, slug: str, number: int | None = None, part: int | None = None
) -> HttpResponse:
    """Show the document as it will be read, whether the plan is public or not."""
    plan = _plan(request, slug)
    source = _source(plan, number)
    document = source.document()
    address = _address(slug, number)
    page = reading_of(document, address=address, part=part)
    if page is None:
        raise Http404
    context = {
        "plan": plan,
        "number": number,
        "page": page,
        "contents": contents_html(page.contents),
        "html": chapters_html(
            page.chapters,
            address=address,
            place_url=lambda anchor: f"{address}#{anchor}",
            picture_url=lambda pk: reverse("reports:plan-picture", args=[slug, pk]),
            words=document.words,
        ),
        "citation": citation(document, number),
        "files": [
            {"label": label, "url": _file_url(slug, number, kind)}
            for kind, label in (("pdf", _("PDF, accessible")), ("docx", _("Word")))
        ],
    }
    return render(request, "reports/reading_work.html", context)


@require_safe
def place(request: UserRequest, slug: str, anchor: str, number: int | None = None) -> HttpResponse:
    """Lead to the part of a divided document in which a place stands."""
    plan = _plan(request, slug)
    part = part_of(_source(plan, number).document(), anchor)
    if part is None:
        raise Http404
    return redirect(f"{part_url(_address(slug, number), part)}#{anchor}")


@require_safe
def picture(request: UserRequest, slug: str, pk: int) -> HttpResponseBase:
    """Show a picture of the document, of today or of a frozen version."""
    plan = _plan(request, slug)
    found = public_picture(plan, pk)
    if found is None:
        raise Http404
    return picture_response(found, cache_control="private, max-age=300")


@require_POST
def make(request: UserRequest, slug: str, kind: Kind, number: int | None = None) -> HttpResponse:
    """Begin to make the file, and lead to the page that tells how far it is."""
    plan = _plan(request, slug)
    source = _source(plan, number)
    if kind == "pdf" and number is None and source.bars_pdf:
        messages.error(
            request,
            _("The PDF would not be accessible. Mend first what is marked under “Check”."),
        )
        return redirect("plans:document", slug)
    job = start(plan.pk, source.document(), kind)
    return redirect("reports:plan-job", slug, kind, job.key)


@require_safe
def job(request: UserRequest, slug: str, file_kind: str, key: str) -> HttpResponse:
    """Tell how far the file is; the page asks again every second until it is there."""
    plan = _plan(request, slug)
    made = _job(plan, file_kind, key)
    if made.state == "unknown":
        raise Http404
    context = {
        "plan": plan,
        "state": made.state,
        "seconds": made.seconds,
        "kind": _("Word") if file_kind == "docx" else _("PDF, accessible"),
        "here": request.path,
        "file_url": reverse("reports:plan-made", args=[slug, file_kind, key]),
    }
    name = "reports/job.html#progress" if wants_part(request) else "reports/job.html"
    response = render(request, name, context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def made(request: UserRequest, slug: str, file_kind: str, key: str) -> HttpResponseBase:
    """Give the finished file."""
    plan = _plan(request, slug)
    found = _job(plan, file_kind, key)
    if found.state != "done":
        raise Http404
    response = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=f"{slug}.{file_kind}",
        content_type=KINDS[file_kind],
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _plan(request: UserRequest, slug: str) -> Plan:
    demand(may_read_plans(request.user))
    return get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)


def _source(plan: Plan, number: int | None) -> Source:
    if number is None:
        return live_source(plan, timezone.now())
    return frozen_source(get_object_or_404(PlanVersion, plan=plan, number=number))


def _address(slug: str, number: int | None) -> str:
    if number is None:
        return reverse("reports:plan-reading", args=[slug])
    return reverse("reports:version-reading", args=[slug, number])


def _file_url(slug: str, number: int | None, kind: str) -> str:
    if number is None:
        return reverse(f"reports:plan-file-{kind}", args=[slug])
    return reverse(f"reports:version-file-{kind}", args=[slug, number])


def _job(plan: Plan, kind: str, key: str) -> Job:
    if kind not in KINDS or not key.isalnum():
        raise Http404
    return Job(plan.pk, key, cast("Kind", kind))
