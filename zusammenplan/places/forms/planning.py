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
    from zusammenplan.places.queries.associations import Proposal
    from zusammenplan.places.queries.planning import Cut


@dataclass(frozen=True, slots=True)
class Group:
    """
    A planning area with the choices of its municipalities: of now, or as it is proposed.

    One that is only proposed has its name as a field, too.
    """

    number: int | None
    name: str
    fields: tuple[BoundField, ...]
    name_field: BoundField | None = None


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

    def __init__(
        self, *args: Any, cut: Cut, proposal: Proposal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cut = cut
        self.new = proposal.new if proposal else {}
        self.targets: dict[str, Area] = {
            str(area.pk): area for area in (cut.county, *cut.planning_areas)
        } | self.new
        choices = [
            (key, gettext("in none") if area == cut.county else area.name)
            for key, area in self.targets.items()
        ]
        for key, area in self.new.items():
            self.fields[f"name_{key}"] = forms.CharField(
                label=gettext("Name of the new planning area"), max_length=120, initial=area.name
            )
        self.lies_in: dict[int, str] = {}
        for placed in cut.municipalities:
            target = proposal.targets.get(placed.area.pk) if proposal else None
            self.lies_in[placed.area.pk] = target or str(placed.lies_in)
            self.fields[f"area_{placed.area.pk}"] = forms.ChoiceField(
                label=placed.version.name,
                choices=choices,
                initial=self.lies_in[placed.area.pk],
                # Whoever leaves a municipality out changes nothing about it.
                required=False,
            )
        self.fields["seen"].initial = cut.fingerprint

    @property
    def moves(self) -> int:
        """Count the municipalities that would lie elsewhere, as the page is first shown."""
        return sum(self.lies_in[one.area.pk] != str(one.lies_in) for one in self.cut.municipalities)

    @property
    def left_empty(self) -> list[str]:
        """Name the planning areas that would have no municipality any more."""
        kept, before = set(self.lies_in.values()), {one.lies_in for one in self.cut.municipalities}
        return [
            area.name
            for area in self.cut.planning_areas
            if area.pk in before and str(area.pk) not in kept
        ]

    def names(self) -> dict[str, str]:
        """Name the planning areas in the order in which they stand on the page."""
        return {key: area.name for key, area in self.targets.items() if area != self.cut.county}

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
        """
        Give the municipalities that shall lie elsewhere, with the planning area or county.

        A planning area without a key is to be made first.
        """
        for new, area in self.new.items():
            area.name = self.cleaned_data[f"name_{new}"]
        return {
            placed.area: self.targets[key]
            for placed in self.cut.municipalities
            if (key := self.cleaned_data.get(f"area_{placed.area.pk}"))
            and key != str(placed.lies_in)
        }

    def groups(self) -> list[Group]:
        """Give the choices as they stand on the page."""
        found = []
        here = str(self.cut.county.pk)
        for number, (key, name) in enumerate(
            [*self.names().items(), (here, gettext("In no planning area"))], start=1
        ):
            fields = tuple(
                self[f"area_{pk}"] for pk, lies_in in self.lies_in.items() if lies_in == key
            )
            if fields or key != here:
                name_field = self[f"name_{key}"] if key in self.new else None
                found.append(Group(None if key == here else number, name, fields, name_field))
        return found
