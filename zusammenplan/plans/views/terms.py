"""The pages of target groups and life situations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import either, within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.terms import (
    TermInUseError,
    TermTakenError,
    add_term,
    change_term,
    delete_term,
    move_term,
    take_default_terms,
)
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.forms.terms import TermForm
from zusammenplan.plans.models import Term
from zusammenplan.plans.permissions import may_edit_plan, may_read_plans
from zusammenplan.plans.queries.terms import proposed_terms, terms_by_kind
from zusammenplan.plans.views.workspace import direction_of


@require_safe
def term_list(request: UserRequest) -> HttpResponse:
    """Show both lists, with what we propose for each."""
    demand(may_read_plans(request.user))
    may_edit = may_edit_plan(request.user)
    names = {
        TermKind.TARGET_GROUP: (
            _("Target groups"),
            _("For whom needs and measures are."),
            _("Add a target group"),
        ),
        TermKind.LIFE_SITUATION: (
            _("Life situations"),
            _("The part of life that a need or a measure touches."),
            _("Add a life situation"),
        ),
    }
    lists = [
        {
            "kind": kind.value,
            "name": names[kind][0],
            "hint": names[kind][1],
            "add": names[kind][2],
            "lines": lines,
            "proposed": [
                either(german, english, get_language() or "de")
                for german, english in proposed_terms(kind)
            ]
            if may_edit
            else [],
        }
        for kind, lines in terms_by_kind().items()
    ]
    return render(request, "plans/term_list.html", {"lists": lists, "may_edit": may_edit})


@require_http_methods(["GET", "HEAD", "POST"])
def term_add(request: UserRequest) -> HttpResponse:
    """Add a term to the list that the address names."""
    demand(may_edit_plan(request.user))
    kind = _kind(request.GET.get("art", ""))
    form = TermForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            term = add_term(kind, form.values(), by=request.user)
        except TermTakenError as refusal:
            form.add_error("name_de", str(refusal))
        else:
            messages.success(request, within(_("“%(term)s” is added."), term=term))
            return redirect("plans:term-list")
    return render(request, "plans/term_form.html", {"form": form, "kind": kind.label})


@require_http_methods(["GET", "HEAD", "POST"])
def term_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change a term wherever it is named."""
    demand(may_edit_plan(request.user))
    term = get_object_or_404(Term, pk=pk)
    title = term.name
    form = TermForm(
        request.POST if request.method == "POST" else None, initial=TermForm.initial_of(term)
    )
    if form.is_valid():
        try:
            change_term(term, form.values(), seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except TermTakenError as refusal:
            form.add_error("name_de", str(refusal))
        else:
            messages.success(request, within(_("“%(term)s” is saved."), term=term))
            return redirect("plans:term-list")
    context = {
        "term": term,
        "title": title,
        "form": form,
        "kind": term.get_kind_display(),
        "log": changes(term, 5),
    }
    return render(request, "plans/term_form.html", context)


@require_POST
def term_move(request: UserRequest, pk: int) -> HttpResponse:
    """Move a term up or down in its list."""
    demand(may_edit_plan(request.user))
    term = get_object_or_404(Term, pk=pk)
    if move_term(term, direction_of(request), by=request.user):
        messages.success(request, within(_("“%(term)s” is moved."), term=term))
    return redirect(f"{reverse('plans:term-list')}#term-{pk}")


@require_POST
def term_defaults(request: UserRequest) -> HttpResponse:
    """Take over the proposed terms of one list."""
    demand(may_edit_plan(request.user))
    number = take_default_terms(_kind(request.POST.get("art", "")), by=request.user)
    messages.success(
        request,
        ngettext("%(number)d term is added.", "%(number)d terms are added.", number)
        % {"number": number},
    )
    return redirect("plans:term-list")


@require_http_methods(["GET", "HEAD", "POST"])
def term_delete(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the reason and delete a term that nothing names."""
    demand(may_edit_plan(request.user))
    term = get_object_or_404(Term, pk=pk)
    title = str(term)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_term(term, reason=form.cleaned_data["reason"], by=request.user)
        except TermInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(term)s” is deleted."), term=title))
            return redirect("plans:term-list")
    return render(request, "plans/term_delete.html", {"term": term, "form": form})


def _kind(word: str) -> TermKind:
    return TermKind(word) if word in TermKind.values else TermKind.TARGET_GROUP
