"""The pages of a chapter's blocks: texts, figures, tables, quotes, looks at the data."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.files import picture_response
from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.domain.rich_text import clean_html
from zusammenplan.plans.forms.document import BLOCK_FORMS, block_form
from zusammenplan.plans.models import Block, Chapter, Plan
from zusammenplan.plans.queries.comparison import plain_text
from zusammenplan.plans.views.document import chapter_of
from zusammenplan.plans.views.workspace import (
    deletion_page,
    direction_of,
    plan_to_edit,
    readable_plan,
)


@require_http_methods(["GET", "POST"])
def block_add(request: UserRequest, slug: str, pk: int, block_kind: str) -> HttpResponse:
    """Add a text, figure, table, quote or look at the data to a chapter."""
    plan = plan_to_edit(request, slug)
    chapter_ = chapter_of(plan, pk)
    if block_kind not in BLOCK_FORMS or chapter_.kind != ChapterKind.TEXT:
        raise Http404
    sent = request.method == "POST"
    form = block_form(block_kind, *((request.POST, request.FILES) if sent else ()))
    if sent and form.is_valid() and "preview" not in request.POST:
        try:
            block = deeds.add_block(
                chapter_,
                BlockKind(block_kind),
                form.values(),
                upload=form.upload,
                by=request.user,
                now=timezone.now(),
            )
        except deeds.NoTextChapterError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Added to the chapter."))
            return redirect(_block_place(slug, block))
    return _block_page(request, plan, chapter_, form)


@require_http_methods(["GET", "POST"])
def block_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a block."""
    plan = plan_to_edit(request, slug)
    block = _block_of(plan, pk)
    sent = request.method == "POST"
    form = block_form(block.kind, *((request.POST, request.FILES) if sent else ()), block=block)
    if sent and form.is_valid() and "preview" not in request.POST:
        try:
            deeds.change_block(
                block,
                form.values(),
                seen_version=form.seen_version,
                upload=form.upload,
                by=request.user,
                now=timezone.now(),
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("Saved."))
            return redirect(_block_place(slug, block))
    return _block_page(request, plan, block.chapter, form, block=block)


@require_POST
def block_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a block up or down within its chapter."""
    plan = plan_to_edit(request, slug)
    block = _block_of(plan, pk)
    deeds.move_block(block, direction_of(request), by=request.user)
    return redirect(_block_place(slug, block))


@require_http_methods(["GET", "POST"])
def block_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a block."""
    plan = plan_to_edit(request, slug)
    block = _block_of(plan, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        deeds.delete_block(block, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Deleted."))
        return redirect("plans:chapter", slug, block.chapter_id)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="document",
        what=_name_of(block),
        deed=_("Delete the block"),
        text=_("Frozen versions of the plan keep it."),
        back_url=_block_place(slug, block),
    )


@require_safe
def picture(request: UserRequest, slug: str, pk: int) -> HttpResponseBase:
    """Show the picture of a figure to whoever reads the plan in the workspace."""
    plan = readable_plan(request, slug)
    block = get_object_or_404(
        Block.objects.select_related("picture"), chapter__plan=plan, pk=pk, picture__isnull=False
    )
    if block.picture is None:
        raise Http404
    return picture_response(block.picture, cache_control="private, max-age=300")


def _block_page(
    request: UserRequest,
    plan: Plan,
    chapter_: Chapter,
    form: Any,
    *,
    block: Block | None = None,
) -> HttpResponse:
    context = {
        "plan": plan,
        "chapter": chapter_,
        "block": block,
        "form": form,
        "kind": form.kind,
        "title": _block_title(form.kind, is_new=block is None),
        "preview": _preview(request, form),
        "log": changes(block, 5) if block else [],
    }
    return render(request, "plans/block_form.html", context)


def _block_title(kind: BlockKind, *, is_new: bool) -> str:
    if is_new:
        return {
            BlockKind.TEXT: _("Add a text"),
            BlockKind.FIGURE: _("Add a figure"),
            BlockKind.TABLE: _("Add a table"),
            BlockKind.QUOTE: _("Add a quote"),
            BlockKind.DATA: _("Add a look at the data"),
        }[kind]
    return {
        BlockKind.TEXT: _("Change the text"),
        BlockKind.FIGURE: _("Change the figure"),
        BlockKind.TABLE: _("Change the table"),
        BlockKind.QUOTE: _("Change the quote"),
        BlockKind.DATA: _("Change the look at the data"),
    }[kind]


def _preview(request: UserRequest, form: Any) -> dict[str, Any] | None:
    """Show what was typed without saving it, for whoever works without script."""
    if "preview" not in request.POST or not form.is_valid():
        return None
    values = form.values()
    cells = values.get("cells") or [[]]
    return {"html": clean_html(values.get("text_de", "")), "head": cells[0], "rows": cells[1:]}


def _block_of(plan: Plan, pk: int) -> Block:
    return get_object_or_404(
        Block.objects.select_related("chapter__plan", "picture"), chapter__plan=plan, pk=pk
    )


def _name_of(block: Block) -> str:
    """Name a block by its caption, or by its first words."""
    opening = block.caption or Truncator(plain_text(block.text)).words(8)
    kind = block.get_kind_display()
    return f"{kind}: {opening}" if opening else kind


def _block_place(slug: str, block: Block) -> str:
    return f"{reverse('plans:chapter', args=[slug, block.chapter_id])}#baustein-{block.address}"
