"""What the pages of plans share: the plan, the thread, the question before deleting."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from zusammenplan.core.choosing import key_in
from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.pages import demand
from zusammenplan.core.periods import parse_period
from zusammenplan.people.models import Organisation
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans import actions
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.permissions import may_edit_plan, may_read_plans
from zusammenplan.plans.queries.thread import Step, upper_url

__all__ = [
    "PAGE_SIZE",
    "Step",
    "deletion_page",
    "direction_of",
    "import_url",
    "measure_of",
    "organisation_names",
    "plan_to_edit",
    "readable_plan",
    "upper_url",
    "wanted_field",
    "wanted_record",
    "warn_of_period",
    "words_looked_for",
]

PAGE_SIZE = 50
LONGEST_SEARCH = 100
RecordT = TypeVar("RecordT", bound=Model)


def readable_plan(request: UserRequest, slug: str) -> Plan:
    demand(may_read_plans(request.user))
    return get_object_or_404(Plan.objects.visible_to(request.user), slug=slug)


def plan_to_edit(request: UserRequest, slug: str) -> Plan:
    plan = readable_plan(request, slug)
    demand(may_edit_plan(request.user))
    return plan


def measure_of(plan: Plan, pk: int) -> Measure:
    return get_object_or_404(plan.measures.select_related("plan", "field", "responsible"), pk=pk)


def wanted_record(records: QuerySet[RecordT], pk: str) -> RecordT | None:
    """Give the record that the address names, if it is one of these."""
    return records.filter(pk=key_in(pk)).first()


def words_looked_for(request: UserRequest) -> str:
    """Give what somebody looks for, as far as a search field holds it and a database takes it."""
    typed = request.POST.get("q") or request.GET.get("q") or ""
    return typed.replace("\0", "").strip()[:LONGEST_SEARCH]


def wanted_field(plan: Plan, pk: str) -> FieldOfAction | None:
    return wanted_record(plan.fields.all(), pk)


def direction_of(request: UserRequest) -> actions.Direction:
    return "up" if request.POST.get("direction") == "up" else "down"


def warn_of_period(request: UserRequest, values: Mapping[str, Any]) -> None:
    """Tell that the words of a period name no days, where no days stand beside them."""
    words = values["period_text"]
    if not (words == "" or values["starts_on"] or values["ends_on"]) and not (
        parse_period(words).is_understood
    ):
        messages.warning(
            request,
            _("The period “%(period)s” is kept as written; its days were not understood.")
            % {"period": words},
        )


def deletion_page(
    request: UserRequest,
    form: ReasonForm,
    *,
    plan: Plan,
    tab: str,
    what: str,
    deed: str,
    text: str,
    back_url: str,
) -> HttpResponse:
    context = {
        "plan": plan,
        "tab": tab,
        "form": form,
        "what": what,
        "deed": deed,
        "text": text,
        "back_url": back_url,
    }
    return render(request, "plans/delete.html", context)


def organisation_names() -> list[str]:
    return list(Organisation.objects.order_by("name").values_list("name", flat=True))


def import_url(plan: Plan | None = None) -> str:
    """Give the page that takes over a table; it belongs to an upper app."""
    url = upper_url("tables:import")
    return f"{url}?plan={plan.slug}" if url and plan else url
