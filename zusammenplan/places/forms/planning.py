"""Into which planning area each municipality goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.core.inputs import DayInput

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField

    from zusammenplan.places.models import Area
    from zusammenplan.places.queries.planning import Cut


@dataclass(frozen=True, slots=True)
class Group:
    """A planning area with the choices of the municipalities that lie in it now."""

    number: int | None
    name: str
    fields: tuple[BoundField, ...]


class CutForm(forms.Form):
    """One choice for each municipality, grouped by where it lies now."""

    since = forms.ChoiceField(
        label=_("From when on"),
        choices=[
            ("always", _("from the beginning: it never was otherwise")),
            ("day", _("from a day on: series before it are recalculated or broken")),
        ],
        initial="always",
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=_("From this day on"), required=False, widget=DayInput())
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, cut: Cut, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cut = cut
        self.targets: dict[str, Area] = {
            str(area.pk): area for area in (cut.county, *cut.planning_areas)
        }
        choices = [
            (key, gettext("in none") if area == cut.county else area.name)
            for key, area in self.targets.items()
        ]
        for placed in cut.municipalities:
            self.fields[f"area_{placed.area.pk}"] = forms.ChoiceField(
                label=placed.version.name,
                choices=choices,
                initial=str(placed.lies_in),
                # Whoever leaves a municipality out changes nothing about it.
                required=False,
            )
        self.fields["seen"].initial = cut.fingerprint

    def clean(self) -> dict[str, Any]:
        """Demand the day only where there shall be one."""
        data = super().clean() or {}
        if data.get("since") == "day":
            if not data.get("day") and "day" not in self.errors:
                self.add_error("day", gettext("Say from which day on."))
        else:
            data["day"] = None
        return data

    def chosen(self) -> dict[Area, Area]:
        """Give the municipalities that shall lie elsewhere, with the planning area or county."""
        return {
            placed.area: self.targets[key]
            for placed in self.cut.municipalities
            if (key := self.cleaned_data.get(f"area_{placed.area.pk}"))
            and key != str(placed.lies_in)
        }

    def groups(self) -> list[Group]:
        """Give the choices as they stand on the page."""
        found = []
        for number, area in enumerate((*self.cut.planning_areas, self.cut.county), start=1):
            is_county = area == self.cut.county
            fields = tuple(
                self[f"area_{placed.area.pk}"]
                for placed in self.cut.municipalities
                if placed.lies_in == area.pk
            )
            if fields or not is_county:
                name = gettext("In no planning area") if is_county else area.name
                found.append(Group(None if is_county else number, name, fields))
        return found
