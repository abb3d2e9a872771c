"""The pages of the files of a measure and of its indicators, and the download."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.files import file_response
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.models import Attachment
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.attachments import (
    add_attachment,
    change_attachment,
    take_off_attachment,
)
from zusammenplan.plans.forms.parts import AttachmentForm, UploadForm
from zusammenplan.plans.models import Measure, MeasureIndicator, Plan
from zusammenplan.plans.queries.measure_page import attachments_near, files_of_record
from zusammenplan.plans.views.parts import (
    detail_url,
    measure_to_edit,
    part_of,
    removal_page,
    section_page,
)
from zusammenplan.plans.views.workspace import measure_of, readable_plan


@require_http_methods(["GET", "POST"])
def file_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show the files of a measure and attach one."""
    plan, measure = measure_to_edit(request, slug, pk)
    return _upload(request, plan, measure, None)


@require_http_methods(["GET", "POST"])
def indicator_file_list(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Show the files that prove an indicator and attach one."""
    plan, measure = measure_to_edit(request, slug, pk)
    return _upload(request, plan, measure, part_of(measure.indicators.all(), part, measure))


@require_http_methods(["GET", "POST"])
def file_change(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change what is told of a file, and to whom."""
    plan, measure = measure_to_edit(request, slug, pk)
    attachment = _attachment(measure, part)
    form = AttachmentForm(
        request.POST if request.method == "POST" else None,
        initial=AttachmentForm.initial_of(attachment),
    )
    if form.is_valid():
        try:
            change_attachment(
                attachment,
                plan,
                description=form.cleaned_data["description"],
                is_public=form.cleaned_data["is_public"],
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("The file is described anew."))
            return redirect(detail_url(measure, _section(attachment)))
    return _page(request, plan, measure, form, _indicator_of(measure, attachment), attachment)


@require_http_methods(["GET", "POST"])
def file_delete(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and take a file off its record."""
    plan, measure = measure_to_edit(request, slug, pk)
    attachment = _attachment(measure, part)
    return removal_page(
        request,
        measure,
        what=str(attachment),
        deed=_("Remove the file"),
        text=_("Nobody can download it any more. Frozen versions of the plan still name it."),
        section=_section(attachment),
        remove=lambda reason: take_off_attachment(
            attachment, plan, reason=reason, by=request.user, now=timezone.now()
        ),
    )


@require_safe
def file_download(request: UserRequest, slug: str, pk: int, part: int) -> FileResponse:
    """Hand a file out to whoever may read the plan."""
    measure = measure_of(readable_plan(request, slug), pk)
    return file_response(_attachment(measure, part))


def _upload(
    request: UserRequest, plan: Plan, measure: Measure, indicator: MeasureIndicator | None
) -> HttpResponse:
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        attachment = add_attachment(
            indicator or measure,
            form.cleaned_data["file"],
            description=form.cleaned_data["description"],
            is_public=form.cleaned_data["is_public"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("“%(file)s” is attached.") % {"file": attachment.name})
        if indicator:
            return redirect("plans:measure-indicator-files", plan.slug, measure.pk, indicator.pk)
        return redirect("plans:measure-files", plan.slug, measure.pk)
    return _page(request, plan, measure, form, indicator)


def _attachment(measure: Measure, pk: int) -> Attachment:
    """Give a file of the measure or of its indicators; a removed one is not found."""
    found = next((one for one in attachments_near(measure) if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _indicator_of(measure: Measure, attachment: Attachment) -> MeasureIndicator | None:
    if attachment.content_type.model_class() is not MeasureIndicator:
        return None
    return measure.indicators.filter(pk=attachment.object_id).first()


def _section(attachment: Attachment) -> str:
    is_evidence = attachment.content_type.model_class() is MeasureIndicator
    return "indicators" if is_evidence else "files"


def _page(
    request: UserRequest,
    plan: Plan,
    measure: Measure,
    form: AttachmentForm,
    indicator: MeasureIndicator | None,
    attachment: Attachment | None = None,
) -> HttpResponse:
    return section_page(
        request,
        "plans/measure_files.html",
        plan,
        measure,
        form=form,
        part=attachment,
        indicator=indicator,
        files=files_of_record(indicator or measure),
        section="indicators" if indicator else "files",
    )
