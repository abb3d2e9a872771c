"""What people type about areas."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.choosing import keys_in, offer_choices
from zusammenplan.core.forms import VersionedForm
from zusammenplan.places.choices import KINDS_TO_CHOOSE, AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.queries.area_list import Asked
from zusammenplan.places.queries.tree import choices_of_parent


class AreaFilter(forms.Form):
    """The search above a long list of areas. Every field is optional."""

    q = forms.CharField(label=_("Name or key (AGS)"), required=False, max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *KINDS_TO_CHOOSE], required=False
    )

    def asked(self) -> Asked:
        """Give what is asked of the list; a wrong value in the address bar asks nothing."""
        self.is_valid()
        wanted = self.cleaned_data
        inside = str(self.data.get("in", ""))
        return Asked(
            word=wanted.get("q", ""),
            kind=wanted.get("kind", ""),
            inside=next(iter(keys_in([inside])), None),
            page=self.data.get("page"),
            with_map="karte" in self.data,
        )


class AreaForm(VersionedForm):
    """An area; whether it fits into the tree is decided by the action."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS_TO_CHOOSE, initial=AreaKind.PLANNING_AREA
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
