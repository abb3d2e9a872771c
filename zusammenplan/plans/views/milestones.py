"""The pages on which the milestones of a measure are written, moved and finished."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.milestones import (
    MoveReasonMissingError,
    add_milestone,
    change_milestone,
    move_milestone,
    remove_milestone,
    set_milestone_done,
)
from zusammenplan.plans.forms.parts import MilestoneForm
from zusammenplan.plans.models import Measure, Milestone, Plan
from zusammenplan.plans.queries.measure_page import milestones_of
from zusammenplan.plans.views.parts import (
    back_from_deed,
    measure_to_edit,
    part_of,
    removal_page,
    section_page,
)
from zusammenplan.plans.views.workspace import direction_of


@require_http_methods(["GET", "POST"])
def milestone_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show all milestones of a measure and add one."""
    plan, measure = measure_to_edit(request, slug, pk)
    form = MilestoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        milestone = add_milestone(measure, form.values(), by=request.user)
        messages.success(request, within(_("“%(milestone)s” is added."), milestone=milestone))
        return redirect("plans:measure-milestones", slug, pk)
    return _page(request, plan, measure, form)


@require_http_methods(["GET", "POST"])
def milestone_change(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change a milestone; moving its day asks for the reason."""
    plan, measure = measure_to_edit(request, slug, pk)
    milestone = part_of(measure.milestones.all(), part, measure)
    form = MilestoneForm(
        request.POST if request.method == "POST" else None,
        initial=MilestoneForm.initial_of(milestone),
    )
    if form.is_valid():
        try:
            change_milestone(milestone, form.moves, seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except MoveReasonMissingError as refusal:
            form.add_error("moved_reason", str(refusal))
        else:
            messages.success(request, within(_("“%(milestone)s” is saved."), milestone=milestone))
            return redirect("plans:measure-milestones", slug, pk)
        milestone = part_of(measure.milestones.all(), part, measure)
    return _page(request, plan, measure, form, milestone)


@require_POST
def milestone_done(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Note that a milestone is reached today, or that it is open again."""
    _plan, measure = measure_to_edit(request, slug, pk)
    milestone = part_of(measure.milestones.all(), part, measure)
    done_on = localdate() if request.POST.get("done") == "yes" else None
    if set_milestone_done(milestone, done_on, by=request.user):
        told = _("“%(milestone)s” is reached.") if done_on else _("“%(milestone)s” is open again.")
        messages.success(request, within(told, milestone=milestone))
    return back_from_deed(request, measure, "milestones", "measure-milestones")


@require_POST
def milestone_move(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Put a milestone one place up or down."""
    _plan, measure = measure_to_edit(request, slug, pk)
    milestone = part_of(measure.milestones.all(), part, measure)
    if move_milestone(milestone, direction_of(request), by=request.user):
        messages.success(request, within(_("“%(milestone)s” is moved."), milestone=milestone))
    return back_from_deed(request, measure, "milestones", "measure-milestones")


@require_http_methods(["GET", "POST"])
def milestone_delete(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and remove a milestone."""
    _plan, measure = measure_to_edit(request, slug, pk)
    milestone = part_of(measure.milestones.all(), part, measure)
    return removal_page(
        request,
        measure,
        what=str(milestone),
        deed=_("Remove the milestone"),
        text=_("The history keeps what stood there, and your reason."),
        section="milestones",
        remove=lambda reason: remove_milestone(milestone, reason=reason, by=request.user),
    )


def _page(
    request: UserRequest,
    plan: Plan,
    measure: Measure,
    form: MilestoneForm,
    milestone: Milestone | None = None,
) -> HttpResponse:
    return section_page(
        request,
        "plans/measure_milestones.html",
        plan,
        measure,
        form=form,
        part=milestone,
        milestones=milestones_of(measure, today=localdate()),
    )
