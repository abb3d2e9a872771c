"""Quantities with their names in sources."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.indicators.actions.quantities import (
    AliasTakenError,
    NotAPartError,
    QuantityCodeTakenError,
    add_quantity,
    change_quantity,
)
from zusammenplan.indicators.forms.quantities import QuantityForm
from zusammenplan.indicators.models import Quantity
from zusammenplan.indicators.permissions import may_edit_data, may_see_data
from zusammenplan.indicators.queries.catalogue import quantity_lines
from zusammenplan.people.permissions import UserRequest


@require_safe
def quantity_list(request: UserRequest) -> HttpResponse:
    """List what is counted, and under which names sources give it."""
    demand(may_see_data(request.user))
    context = {"lines": quantity_lines(), "may_edit": may_edit_data(request.user)}
    return render(request, "indicators/quantity_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quantity_add(request: UserRequest) -> HttpResponse:
    """Add a quantity."""
    demand(may_edit_data(request.user))
    form = QuantityForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            quantity = add_quantity(form.values(), form.cleaned_data["aliases"], by=request.user)
        except QuantityCodeTakenError as refusal:
            form.add_error("code", str(refusal))
        except AliasTakenError as refusal:
            form.add_error("aliases", str(refusal))
        except NotAPartError as refusal:
            form.add_error("part_of", str(refusal))
        else:
            messages.success(request, within(_("“%(name)s” is added."), name=quantity))
            return redirect("indicators:quantity-list")
    return render(request, "indicators/quantity_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def quantity_change(request: UserRequest, code: str) -> HttpResponse:
    """Change a quantity; a second editor sees the other's values next to the own ones."""
    demand(may_edit_data(request.user))
    quantity = get_object_or_404(Quantity, code=code)
    form = QuantityForm(
        request.POST if request.method == "POST" else None,
        initial=QuantityForm.initial_of(quantity),
        quantity=quantity,
    )
    context: dict[str, Any] = {"quantity": quantity, "form": form, "log": changes(quantity, 5)}
    if form.is_valid():
        try:
            changed = change_quantity(
                quantity,
                form.values(),
                form.cleaned_data["aliases"],
                seen_version=form.seen_version,
                by=request.user,
            )
        except QuantityCodeTakenError as refusal:
            form.add_error("code", str(refusal))
        except AliasTakenError as refusal:
            form.add_error("aliases", str(refusal))
        except NotAPartError as refusal:
            form.add_error("part_of", str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, within(_("“%(name)s” is saved."), name=changed))
            return redirect("indicators:quantity-list")
    return render(request, "indicators/quantity_form.html", context)
