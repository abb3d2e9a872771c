"""The pages of the abbreviations of a plan's document."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.forms.document import AbbreviationForm
from zusammenplan.plans.models import Abbreviation
from zusammenplan.plans.permissions import may_edit_plan
from zusammenplan.plans.views.workspace import plan_to_edit, readable_plan


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
