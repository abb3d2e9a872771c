"""The pages on which a plan's document is written: its outline and its chapters."""

from typing import Any, get_args

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
from zusammenplan.plans.forms.document import ChapterForm, FirstChapterForm, NewChapterForm
from zusammenplan.plans.models import Block, Chapter, Plan
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.queries.data_blocks import looks_of
from zusammenplan.plans.queries.document import OutlinePage, outline_page
from zusammenplan.plans.views.workspace import (
    deletion_page,
    plan_to_edit,
    readable_plan,
    upper_url,
)


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
    return _chapter_page(request, plan, chapter_of(plan, pk))


@require_http_methods(["GET", "POST"])
def chapter_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a chapter's title or kind."""
    plan = plan_to_edit(request, slug)
    chapter_ = chapter_of(plan, pk)
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
    chapter_ = chapter_of(plan, pk)
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
    chapter_ = chapter_of(plan, pk)
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


def chapter_of(plan: Plan, pk: int) -> Chapter:
    return get_object_or_404(plan.chapters.select_related("plan", "field"), pk=pk)
