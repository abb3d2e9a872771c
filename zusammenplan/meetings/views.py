"""Pages of bodies and their seats."""

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

from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand, render_page, sort_fields
from zusammenplan.core.validity import EndsBeforeItBeginsError
from zusammenplan.meetings.actions import (
    BodyNameTakenError,
    SeatTwiceError,
    add_seat,
    change_body,
    change_seat,
    create_body,
    end_seat,
)
from zusammenplan.meetings.forms import BodyFilter, BodyForm, EndSeatForm, SeatFilter, SeatForm
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.meetings.permissions import may_edit_bodies, may_see_bodies
from zusammenplan.meetings.queries import bodies_with_counts, body_changes, seats_of
from zusammenplan.people.permissions import UserRequest

BODY_SORTS = {"name": ("name_de",), "kind": ("kind", "name_de"), "members": ("members", "name_de")}
SEAT_SORTS = {
    "name": ("name",),
    "organisation": ("organisation__name", "name"),
    "role": ("role", "name"),
    "vote": ("has_vote", "name"),
}


@require_safe
def body_list(request: UserRequest) -> HttpResponse:
    """List bodies with the filter bar; HTMX swaps only the table."""
    demand(may_see_bodies(request.user))
    filter_form = BodyFilter(request.GET)
    sort = request.GET.get("sort", "name")
    bodies = filter_form.apply(bodies_with_counts(timezone.localdate()))
    bodies = bodies.order_by(*sort_fields(sort, BODY_SORTS), "pk")
    page = Paginator(bodies, 50).get_page(request.GET.get("page"))
    context = {
        "filter": filter_form,
        "sort": sort,
        "page": page,
        "may_edit": may_edit_bodies(request.user),
        "rows": [
            {
                "url": reverse("meetings:body-detail", args=[body.pk]),
                "name": body.name,
                "short_name": body.short_name,
                "kind": body.get_kind_display(),
                "members": body.members,  # type: ignore[attr-defined] # counted by the query
                "voters": body.voters,  # type: ignore[attr-defined] # counted by the query
            }
            for body in page
        ],
    }
    return render_page(request, "meetings/body_list.html", context, part="table")


@require_http_methods(["GET", "HEAD", "POST"])
def body_add(request: UserRequest) -> HttpResponse:
    """Add a body."""
    demand(may_edit_bodies(request.user))
    form = BodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            body = create_body(by=request.user, **form.values())
        except BodyNameTakenError as refusal:
            form.add_error("name_de", str(refusal))
        else:
            messages.success(request, _("%(body)s added. Now add its members.") % {"body": body})
            return redirect("meetings:body-detail", body.pk)
    return render(request, "meetings/body_add.html", {"form": form})


@require_safe
def body_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show a body with its seats; HTMX swaps only the table."""
    demand(may_see_bodies(request.user))
    body = get_object_or_404(Body, pk=pk)
    today = timezone.localdate()
    filter_form = SeatFilter(request.GET)
    sort = request.GET.get("sort", "name")
    shows_former = request.GET.get("former") == "1"
    seats = filter_form.apply(seats_of(body))
    seats = seats if shows_former else seats.exclude(valid_to__lt=today)
    page = Paginator(seats.order_by(*sort_fields(sort, SEAT_SORTS), "pk"), 50).get_page(
        request.GET.get("page")
    )
    rows = [_seat_row(seat) for seat in page]
    valid = seats_of(body).valid_on(today)
    context = {
        "body": body,
        "filter": filter_form,
        "sort": sort,
        "shows_former": shows_former,
        "page": page,
        "rows": rows,
        "has_from": any(row["from"] for row in rows),
        "has_to": any(row["to"] for row in rows),
        "members": valid.count(),
        "voters": valid.voting().count(),
        "may_edit": may_edit_bodies(request.user),
        "log": body_changes(body),
    }
    return render_page(request, "meetings/body_detail.html", context, part="table")


@require_http_methods(["GET", "HEAD", "POST"])
def body_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change a body's names and kind."""
    demand(may_edit_bodies(request.user))
    body = get_object_or_404(Body, pk=pk)
    form = BodyForm(request.POST or None, instance=body)
    if request.method == "POST" and form.is_valid():
        try:
            change_body(
                Body.objects.get(pk=pk),
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except BodyNameTakenError as refusal:
            form.add_error("name_de", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("Changes saved."))
            return redirect("meetings:body-detail", pk)
    stored = Body.objects.get(pk=pk)
    context = {"body": stored, "form": form, "log": changes(stored)}
    return render(request, "meetings/body_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seat_add(request: UserRequest, pk: int) -> HttpResponse:
    """Give somebody a seat in the body."""
    demand(may_edit_bodies(request.user))
    body = get_object_or_404(Body, pk=pk)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = add_seat(body, by=request.user, **form.values())
        except EndsBeforeItBeginsError as refusal:
            form.add_error("valid_to", str(refusal))
        except SeatTwiceError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(seat)s now sits in %(body)s.") % _names(seat))
            again = "again" in request.POST
            return redirect("meetings:seat-add" if again else "meetings:body-detail", pk)
    return render(request, "meetings/seat_add.html", {"body": body, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def seat_change(request: UserRequest, pk: int) -> HttpResponse:
    """Change who sits there, for whom, with or without a vote, how long."""
    demand(may_edit_bodies(request.user))
    seat = get_object_or_404(Seat.objects.select_related("body"), pk=pk, anonymised_at=None)
    form = SeatForm(request.POST or None, instance=seat)
    if request.method == "POST" and form.is_valid():
        try:
            change_seat(
                Seat.objects.get(pk=pk),
                form.values(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except EndsBeforeItBeginsError as refusal:
            form.add_error("valid_to", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, _("Changes saved."))
            return redirect("meetings:body-detail", seat.body_id)
    stored = Seat.objects.select_related("body").get(pk=pk)
    context = {
        "body": stored.body,
        "seat": stored,
        "form": form,
        "log": changes(stored),
    }
    return render(request, "meetings/seat_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seat_end(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for the last day, then end the seat."""
    demand(may_edit_bodies(request.user))
    seat = get_object_or_404(Seat.objects.select_related("body"), pk=pk, anonymised_at=None)
    form = EndSeatForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_seat(seat, on=form.cleaned_data["on"], by=request.user)
        except EndsBeforeItBeginsError as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, _("The last day of %(seat)s is noted.") % {"seat": seat})
            return redirect("meetings:body-detail", seat.body_id)
    return render(
        request, "meetings/seat_end.html", {"body": seat.body, "seat": seat, "form": form}
    )


def _names(seat: Seat) -> dict[str, str]:
    return {"seat": str(seat), "body": str(seat.body)}


def _seat_row(seat: Seat) -> dict[str, Any]:
    return {
        "name": seat.name,
        "email": seat.email,
        "organisation": str(seat.organisation) if seat.organisation else "",
        "role": seat.get_role_display(),
        "vote": _("yes") if seat.has_vote else _("no"),
        "from": date_format(seat.valid_from, "SHORT_DATE_FORMAT") if seat.valid_from else "",
        "to": date_format(seat.valid_to, "SHORT_DATE_FORMAT") if seat.valid_to else "",
        # Whose name has gone gets none again: nothing would take it out a second time.
        "url": "" if seat.anonymised_at else reverse("meetings:seat-change", args=[seat.pk]),
        "end_url": "" if seat.valid_to else reverse("meetings:seat-end", args=[seat.pk]),
    }
