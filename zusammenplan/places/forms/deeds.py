"""Versions of areas and changes of their territory, as people enter them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.core.choosing import RecordsField
from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.inputs import DayInput
from zusammenplan.places.choices import KINDS_TO_CHOOSE, TransitionKind
from zusammenplan.places.domain.keys import AGS, ARS
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.queries.tree import (
    areas_in_order,
    choices_of_areas,
    choices_of_parent,
)
from zusammenplan.places.queries.words import period_text

PARTS = 4


def _day(label: Any, hint: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, required=required, widget=DayInput())


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"),
        help_text=_("For example the law or resolution."),
        max_length=300,
        required=False,
    )


class VersionForm(VersionedForm):
    """What an area was for a time; whether it fits is decided by the action."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS_TO_CHOOSE)
    parent = forms.ModelChoiceField(label=_("Lies in"), queryset=Area.objects.all(), required=False)
    ags = forms.CharField(
        label=_("Official key (AGS)"),
        help_text=_("For example 16069012; a county has 5 digits. Zeros count."),
        max_length=8,
        required=False,
        validators=[RegexValidator(AGS, _("An AGS has 2, 5 or 8 digits."))],
    )
    ars = forms.CharField(
        label=_("Regional key (ARS)"),
        help_text=_("12 digits, for example 160690012012."),
        max_length=12,
        required=False,
        validators=[RegexValidator(ARS, _("An ARS has 12 digits."))],
    )
    association = forms.CharField(
        label=_("Association of municipalities"),
        help_text=_("As the municipal directory names it, such as Verwaltungsgemeinschaft Uder."),
        max_length=120,
        required=False,
    )
    valid_from = _day(_("Valid from"), _("Empty: always."), required=False)
    valid_to = _day(_("Valid until"), _("Its last day. Empty: until today and on."), required=False)
    area_km2 = forms.DecimalField(
        label=_("Size in km²"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=4,
        required=False,
        localize=True,
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    licence = forms.CharField(label=_("Licence"), max_length=120, required=False)
    names = (
        *("name", "kind", "parent", "ags", "ars", "association", "valid_from", "valid_to"),
        *("area_km2", "source", "licence"),
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = choices_of_parent(area)  # type: ignore[attr-defined] # a choice field

    @classmethod
    def initial_of(cls, version: AreaVersion) -> dict[str, Any]:
        """Give what the form shows of the version at first."""
        shown = {name: getattr(version, name) for name in cls.names}
        return {**shown, "parent": version.parent_id, "version": version.version}


class FollowForm(forms.Form):
    """What is different from a day on."""

    day = _day(_("From this day on"))
    name = forms.CharField(label=_("Name"), max_length=120)
    ags = forms.CharField(
        label=_("Official key (AGS)"),
        max_length=8,
        required=False,
        validators=[RegexValidator(AGS, _("An AGS has 2, 5 or 8 digits."))],
    )
    ars = forms.CharField(
        label=_("Regional key (ARS)"),
        max_length=12,
        required=False,
        validators=[RegexValidator(ARS, _("An ARS has 12 digits."))],
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS_TO_CHOOSE)
    parent = forms.ModelChoiceField(label=_("Lies in"), queryset=Area.objects.all(), required=False)
    note = _note()

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = choices_of_parent(area)  # type: ignore[attr-defined] # a choice field

    def values(self) -> dict[str, Any]:
        """Give what the new version says."""
        return {name: self.cleaned_data[name] for name in ("name", "ags", "ars", "kind", "parent")}


class MergeForm(forms.Form):
    """Which areas become part of this one."""

    day = _day(_("From this day on"))
    others = RecordsField(
        label=_("Areas that become part of it"),
        help_text=_("They end the day before. Their figures are added to its own."),
    )
    note = _note()

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others: RecordsField = self.fields["others"]  # type: ignore[assignment] # as declared
        others.required = True
        others.error_messages["required"] = gettext("Pick at least one area.")
        others.offer(("", line.area) for line in areas_in_order() if line.area.pk != area.pk)


class SplitForm(forms.Form):
    """Into which parts an area is split: each to an area there is, or to a new one."""

    day = _day(_("From this day on"))
    note = _note()

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [one for one in choices_of_areas() if one[0] != str(area.pk)]
        choices = [("", gettext("a new area")), *areas]
        for number in range(1, PARTS + 1):
            values = {"number": number}
            self.fields[f"to_{number}"] = forms.ModelChoiceField(
                label=gettext("Part %(number)s goes to") % values,
                queryset=Area.objects.exclude(pk=area.pk),
                required=False,
            )
            self.fields[f"to_{number}"].choices = choices  # type: ignore[attr-defined] # a choice field
            self.fields[f"name_{number}"] = forms.CharField(
                label=gettext("Name of the new area %(number)s") % values,
                max_length=120,
                required=False,
            )
            self.fields[f"share_{number}"] = forms.DecimalField(
                label=gettext("Share of part %(number)s in percent of the population") % values,
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=4,
                required=False,
                localize=True,
            )
        self.order_fields(
            ["day", *(f"{one}_{n}" for n in range(1, PARTS + 1) for one in ("to", "name", "share"))]
        )

    def parts(self) -> dict[Area | str, Decimal]:
        """Give each area, or the name of a new one, its share; parts for the same one together."""
        found: dict[Area | str, Decimal] = {}
        for number in range(1, PARTS + 1):
            share = self.cleaned_data.get(f"share_{number}")
            target = self.cleaned_data.get(f"to_{number}") or self.cleaned_data.get(
                f"name_{number}"
            )
            if share and target:
                found[target] = found.get(target, Decimal(0)) + share / 100
        return found

    def clean(self) -> dict[str, Any]:
        """Demand a share for each part that is named, and the other way round."""
        data = super().clean() or {}
        for number in range(1, PARTS + 1):
            is_named = bool(data.get(f"to_{number}") or data.get(f"name_{number}"))
            has_share = bool(data.get(f"share_{number}"))
            if is_named and not has_share and f"share_{number}" not in self.errors:
                self.add_error(f"share_{number}", gettext("Say how large its share is."))
            if has_share and not is_named:
                self.add_error(f"to_{number}", gettext("Say to which area it goes."))
        return data


class TransitionForm(VersionedForm):
    """What became of one version in another one."""

    before = forms.ModelChoiceField(label=_("Before"), queryset=AreaVersion.objects.none())
    after = forms.ModelChoiceField(label=_("After"), queryset=AreaVersion.objects.none())
    on = _day(_("Day"), _("The first day of the newer version."))
    kind = forms.ChoiceField(label=_("What happened"), choices=TransitionKind.choices)
    share = forms.DecimalField(
        label=_("Share of the population in percent"),
        help_text=_("How many of those who lived in it before went over. 100 is everybody."),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=6,
        initial=100,
        localize=True,
    )
    note = _note()

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = list(
            AreaVersion.objects.filter(area__is_reference=area.is_reference)
            .select_related("area")
            .defer("geometry")
            .order_by("name", "valid_from", "pk")
        )
        own = [version for version in versions if version.area_id == area.pk]
        for name in ("before", "after"):
            field: Any = self.fields[name]
            field.queryset = AreaVersion.objects.all()
            field.choices = [
                ("", ""),
                *((version.pk, version_text(version)) for version in [*own, *versions]),
            ]

    @classmethod
    def initial_of(cls, transition: AreaTransition) -> dict[str, Any]:
        """Give what the form shows of the change at first."""
        return {
            "before": transition.before_id,
            "after": transition.after_id,
            "on": transition.on,
            "kind": transition.kind,
            "share": (transition.share_population * 100).normalize(),
            "note": transition.note,
            "version": transition.version,
        }

    def values(self) -> dict[str, Any]:
        """Give what the action saves."""
        names = ("before", "after", "on", "kind", "note")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"share_population": self.cleaned_data["share"] / 100}


def version_text(version: AreaVersion) -> str:
    """Name a version with its days, and the key that tells it from others of its name."""
    key = f" {version.ags}" if version.ags else ""
    return f"{version.name}{key}, {period_text(version.valid_from, version.valid_to)}"
