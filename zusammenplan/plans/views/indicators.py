"""The pages on which the indicators of a measure and their values are written."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.people.permissions import UserRequest
from zusammenplan.plans.actions.indicators import (
    DayTakenError,
    KindLosesError,
    MixedValuesError,
    add_indicator,
    add_value,
    change_indicator,
    change_indicator_kind,
    change_value,
    move_indicator,
    remove_indicator,
    remove_value,
    set_indicator_reached,
)
from zusammenplan.plans.choices import IndicatorKind
from zusammenplan.plans.forms.base import RecordForm
from zusammenplan.plans.forms.parts import NumericIndicatorForm, ValueForm, VerbalIndicatorForm
from zusammenplan.plans.models import IndicatorValue, Measure, MeasureIndicator, Plan
from zusammenplan.plans.queries.actual_values import values_of
from zusammenplan.plans.queries.days import due_label
from zusammenplan.plans.queries.measure_page import indicator_line, indicators_of
from zusammenplan.plans.views.parts import (
    back_from_deed,
    detail_url,
    measure_to_edit,
    part_of,
    removal_page,
    section_page,
)
from zusammenplan.plans.views.workspace import direction_of

# The words of the addresses, which are German.
KINDS = {"in-worten": IndicatorKind.VERBAL, "in-zahlen": IndicatorKind.NUMERIC}
FORMS: dict[str, type[RecordForm]] = {
    IndicatorKind.VERBAL: VerbalIndicatorForm,
    IndicatorKind.NUMERIC: NumericIndicatorForm,
}


@require_safe
def indicator_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """Show all indicators of a measure with what can be done to them."""
    plan, measure = measure_to_edit(request, slug, pk)
    return section_page(
        request,
        "plans/measure_indicators.html",
        plan,
        measure,
        indicators=indicators_of(measure, today=localdate()),
    )


@require_http_methods(["GET", "POST"])
def indicator_add(request: UserRequest, slug: str, pk: int, kind: str) -> HttpResponse:
    """Add an indicator in words or in numbers."""
    plan, measure = measure_to_edit(request, slug, pk)
    if kind not in KINDS:
        raise Http404
    form = FORMS[KINDS[kind]](request.POST if request.method == "POST" else None)
    if form.is_valid():
        indicator = add_indicator(measure, KINDS[kind], form.values(), by=request.user)
        messages.success(request, within(_("“%(indicator)s” is added."), indicator=indicator))
        if indicator.kind == IndicatorKind.NUMERIC:
            return redirect("plans:measure-values", slug, pk, indicator.pk)
        return redirect("plans:measure-indicators", slug, pk)
    return _form_page(request, plan, measure, form, KINDS[kind])


@require_http_methods(["GET", "POST"])
def indicator_change(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Change an indicator."""
    plan, measure = measure_to_edit(request, slug, pk)
    indicator = part_of(measure.indicators.all(), part, measure)
    form_class = FORMS[indicator.kind]
    form = form_class(
        request.POST if request.method == "POST" else None,
        initial=form_class.initial_of(indicator),
    )
    if form.is_valid():
        try:
            change_indicator(
                indicator, form.values(), seen_version=form.seen_version, by=request.user
            )
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except MixedValuesError as refusal:
            form.add_error("tied_indicator", str(refusal))
        else:
            messages.success(request, within(_("“%(indicator)s” is saved."), indicator=indicator))
            return redirect("plans:measure-indicators", slug, pk)
    return _form_page(
        request, plan, measure, form, IndicatorKind(indicator.kind), indicator=indicator
    )


@require_POST
def indicator_kind(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Make an indicator in words one in numbers or the other way round, if nothing is lost."""
    _plan, measure = measure_to_edit(request, slug, pk)
    indicator = part_of(measure.indicators.all(), part, measure)
    other = (
        IndicatorKind.VERBAL if indicator.kind == IndicatorKind.NUMERIC else IndicatorKind.NUMERIC
    )
    try:
        change_indicator_kind(indicator, other, by=request.user)
    except KindLosesError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The kind of the indicator is changed."))
    return redirect("plans:measure-indicator", slug, pk, part)


@require_POST
def indicator_reached(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Note that an indicator in words came true today, or that it did not."""
    _plan, measure = measure_to_edit(request, slug, pk)
    verbal = measure.indicators.filter(kind=IndicatorKind.VERBAL)
    indicator = part_of(verbal, part, measure)
    reached_on = localdate() if request.POST.get("done") == "yes" else None
    if set_indicator_reached(indicator, reached_on, by=request.user):
        told = (
            _("“%(indicator)s” is reached.") if reached_on else _("“%(indicator)s” is open again.")
        )
        messages.success(request, within(told, indicator=indicator))
    return back_from_deed(request, measure, "indicators", "measure-indicators")


@require_POST
def indicator_move(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Put an indicator one place up or down."""
    _plan, measure = measure_to_edit(request, slug, pk)
    indicator = part_of(measure.indicators.all(), part, measure)
    if move_indicator(indicator, direction_of(request), by=request.user):
        messages.success(request, within(_("“%(indicator)s” is moved."), indicator=indicator))
    return back_from_deed(request, measure, "indicators", "measure-indicators")


@require_http_methods(["GET", "POST"])
def indicator_delete(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Ask for the reason and remove an indicator with its values."""
    _plan, measure = measure_to_edit(request, slug, pk)
    indicator = part_of(measure.indicators.all(), part, measure)
    return removal_page(
        request,
        measure,
        what=str(indicator),
        deed=_("Remove the indicator"),
        text=_("Its values go with it. The history keeps what stood there, and your reason."),
        section="indicators",
        remove=lambda reason: remove_indicator(indicator, reason=reason, by=request.user),
    )


@require_http_methods(["GET", "POST"])
def value_list(request: UserRequest, slug: str, pk: int, part: int) -> HttpResponse:
    """Show the values of an indicator and add one."""
    plan, measure = measure_to_edit(request, slug, pk)
    indicator = _numeric(measure, part)
    form = ValueForm(request.POST if request.method == "POST" else None, indicator=indicator)
    if form.is_valid():
        try:
            add_value(indicator, form.values(), by=request.user)
        except (DayTakenError, MixedValuesError) as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, _("The value is added."))
            return redirect("plans:measure-values", slug, pk, part)
    return _value_page(request, plan, measure, indicator, form)


@require_http_methods(["GET", "POST"])
def value_change(request: UserRequest, slug: str, pk: int, part: int, value: int) -> HttpResponse:
    """Change a value."""
    plan, measure = measure_to_edit(request, slug, pk)
    indicator = _numeric(measure, part)
    found = part_of(indicator.values.all(), value, measure)
    form = ValueForm(
        request.POST if request.method == "POST" else None,
        initial=ValueForm.initial_of(found),
        indicator=indicator,
    )
    if form.is_valid():
        try:
            change_value(found, form.values(), seen_version=form.seen_version, by=request.user)
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        except DayTakenError as refusal:
            form.add_error("on", str(refusal))
        else:
            messages.success(request, _("The value is saved."))
            return redirect("plans:measure-values", slug, pk, part)
    return _value_page(request, plan, measure, indicator, form, found)


@require_http_methods(["GET", "POST"])
def value_delete(request: UserRequest, slug: str, pk: int, part: int, value: int) -> HttpResponse:
    """Ask for the reason and remove a value."""
    _plan, measure = measure_to_edit(request, slug, pk)
    found = part_of(_numeric(measure, part).values.all(), value, measure)
    return removal_page(
        request,
        measure,
        what=f"{found.indicator}: {due_label(found.on)}",
        deed=_("Remove the value"),
        text=_("The history keeps what stood there, and your reason."),
        section="indicators",
        remove=lambda reason: remove_value(found, reason=reason, by=request.user),
    )


def _numeric(measure: Measure, pk: int) -> MeasureIndicator:
    return part_of(measure.indicators.filter(kind=IndicatorKind.NUMERIC), pk, measure)


def _form_page(
    request: UserRequest,
    plan: Plan,
    measure: Measure,
    form: RecordForm,
    kind: IndicatorKind,
    indicator: MeasureIndicator | None = None,
) -> HttpResponse:
    return section_page(
        request,
        "plans/measure_indicator_form.html",
        plan,
        measure,
        form=form,
        part=indicator,
        is_numeric=kind == IndicatorKind.NUMERIC,
        cancel_url=detail_url(measure, "indicators"),
    )


def _value_page(
    request: UserRequest,
    plan: Plan,
    measure: Measure,
    indicator: MeasureIndicator,
    form: ValueForm,
    value: IndicatorValue | None = None,
) -> HttpResponse:
    indicator = part_of(measure.indicators.all(), indicator.pk, measure)
    return section_page(
        request,
        "plans/measure_values.html",
        plan,
        measure,
        form=form,
        part=value,
        indicator=indicator_line(
            indicator, values_of([indicator])[indicator.pk], (), today=localdate()
        ),
    )
