"""What people type about areas."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.choosing import offer_choices
from zusammenplan.core.forms import VersionedForm
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_parent


class AreaForm(VersionedForm):
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
    names = ("name", "kind", "parent")

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
            "version": area.version,
        }
