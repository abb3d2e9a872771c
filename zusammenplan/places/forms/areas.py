"""What people type about areas."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.choosing import offer_choices
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_parent


class AreaForm(forms.Form):
    """An area; whether it fits into the tree is decided by the action."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=AreaKind.choices, initial=AreaKind.PLANNING_AREA
    )
    parent = forms.ModelChoiceField(
        label=_("Lies in"),
        help_text=_("For example the planning area to which a municipality belongs."),
        queryset=Area.objects.all(),
        required=False,
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, area: Area | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "parent", choices_of_parent(area, today=localdate()))

    @classmethod
    def initial_of(cls, area: Area) -> dict[str, Any]:
        """Give what the form shows of the area at first."""
        return {
            "name": area.name,
            "kind": area.kind,
            "parent": area.parent_id,
            "seen_version": area.version,
        }

    def values(self) -> dict[str, Any]:
        """Give what the action saves."""
        return {name: self.cleaned_data[name] for name in ("name", "kind", "parent")}


class AreaReasonForm(forms.Form):
    """Why an area is deleted."""

    reason = forms.CharField(
        label=_("Reason"), help_text=_("A few words. They stay in the history."), max_length=100
    )
