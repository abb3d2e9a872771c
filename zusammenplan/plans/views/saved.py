"""Views of the list of measures that somebody named and kept."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.pages import demand
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions import saved_views as views
from zusammenplan.plans.forms.list_deeds import ViewForm
from zusammenplan.plans.forms.lists import MeasureFilter
from zusammenplan.plans.models import Plan, SavedView
from zusammenplan.plans.permissions import may_change_view, may_save_view, may_share_view
from zusammenplan.plans.views.lists import view_query
from zusammenplan.plans.views.workspace import readable_plan


@require_safe
def view_open(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Lead from a view's permanent address to the list as it was kept."""
    plan = readable_plan(request, slug)
    return redirect(_list_url(_view(request, plan, pk)))


@require_http_methods(["GET", "POST"])
def view_add(request: UserRequest, slug: str) -> HttpResponse:
    """Keep the list as it is filtered now under a name."""
    plan = readable_plan(request, slug)
    demand(may_save_view(request.user))
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        may_share=may_share_view(request.user),
        initial={"query": view_query(request.GET)},
    )
    if form.is_valid():
        view = views.add_view(plan, form.values(), by=request.user, now=timezone.now())
        messages.success(request, _("The view “%(view)s” is saved.") % {"view": view})
        return redirect(_list_url(view))
    return _page(request, plan, form)


@require_http_methods(["GET", "POST"])
def view_change(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Rename a view, share it, or keep the present filter in it."""
    plan = readable_plan(request, slug)
    view = _view(request, plan, pk)
    demand(may_change_view(request.user, view))
    initial = ViewForm.initial_of(view)
    if request.GET:
        initial["query"] = view_query(request.GET)
    form = ViewForm(
        request.POST if request.method == "POST" else None,
        may_share=may_share_view(request.user),
        initial=initial,
    )
    if form.is_valid():
        view = views.change_view(view, form.values(), now=timezone.now())
        messages.success(request, _("The view “%(view)s” is saved.") % {"view": view})
        return redirect(_list_url(view))
    return _page(request, plan, form, view)


@require_POST
def view_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Delete a view."""
    plan = readable_plan(request, slug)
    view = _view(request, plan, pk)
    demand(may_change_view(request.user, view))
    views.delete_view(view)
    messages.success(request, _("The view “%(view)s” is deleted.") % {"view": view})
    return redirect("plans:measure-list", slug)


def _view(request: UserRequest, plan: Plan, pk: int) -> SavedView:
    views_seen = SavedView.objects.visible_to(request.user).filter(plan=plan)
    return get_object_or_404(views_seen.select_related("plan"), pk=pk)


def _list_url(view: SavedView) -> str:
    url = reverse("plans:measure-list", args=[view.plan.slug])
    return f"{url}?{view.query}&ansicht={view.pk}" if view.query else f"{url}?ansicht={view.pk}"


def _page(
    request: UserRequest, plan: Plan, form: ViewForm, view: SavedView | None = None
) -> HttpResponse:
    query = str(form["query"].value() or "")
    filter_form = MeasureFilter(QueryDict(query), plan=plan)
    shows = filter_form.in_words
    if not filter_form.narrowing:
        shows = [_("All measures"), *shows]
    context = {
        "plan": plan,
        "form": form,
        "view": view,
        "title": view.name if view else _("Save the view"),
        "shows": shows,
        "back_url": _list_url(view) if view else reverse("plans:measure-list", args=[plan.slug]),
    }
    return render(request, "plans/view_form.html", context)
