"""The pages on which a plan's document is written: outline, chapter, blocks, abbreviations."""

from typing import Any, get_args

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.actions.refusals import OtherPlanError
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.domain.outline import DEEPEST, Step
from zusammenplan.plans.domain.rich_text import clean_html
from zusammenplan.plans.domain.usual_outline import USUAL_OUTLINE
from zusammenplan.plans.forms.document import (
    BLOCK_FORMS,
    AbbreviationForm,
    ChapterForm,
    FirstChapterForm,
    NewChapterForm,
    block_form,
)
from zusammenplan.plans.models import Abbreviation, Block, Chapter, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.comparison import plain_text
from zusammenplan.plans.queries.data_blocks import looks_of
from zusammenplan.plans.queries.document import OutlinePage, outline_page
from zusammenplan.plans.views.workspace import (
    deletion_page,
    direction_of,
    plan_to_edit,
    readable_plan,
    upper_url,
)

PICTURE_POLICY = "default-src 'none'; sandbox"


@require_safe
def document(request: UserRequest, slug: str) -> HttpResponse:
    """Show the outline of the document, what is to be mended, and how to get it."""
    return _document_page(request, readable_plan(request, slug))


@require_POST
def chapter_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a chapter; the form stands below the outline."""
    plan = plan_to_edit(request, slug)
    page = outline_page(plan)
    form = NewChapterForm(request.POST, plan=plan, parents=_parents(page))
    if form.is_valid():
        try:
            chapter = deeds.add_chapter(
                plan, form.values(), parent=form.cleaned_data["parent"], by=request.user
            )
        except (deeds.TooDeepError, OtherPlanError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("Chapter “%(chapter)s” is added."), chapter=chapter))
            return redirect("plans:chapter", slug, chapter.pk)
    return _document_page(request, plan, page=page, form=form)


@require_http_methods(["GET", "POST"])
def outline_suggest(request: UserRequest, slug: str) -> HttpResponse:
    """Show the usual chapters, and add those that are missing if the planner wants them."""
    plan = plan_to_edit(request, slug)
    if request.method == "POST":
        number = deeds.add_usual_chapters(plan, by=request.user)
        if number:
            messages.success(
                request,
                ngettext("%(number)d chapter is added.", "%(number)d chapters are added.", number)
                % {"number": number},
            )
        else:
            messages.success(request, _("The document has all the usual chapters already."))
        return redirect("plans:document", slug)
    context = {"plan": plan, "usual": [_usual(one) for one in USUAL_OUTLINE]}
    return render(request, "plans/outline_suggest.html", context)


@require_POST
def first_chapter(request: UserRequest, slug: str) -> HttpResponse:
    """Let the numbers begin at 0 or 1."""
    plan = plan_to_edit(request, slug)
    form = FirstChapterForm(request.POST)
    if form.is_valid():
        deeds.set_first_chapter(plan, form.cleaned_data["first"], by=request.user)
    return redirect("plans:document", slug)


@require_safe
def chapter(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show a chapter with its blocks."""
    plan = readable_plan(request, slug)
    return _chapter_page(request, plan, _chapter_of(plan, pk))


@require_http_methods(["GET", "POST"])
def chapter_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a chapter's title or kind."""
    plan = plan_to_edit(request, slug)
    chapter_ = _chapter_of(plan, pk)
    title = str(chapter_)
    form = ChapterForm(
        request.POST if request.method == "POST" else None,
        plan=plan,
        initial=ChapterForm.initial_of(chapter_),
    )
    if form.is_valid():
        try:
            deeds.change_chapter(
                chapter_, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except deeds.BlocksInTheWayError as refusal:
            form.add_error("kind", str(refusal))
        else:
            messages.success(
                request, within(_("Chapter “%(chapter)s” is saved."), chapter=chapter_)
            )
            return redirect("plans:chapter", slug, pk)
    context = {
        "plan": plan,
        "chapter": chapter_,
        "title": title,
        "form": form,
        "log": changes(chapter_, 5),
    }
    return render(request, "plans/chapter_form.html", context)


@require_POST
def chapter_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a chapter up, down, in or out."""
    plan = plan_to_edit(request, slug)
    chapter_ = _chapter_of(plan, pk)
    step: Step | None = next(
        (one for one in get_args(Step) if one == request.POST.get("step")), None
    )
    if step and deeds.move_chapter(chapter_, step, by=request.user):
        messages.success(request, within(_("Chapter “%(chapter)s” is moved."), chapter=chapter_))
    return redirect(f"{reverse('plans:document', args=[slug])}#kapitel-{pk}")


@require_http_methods(["GET", "POST"])
def chapter_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete a chapter."""
    plan = plan_to_edit(request, slug)
    chapter_ = _chapter_of(plan, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.delete_chapter(chapter_, reason=form.cleaned_data["reason"], by=request.user)
        except deeds.ChapterNotEmptyError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, within(_("Chapter “%(chapter)s” is deleted."), chapter=chapter_)
            )
            return redirect("plans:document", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="document",
        what=str(chapter_),
        deed=_("Delete the chapter"),
        text=_("What is written in it goes with it. Frozen versions of the plan keep it."),
        back_url=reverse("plans:chapter", args=[slug, pk]),
    )


# --- blocks ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def block_add(request: UserRequest, slug: str, pk: int, block_kind: str) -> HttpResponse:
    """Add a text, figure, table, quote or look at the data to a chapter."""
    plan = plan_to_edit(request, slug)
    chapter_ = _chapter_of(plan, pk)
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
    try:
        file = block.picture.file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(file, content_type=block.picture.kind)
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cache-Control"] = "private, max-age=300"
    return response


# --- abbreviations -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def abbreviation_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the abbreviations, and add one."""
    plan = plan_to_edit(request, slug) if request.method == "POST" else readable_plan(request, slug)
    form = AbbreviationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = deeds.add_abbreviation(plan, form.values(), by=request.user)
        except deeds.AbbreviationTakenError as refusal:
            form.add_error("short", str(refusal))
        else:
            messages.success(request, _("“%(short)s” is added.") % {"short": added.short})
            return redirect("plans:abbreviation-list", slug)
    context = {
        "plan": plan,
        "form": form,
        "may_edit": may_edit_plan(request.user),
        "abbreviations": plan.abbreviations.order_by("short"),
    }
    return render(request, "plans/abbreviation_list.html", context)


@require_http_methods(["GET", "POST"])
def abbreviation_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change or delete an abbreviation."""
    plan = plan_to_edit(request, slug)
    abbreviation = get_object_or_404(Abbreviation, plan=plan, pk=pk)
    short = abbreviation.short
    if request.method == "POST" and "delete" in request.POST:
        deeds.delete_abbreviation(abbreviation, by=request.user)
        messages.success(request, _("“%(short)s” is deleted.") % {"short": short})
        return redirect("plans:abbreviation-list", slug)
    form = AbbreviationForm(
        request.POST if request.method == "POST" else None,
        initial=AbbreviationForm.initial_of(abbreviation),
    )
    if form.is_valid():
        try:
            deeds.change_abbreviation(
                abbreviation, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except deeds.AbbreviationTakenError as refusal:
            form.add_error("short", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("plans:abbreviation-list", slug)
    context = {"plan": plan, "form": form, "short": short}
    return render(request, "plans/abbreviation_form.html", context)


# --- pages -------------------------------------------------------------------------------


def _document_page(
    request: UserRequest,
    plan: Plan,
    *,
    page: OutlinePage | None = None,
    form: NewChapterForm | None = None,
) -> HttpResponse:
    page = page or outline_page(plan)
    context = {
        "plan": plan,
        "page": page,
        "may_edit": may_edit_plan(request.user),
        "form": form or NewChapterForm(plan=plan, parents=_parents(page)),
        "first_form": FirstChapterForm(initial={"first": str(plan.first_chapter)}),
        "reading_url": upper_url("reports:plan-reading", plan.slug),
        "making": [
            {"kind": kind, "label": label, "url": url}
            for kind, label in (("pdf", _("PDF, accessible")), ("docx", _("Word")))
            if (url := upper_url(f"reports:plan-file-{kind}", plan.slug))
        ],
    }
    return render(request, "plans/document.html", context)


def _parents(page: OutlinePage) -> list[tuple[int, str]]:
    return [
        (line.pk, f"{line.number} {line.title}") for line in page.lines if line.depth + 1 < DEEPEST
    ]


def _usual(one: Any) -> dict[str, Any]:
    return {
        "title": one.title.say(get_language() or "de"),
        "what": ChapterKind(one.kind).label,
        "below": [_usual(child) for child in one.below],
    }


def _chapter_page(request: UserRequest, plan: Plan, chapter_: Chapter) -> HttpResponse:
    page = outline_page(plan)
    place = next(place for place, line in enumerate(page.lines) if line.pk == chapter_.pk)
    blocks = chapter_.blocks.select_related("picture", "indicator", "area")
    blocks = blocks.order_by("position", "pk")
    context = {
        "plan": plan,
        "chapter": chapter_,
        "line": page.lines[place],
        "before": page.lines[place - 1] if place else None,
        "after": page.lines[place + 1] if place + 1 < len(page.lines) else None,
        "may_edit": may_edit_plan(request.user),
        "is_text": chapter_.kind == ChapterKind.TEXT,
        "blocks": [_shown(block, page) for block in blocks],
        # A look shows what everybody sees, and leads to where everybody may read of it.
        "audience": EVERYBODY,
        "to_mend": [one for one in page.to_mend if one.chapter_pk == chapter_.pk and not one.block],
        "kinds": BlockKind.choices,
        "reading_url": upper_url("reports:plan-reading", plan.slug),
        "log": changes(chapter_, 5),
    }
    return render(request, "plans/chapter.html", context)


def _shown(block: Block, page: OutlinePage) -> dict[str, Any]:
    return {
        "block": block,
        "html": clean_html(block.text),
        "head": block.cells[0] if block.cells else [],
        "rows": block.cells[1:],
        "to_mend": [one for one in page.to_mend if one.block == block.address],
        "looks": looks_of(block),
    }


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
        "kind_label": BlockKind(form.kind).label,
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


def _chapter_of(plan: Plan, pk: int) -> Chapter:
    return get_object_or_404(plan.chapters.select_related("plan", "field"), pk=pk)


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
