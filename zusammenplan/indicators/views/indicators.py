"""The catalogue of indicators: list, page, form, try-out, deleting."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand, render_page
from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.indicators import (
    IndicatorCodeTakenError,
    IndicatorInUseError,
    add_indicator,
    change_indicator,
    delete_indicator,
)
from zusammenplan.indicators.forms.indicators import (
    IndicatorTextForm,
    SuggestionForm,
)
from zusammenplan.indicators.models import Figure, Indicator, Quantity
from zusammenplan.indicators.permissions import may_edit_data, may_see_data, may_see_hidden
from zusammenplan.indicators.queries.catalogue import (
    formula_told,
    indicator_groups,
    quantities_in,
)
from zusammenplan.indicators.queries.provenance import value_text
from zusammenplan.indicators.queries.tryout import explain
from zusammenplan.indicators.queries.words import formula_words, limits_text, period_text
from zusammenplan.people.permissions import UserRequest

SHOWN_FIGURES = 40
BY_FIELD = "handlungsfeld"


@require_safe
def indicator_list(request: UserRequest) -> HttpResponse:
    """Show the catalogue by life situation, or by field of action."""
    demand(may_see_data(request.user))
    by_field = request.GET.get("nach") == BY_FIELD
    context = {
        "groups": indicator_groups(request.user, by_field=by_field),
        "by_field": by_field,
        "may_edit": may_edit_data(request.user),
    }
    return render(request, "indicators/indicator_list.html", context)


@require_POST
def catalogue_load(request: UserRequest) -> HttpResponse:
    """Add what the catalogue has and this installation has not."""
    demand(may_edit_data(request.user))
    loaded = load_catalogue(by=request.user)
    if loaded.total:
        text = ngettext(
            "%(number)s entry of the catalogue is added.",
            "%(number)s entries of the catalogue are added.",
            loaded.total,
        )
        messages.success(request, text % {"number": loaded.total})
    else:
        messages.info(request, _("Everything in the catalogue is there already."))
    return redirect("indicators:indicator-list")


@require_safe
def indicator_detail(request: UserRequest, code: str) -> HttpResponse:
    """Show an indicator: what it says, how it is computed, its latest figures."""
    demand(may_see_data(request.user))
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user), code=code)
    names = {quantity.code: quantity for quantity in Quantity.objects.all()}
    used = [names[name] for name in quantities_in([indicator]) if name in names]
    sees_hidden = may_see_hidden(request.user)
    figures = (
        Figure.objects.filter(indicator=indicator)
        .select_related("area", "area_version")
        .defer("area_version__geometry")
        .order_by("-ends_on", "area__kind", "area__name", "pk")[:SHOWN_FIGURES]
    )
    lines = []
    for figure in figures:
        figure.indicator = indicator
        lines.append(
            {
                "pk": figure.pk,
                "area": figure.area_version.name,
                "period": period_text(figure.starts_on, figure.ends_on),
                "value": value_text(figure, see_hidden=sees_hidden),
                "is_hidden": bool(figure.secrecy),
            }
        )
    context = {
        "indicator": indicator,
        "formula": formula_told(
            indicator, formula_words({code: one.name for code, one in names.items()})
        ),
        "limits": limits_text(indicator.parameters, by_name=True),
        "quantities": used,
        "lines": lines,
        "log": changes(indicator, 5),
        "may_edit": may_edit_data(request.user),
    }
    return render(request, "indicators/indicator_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_add(request: UserRequest) -> HttpResponse:
    """Add an indicator; the kind and its quantities give a formula to begin with."""
    demand(may_edit_data(request.user))
    suggestion = SuggestionForm(request.GET if "above" in request.GET else None)
    initial = suggestion.beginning() if suggestion.is_valid() else {}
    form = IndicatorTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if "try" in request.POST:
        return _try_out(request, form, {"suggestion": suggestion})
    if form.is_valid():
        try:
            indicator = add_indicator(form.values(), by=request.user)
        except IndicatorCodeTakenError as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, within(_("“%(name)s” is added."), name=indicator))
            return redirect("indicators:indicator-detail", indicator.code)
    return _form_page(request, form, {"suggestion": suggestion})


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_change(request: UserRequest, code: str) -> HttpResponse:
    """Change an indicator; a second editor sees the other's values next to the own ones."""
    demand(may_edit_data(request.user))
    indicator = get_object_or_404(Indicator, code=code)
    form = IndicatorTextForm(
        request.POST if request.method == "POST" else None,
        initial=IndicatorTextForm.initial_of(indicator),
    )
    context: dict[str, Any] = {"indicator": indicator}
    if "try" in request.POST:
        return _try_out(request, form, context)
    if form.is_valid():
        try:
            changed = change_indicator(
                indicator, form.values(), seen_version=form.seen_version, by=request.user
            )
        except IndicatorCodeTakenError as refusal:
            form.add_error("code", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, within(_("“%(name)s” is saved."), name=changed))
            return redirect("indicators:indicator-detail", changed.code)
    return _form_page(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_delete(request: UserRequest, code: str) -> HttpResponse:
    """Ask for the reason and delete an indicator that nothing needs."""
    demand(may_edit_data(request.user))
    indicator = get_object_or_404(Indicator, code=code)
    name = indicator.name
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            delete_indicator(indicator, reason=form.cleaned_data["reason"], by=request.user)
        except IndicatorInUseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(name)s” is deleted."), name=name))
            return redirect("indicators:indicator-list")
    context = {"indicator": indicator, "form": form}
    return render(request, "indicators/indicator_delete.html", context)


def _try_out(
    request: UserRequest, form: IndicatorTextForm, context: dict[str, Any]
) -> HttpResponse:
    """Show what the formula says and gives, without saving anything."""
    explanation = explain(**form.tried())
    context |= {"form": form, "explanation": explanation}
    return render_page(request, "indicators/indicator_form.html", context, part="explanation")


def _form_page(
    request: UserRequest, form: IndicatorTextForm, context: dict[str, Any]
) -> HttpResponse:
    context |= {"form": form, "quantities": Quantity.objects.order_by("name_de")}
    return render(request, "indicators/indicator_form.html", context)
