"""Organisations and who acts for them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.history import ChangedMeanwhileError, changes, changes_in
from zusammenplan.core.pages import demand, render_page, sort_fields
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.people.actions import (
    NameTakenError,
    add_affiliation,
    change_organisation,
    create_organisation,
    end_affiliation,
)
from zusammenplan.people.forms import (
    AffiliationForm,
    EndAffiliationForm,
    OrganisationFilter,
    OrganisationForm,
)
from zusammenplan.people.models import Affiliation, Organisation
from zusammenplan.people.permissions import UserRequest, may_edit_organisations
from zusammenplan.people.queries import affiliations_of, organisations_with_counts

SORTS = {"name": ("name",), "kind": ("kind", "name"), "people": ("people", "name")}


@require_safe
def organisation_list(request: UserRequest) -> HttpResponse:
    """List organisations with the filter bar; HTMX swaps only the table."""
    demand(may_edit_organisations(request.user))
    filter_form = OrganisationFilter(request.GET)
    sort = request.GET.get("sort", "name")
    found = filter_form.apply(organisations_with_counts()).order_by(*sort_fields(sort, SORTS), "pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "filter": filter_form,
        "sort": sort,
        "page": page,
        "rows": [
            {
                "url": reverse("people:organisation-detail", args=[organisation.pk]),
                "name": organisation.name,
                "kind": organisation.get_kind_display(),
                "legal_form": organisation.legal_form,
                "people": organisation.people,  # type: ignore[attr-defined] # counted by the query
            }
            for organisation in page
        ],
    }
    return render_page(request, "people/organisation_list.html", context, part="table")


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_add(request: UserRequest) -> HttpResponse:
    """Add an organisation."""
    demand(may_edit_organisations(request.user))
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = create_organisation(by=request.user, **form.values())
        except NameTakenError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(name)s added.") % {"name": organisation})
            return redirect("people:organisation-detail", organisation.pk)
    context = {"form": form}
    return render(request, "people/organisation_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show and change an organisation."""
    demand(may_edit_organisations(request.user))
    organisation = get_object_or_404(Organisation, pk=pk)
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(
                Organisation.objects.get(pk=pk),
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except NameTakenError as refusal:
            form.add_error("name", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("Changes saved."))
            return redirect("people:organisation-detail", pk)
    return _detail(request, pk, form=form)


@require_http_methods(["POST"])
def affiliation_add(request: UserRequest, pk: int) -> HttpResponse:
    """Note that somebody acts for the organisation."""
    demand(may_edit_organisations(request.user))
    organisation = get_object_or_404(Organisation, pk=pk)
    form = AffiliationForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            add_affiliation(
                values["user"],
                organisation,
                role=values["role"],
                valid_from=values["valid_from"],
                valid_to=values["valid_to"],
                by=request.user,
            )
        except EndsBeforeItBeginsError as refusal:
            form.add_error("valid_to", str(refusal))
        else:
            messages.success(
                request, _("%(user)s now acts for the organisation.") % {"user": values["user"]}
            )
            return redirect("people:organisation-detail", pk)
    return _detail(request, pk, affiliation_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def affiliation_end(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the last day, then end the affiliation."""
    demand(may_edit_organisations(request.user))
    affiliation = get_object_or_404(
        Affiliation.objects.select_related("user", "organisation"), pk=pk
    )
    initial = {"on": timezone.localdate()}
    form = EndAffiliationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            end_affiliation(affiliation, on=form.cleaned_data["on"], by=request.user)
        except EndsBeforeItBeginsError as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, _("The last day is noted."))
            return redirect("people:organisation-detail", affiliation.organisation_id)
    context = {"form": form, "affiliation": affiliation}
    return render(request, "people/affiliation_end.html", context)


def _detail(
    request: UserRequest,
    pk: int,
    *,
    form: OrganisationForm | None = None,
    affiliation_form: AffiliationForm | None = None,
) -> HttpResponse:
    organisation = Organisation.objects.get(pk=pk)
    affiliations = Affiliation.history.filter(organisation_id=pk)
    log = [
        *changes(organisation),
        *changes_in(affiliations.select_related("user"), about=lambda entry: str(entry.user or "")),
    ]
    context = {
        "organisation": organisation,
        "form": form or OrganisationForm(instance=organisation),
        "affiliation_form": affiliation_form or AffiliationForm(auto_id="affiliation_%s"),
        "rows": [_affiliation_row(row) for row in affiliations_of(organisation)],
        "log": sorted(log, key=lambda entry: entry.at, reverse=True)[:20],
    }
    return render(request, "people/organisation_detail.html", context)


def _affiliation_row(affiliation: Affiliation) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name": str(affiliation.user),
        "role": affiliation.get_role_display(),
        "from": date_format(affiliation.valid_from, "SHORT_DATE_FORMAT")
        if affiliation.valid_from
        else "",
        "to": date_format(affiliation.valid_to, "SHORT_DATE_FORMAT")
        if affiliation.valid_to
        else "",
        "is_over": affiliation.valid_to is not None and affiliation.valid_to < today,
        "end_url": reverse("people:affiliation-end", args=[affiliation.pk]),
    }
