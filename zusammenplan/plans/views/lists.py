"""The list of a plan's measures: filter, ways of showing, and what is set for several."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from zusammenplan.core.choosing import key_in
from zusammenplan.core.pages import render_page, wants_part
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import several
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.forms.list_deeds import PickForm, several_form
from zusammenplan.plans.forms.lists import SHOWN, MeasureFilter
from zusammenplan.plans.models import Measure, MeasureQuerySet, Plan
from zusammenplan.plans.permissions import may_change_view, may_edit_plan, may_save_view
from zusammenplan.plans.queries.measure_list import (
    measure_rows,
    saved_views,
    timeline_of,
    with_bars,
    year_of_interest,
)
from zusammenplan.plans.queries.plans import gaps
from zusammenplan.plans.views.workspace import (
    PAGE_SIZE,
    import_url,
    organisation_names,
    plan_to_edit,
    readable_plan,
)

# Tabs for what is asked most; the others stand in the filter.
GAP_TABS = ("priority", "responsible", "period")
NAMED_AT_MOST = 12


@require_safe
def measure_list(request: UserRequest, slug: str) -> HttpResponse:
    """List the plan's measures with the filter bar; HTMX swaps only the list."""
    plan = readable_plan(request, slug)
    today = localdate()
    year = year_of_interest(plan, today)
    filter_form = MeasureFilter(request.GET, plan=plan, year=year)
    measures = filter_form.apply(plan.measures.all())
    page = Paginator(measures.values_list("pk", flat=True), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    may_edit = may_edit_plan(request.user)
    wanted = filter_form.wanted
    has_more = request.GET.get("mehr") == "1"
    context = {
        "plan": plan,
        "filter": filter_form,
        "wanted": wanted,
        "narrowing": filter_form.narrowing,
        "kept": _kept(request, filter_form, has_more=has_more),
        "has_more": has_more,
        "more_url": _query(request, mehr="1", page=None),
        "more_count": len(set(filter_form.MORE) & set(wanted)),
        "sort": filter_form.order,
        "page": page,
        "filter_tags": _filter_tags(request, filter_form),
        "tabs": _tabs(request, plan, filter_form),
        "ways": _ways(request, wanted.get("show", "")),
        "year": year,
        "downloads": _downloads(request, plan),
        "organisations": organisation_names() if may_edit else [],
        "may_edit": may_edit,
        "is_part": wants_part(request),
        "import_url": import_url(plan),
        **_shown(list(page), measures, wanted.get("show", ""), today=today, year=year),
    }
    return render_page(request, "plans/measure_list.html", context, part="table")


def _shown(
    keys: list[int], measures: MeasureQuerySet, show: str, *, today: date, year: int
) -> dict[str, Any]:
    rows = measure_rows(keys, year=year, today=today)
    if show != "zeit":
        return {"rows": rows, "show": show}
    timeline = timeline_of(measures, today)
    bars = with_bars(rows, keys, timeline.axis, today)
    return {"rows": rows, "show": show, "timeline": timeline, "bars": bars}


@require_POST
def measure_bulk(request: UserRequest, slug: str) -> HttpResponse:
    """Ask what shall be set for the picked measures, or all that the filter shows, and set it."""
    plan = plan_to_edit(request, slug)
    query = request.GET.urlencode()
    list_url = reverse("plans:measure-list", args=[slug]) + (f"?{query}" if query else "")
    picks = PickForm(request.POST, plan=plan)
    shown = MeasureFilter(request.GET, plan=plan).apply(plan.measures.all())
    chosen: list[Measure] = []
    if picks.is_valid():
        chosen = list(picks.measures(shown).only("number", "title_de", "title_en", "plan"))
    if not chosen:
        messages.error(request, _("Pick at least one measure, and say what to set for it."))
        return redirect(list_url)
    deed = picks.cleaned_data["deed"]
    form = several_form(deed, plan, request.POST if "do" in request.POST else None)
    if form.is_valid():
        number, what = SET[deed](chosen, form, request)
        messages.success(request, _set_sentence(number, what))
        return redirect(list_url)
    context = {
        "plan": plan,
        "deed": deed,
        "head": DEEDS[deed](),
        "form": form,
        "chosen": chosen[:NAMED_AT_MOST],
        "count": len(chosen),
        "others": len(chosen) - NAMED_AT_MOST,
        "keys": ",".join(str(measure.pk) for measure in chosen),
        "organisations": organisation_names() if deed == "responsible" else [],
        "list_url": list_url,
    }
    return render(request, "plans/measure_bulk.html", context)


def _set_status(chosen: list[Any], form: Form, request: UserRequest) -> tuple[int, str]:
    status = MeasureStatus(form.cleaned_data["status"])
    number = several.set_status(
        chosen,
        status=status,
        reason=form.cleaned_data["reason"],
        on=form.cleaned_data["on"],
        by=request.user,
    )
    return number, str(status.label)


def _set_responsible(chosen: list[Any], form: Form, request: UserRequest) -> tuple[int, str]:
    name = form.cleaned_data["responsible"]
    number = several.set_responsible(chosen, responsible=name, by=request.user)
    return number, name or _("nobody responsible")


def _set_field(chosen: list[Any], form: Form, request: UserRequest) -> tuple[int, str]:
    field = form.cleaned_data["what"]
    number = several.set_field(chosen, field=field, by=request.user)
    return number, str(field) if field else _("without a field")


def _set_group(chosen: list[Any], form: Form, request: UserRequest) -> tuple[int, str]:
    group = form.cleaned_data["what"]
    takes_away = form.cleaned_data["way"] == "take"
    number = several.link_target_group(chosen, group, by=request.user, takes_away=takes_away)
    return number, _linked(str(group), takes_away=takes_away)


def _set_goal(chosen: list[Any], form: Form, request: UserRequest) -> tuple[int, str]:
    goal = form.cleaned_data["what"]
    takes_away = form.cleaned_data["way"] == "take"
    number = several.link_goal(chosen, goal, by=request.user, takes_away=takes_away)
    return number, _linked(str(goal), takes_away=takes_away)


def _linked(what: str, *, takes_away: bool) -> str:
    return (_("“%(what)s” taken away") if takes_away else _("“%(what)s” added")) % {"what": what}


SET: Mapping[str, Callable[[list[Any], Form, UserRequest], tuple[int, str]]] = {
    "status": _set_status,
    "responsible": _set_responsible,
    "field": _set_field,
    "group": _set_group,
    "goal": _set_goal,
}
DEEDS: Mapping[str, Callable[[], str]] = {
    "status": lambda: _("Set status"),
    "responsible": lambda: _("Set responsible"),
    "field": lambda: _("Set field of action"),
    "group": lambda: _("Add or take away a target group"),
    "goal": lambda: _("Add or take away a goal"),
}


def _kept(
    request: UserRequest, filter_form: MeasureFilter, *, has_more: bool
) -> list[tuple[str, str]]:
    """Give what the filter form must send along although it shows no field for it."""
    hidden = (*filter_form.MORE, *filter_form.SETTING)
    names = ["show", "ansicht", *(["mehr"] if has_more else hidden)]
    return [(name, value) for name in names if (value := request.GET.get(name))]


def _query(request: UserRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"


def _filter_tags(request: UserRequest, filter_form: MeasureFilter) -> list[Mapping[str, str]]:
    """Give each narrowing as a tag that takes it away."""
    return [
        {
            "label": f"{filter_form.fields[name].label}: {value}",
            "url": _query(request, page=None, **{name: None}),
        }
        for name, value in filter_form.narrowing.items()
    ]


def _tabs(request: UserRequest, plan: Plan, filter_form: MeasureFilter) -> list[Mapping[str, Any]]:
    """Give the views of the list: all, what still lacks something, and those that were saved."""
    counted = gaps(plan)
    labels = {
        "priority": _("Without priority"),
        "responsible": _("Without responsible"),
        "period": _("Without period"),
    }
    saved = request.GET.get("ansicht", "")
    lacks = filter_form.wanted.get("lacks", "")
    url = reverse("plans:measure-list", args=[plan.slug])
    is_all = not saved and lacks not in GAP_TABS
    views = list(saved_views(plan, request.user))
    tabs: list[Mapping[str, Any]] = [
        {"label": _("All"), "count": counted.total, "url": url, "current": is_all},
        *(
            {
                "label": labels[key],
                "count": getattr(counted, key),
                "url": f"{url}?lacks={key}",
                "current": lacks == key and not saved,
            }
            for key in GAP_TABS
        ),
        *(
            {"label": view.name, "url": view.get_absolute_url(), "current": saved == str(view.pk)}
            for view in views
        ),
    ]
    if may_save_view(request.user):
        # Whoever may not change the view that others share keeps an own one.
        own = any(str(view.pk) == saved and may_change_view(request.user, view) for view in views)
        kept = saved if own else ""
        tabs.append({"label": _save_label(kept), "url": _save_url(request, plan, kept)})
    return tabs


def _save_label(saved: str) -> str:
    return _("Change the view") if saved else _("Save the view")


def _save_url(request: UserRequest, plan: Plan, saved: str) -> str:
    query = view_query(request.GET)
    if key := key_in(saved):
        return f"{reverse('plans:view-change', args=[plan.slug, key])}?{query}"
    return f"{reverse('plans:view-add', args=[plan.slug])}?{query}"


def view_query(query: QueryDict) -> str:
    """Give of an address what makes up a view: filter, order, way of showing."""
    kept = query.copy()
    for name in ("page", "ansicht", "mehr"):
        kept.pop(name, None)
    for name in [name for name, value in kept.items() if not value]:
        del kept[name]
    return kept.urlencode()


def _ways(request: UserRequest, show: str) -> list[Mapping[str, Any]]:
    return [
        {
            "label": label,
            "url": _query(request, page=None, show=key or None),
            "current": key == show,
        }
        for key, label in SHOWN
    ]


def _downloads(request: UserRequest, plan: Plan) -> list[Mapping[str, str]]:
    query = view_query(request.GET)
    labels = {"xlsx": _("Excel (XLSX)"), "csv": "CSV", "json": _("Whole plan (JSON)")}
    return [
        {
            "label": label,
            "url": reverse("plans:plan-export", args=[plan.slug, kind])
            + (f"?{query}" if query and kind != "json" else ""),
        }
        for kind, label in labels.items()
    ]


def _set_sentence(number: int, what: str) -> str:
    if not number:
        return _("The picked measures had it already: %(what)s.") % {"what": what}
    return ngettext(
        "Set for %(number)d measure: %(what)s.", "Set for %(number)d measures: %(what)s.", number
    ) % {"number": number, "what": what}
