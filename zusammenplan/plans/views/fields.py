"""The pages of fields of action."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.forms.plans import FieldForm
from zusammenplan.plans.views.workspace import deletion_page, direction_of, plan_to_edit


@require_http_methods(["GET", "POST"])
def field_add(request: UserRequest, slug: str) -> HttpResponse:
    """Add a field of action."""
    plan = plan_to_edit(request, slug)
    form = FieldForm(
        request.POST if request.method == "POST" else None, initial=FieldForm.initial_for(plan)
    )
    if form.is_valid():
        try:
            field = actions.add_field(plan, form.values(), by=request.user)
        except actions.CodeTakenError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, within(_("“%(field)s” is added."), field=field))
            return redirect("plans:plan-detail", slug)
    return render(request, "plans/field_form.html", {"plan": plan, "form": form})


@require_http_methods(["GET", "POST"])
def field_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Change a field of action."""
    plan = plan_to_edit(request, slug)
    field = get_object_or_404(plan.fields, pk=pk)
    title = str(field)
    form = FieldForm(
        request.POST if request.method == "POST" else None, initial=FieldForm.initial_of(field)
    )
    if form.is_valid():
        try:
            actions.change_field(
                field, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except actions.CodeTakenError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, within(_("“%(field)s” is saved."), field=field))
            return redirect("plans:plan-detail", slug)
    context = {
        "plan": plan,
        "field": field,
        "title": title,
        "form": form,
        "log": changes(field, 5),
    }
    return render(request, "plans/field_form.html", context)


@require_POST
def field_move(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Move a field of action up or down."""
    plan = plan_to_edit(request, slug)
    field = get_object_or_404(plan.fields, pk=pk)
    if actions.move_field(field, direction_of(request), by=request.user):
        messages.success(request, within(_("“%(field)s” is moved."), field=field))
    return redirect(f"{reverse('plans:plan-detail', args=[slug])}#field-{pk}")


@require_http_methods(["GET", "POST"])
def field_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the reason and delete an empty field of action."""
    plan = plan_to_edit(request, slug)
    field = get_object_or_404(plan.fields, pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.delete_field(field, reason=form.cleaned_data["reason"], by=request.user)
        except actions.FieldNotEmptyError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(field)s” is deleted."), field=field))
            return redirect("plans:plan-detail", slug)
    return deletion_page(
        request,
        form,
        plan=plan,
        tab="plan",
        what=str(field),
        deed=_("Delete the field of action"),
        text=_("Only a field of action without measures, goals and needs can be deleted."),
        back_url=reverse("plans:field-change", args=[slug, pk]),
    )
