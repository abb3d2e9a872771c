"""The pages on which one says how a measure stands to others."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zusammenplan.core.choosing import key_in
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.relations import (
    RelationKnownError,
    SameMeasureError,
    add_relation,
    change_relation,
    remove_relation,
)
from zusammenplan.plans.choices import RelationKind
from zusammenplan.plans.forms.parts import RelationForm
from zusammenplan.plans.models import Measure, MeasureRelation, Plan
from zusammenplan.plans.queries.relations import measures_found, relations_of
from zusammenplan.plans.views.parts import measure_to_edit, part_of, removal_page, section_page
from zusammenplan.plans.views.workspace import words_looked_for


@require_http_methods(["GET", "POST"])
def relation_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show all relations of a measure, look for another measure and relate the two."""
    plan, measure = measure_to_edit(request, slug, pk)
    form = RelationForm(
        request.POST if request.method == "POST" else None,
        measures=Measure.objects.visible_to(request.user).select_related("plan"),
    )
    if form.is_valid():
        other = form.cleaned_data["other"]
        try:
            add_relation(
                measure,
                RelationKind(form.cleaned_data["kind"]),
                other,
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except (SameMeasureError, RelationKnownError) as refusal:
            form.add_error("other", str(refusal))
        else:
            messages.success(
                request, within(_("The relation to “%(other)s” is noted."), other=other)
            )
            return redirect("plans:measure-relations", slug, pk)
    return _page(request, plan, measure, form)


@require_http_methods(["GET", "POST"])
def relation_change(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change the kind of a relation or its note."""
    plan, measure = measure_to_edit(request, slug, pk)
    relation = part_of(measure.relations.select_related("other__plan"), part, measure)
    form = RelationForm(
        request.POST if request.method == "POST" else None,
        initial=RelationForm.initial_of(relation),
    )
    if form.is_valid():
        try:
            change_relation(
                relation,
                kind=RelationKind(form.cleaned_data["kind"]),
                note=form.cleaned_data["note"],
                seen_version=form.seen_version,
                by=request.user,
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except RelationKnownError as refusal:
            form.add_error("kind", str(refusal))
        else:
            messages.success(request, _("The relation is saved."))
            return redirect("plans:measure-relations", slug, pk)
    return _page(request, plan, measure, form, relation)


@require_http_methods(["GET", "POST"])
def relation_delete(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and remove a relation; it may be noted on the other side."""
    _plan, measure = measure_to_edit(request, slug, pk)
    either = MeasureRelation.objects.filter(measure=measure) | MeasureRelation.objects.filter(
        other=measure
    )
    relation = get_object_or_404(either.select_related("measure__plan", "other__plan"), pk=part)
    return removal_page(
        request,
        measure,
        what=str(relation),
        deed=_("Remove the relation"),
        text=_("Both measures stay as they are. The history keeps your reason."),
        section="relations",
        remove=lambda reason: remove_relation(relation, reason=reason, by=request.user),
    )


def _page(
    request: UserRequest,
    plan: Plan,
    measure: Measure,
    form: RelationForm,
    relation: MeasureRelation | None = None,
) -> HttpResponse:
    wanted = words_looked_for(request)
    return section_page(
        request,
        "plans/measure_relations.html",
        plan,
        measure,
        form=form,
        part=relation,
        relations=relations_of(measure),
        wanted=wanted,
        found=measures_found(measure, wanted, request.user),
        picked=key_in(request.POST.get("other", "")),
    )
