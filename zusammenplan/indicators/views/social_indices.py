"""Social indices: which indicators, with which weight."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.core.forms import ReasonForm
from zusammenplan.core.german import within
from zusammenplan.core.history import ChangedMeanwhileError, changes
from zusammenplan.core.pages import demand
from zusammenplan.indicators.actions.social_indices import (
    IndexSlugTakenError,
    NoPartsError,
    add_social_index,
    change_social_index,
    delete_social_index,
)
from zusammenplan.indicators.forms.social_indices import SocialIndexForm
from zusammenplan.indicators.models import SocialIndex
from zusammenplan.indicators.permissions import may_edit_data, may_see_data
from zusammenplan.indicators.queries.looking.areas import kind_heading
from zusammenplan.people.permissions import UserRequest


@require_safe
def social_index_list(request: UserRequest) -> HttpResponse:
    """List the social indices with their indicators and weights."""
    demand(may_see_data(request.user))
    indices = SocialIndex.objects.prefetch_related("parts__indicator").order_by("name_de", "pk")
    context = {
        "indices": [(index, kind_heading(index.kind)) for index in indices],
        "may_edit": may_edit_data(request.user),
    }
    return render(request, "indicators/social_index_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def social_index_add(request: UserRequest) -> HttpResponse:
    """Add a social index."""
    demand(may_edit_data(request.user))
    form = SocialIndexForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            index = add_social_index(form.values(), form.parts(), by=request.user)
        except IndexSlugTakenError as refusal:
            form.add_error("slug", str(refusal))
        except NoPartsError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, within(_("“%(name)s” is added."), name=index))
            return redirect("indicators:social-index-list")
    return render(request, "indicators/social_index_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def social_index_change(request: UserRequest, slug: str) -> HttpResponse:
    """Change a social index; a second editor sees the other's values next to the own ones."""
    demand(may_edit_data(request.user))
    index = get_object_or_404(SocialIndex, slug=slug)
    form = SocialIndexForm(
        request.POST if request.method == "POST" else None,
        initial=SocialIndexForm.initial_of(index),
        index=index,
    )
    context: dict[str, Any] = {"index": index, "form": form, "log": changes(index, 5)}
    if form.is_valid():
        try:
            changed = change_social_index(
                index,
                form.values(),
                form.parts(),
                seen_version=form.seen_version,
                by=request.user,
            )
        except IndexSlugTakenError as refusal:
            form.add_error("slug", str(refusal))
        except NoPartsError as refusal:
            form.add_error(None, str(refusal))
        except ChangedMeanwhileError as refusal:
            form.show_clash(refusal.record)
        else:
            messages.success(request, within(_("“%(name)s” is saved."), name=changed))
            return redirect("indicators:social-index-list")
    return render(request, "indicators/social_index_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def social_index_delete(request: UserRequest, slug: str) -> HttpResponse:
    """Ask for the reason and delete a social index."""
    demand(may_edit_data(request.user))
    index = get_object_or_404(SocialIndex, slug=slug)
    name = index.name
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        delete_social_index(index, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, within(_("“%(name)s” is deleted."), name=name))
        return redirect("indicators:social-index-list")
    context = {"index": index, "form": form}
    return render(request, "indicators/social_index_delete.html", context)
