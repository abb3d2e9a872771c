"""How forms let somebody pick areas, terms and needs: several at once, as boxes to tick."""

from typing import Any, cast

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy

from zusammenplan.core.choosing import LongList
from zusammenplan.core.history import FieldChange
from zusammenplan.core.inputs import SeveralRecordsField
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.forms.base import RecordForm, mentions
from zusammenplan.plans.models import FieldOfAction, Plan, Term


def several(label: Any, queryset: QuerySet[Any]) -> "forms.ModelMultipleChoiceField[Any]":
    return SeveralRecordsField(
        label=label,
        queryset=queryset,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def areas_field() -> "forms.ModelMultipleChoiceField[Any]":
    return several(gettext_lazy("Planning areas"), Area.objects.own().in_order())


def terms_field(kind: TermKind, label: Any) -> "forms.ModelMultipleChoiceField[Any]":
    return several(label, Term.objects.filter(kind=kind).order_by("position", "name_de"))


def needs_to_choose(plan: Plan, near: Q | None) -> LongList:
    """Give the needs that a goal or a measure can answer, those of its field first."""
    return LongList(
        records=plan.needs.select_related("field").in_order(),
        found=mentions,
        near=near,
        group=lambda need: field_name(need.field),
    )


def field_name(field: FieldOfAction | None) -> str:
    return str(field) if field else ""


class LinkingForm(RecordForm):
    """A form over a record with links; ``links`` names those fields."""

    links: tuple[str, ...] = ()

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        initial = super().initial_of(record)
        return {**initial, **{name: _in_order(getattr(record, name).all()) for name in cls.links}}

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in self.links}

    def linked(self) -> dict[str, list[Any]]:
        """Give what the record is to be linked to."""
        return {name: self.cleaned_data[name] for name in self.links}

    def clean(self) -> dict[str, Any]:
        for name in self.links:
            if name in self.cleaned_data:
                self.cleaned_data[name] = _in_order(self.cleaned_data[name])
        return self.cleaned_data

    def clash_with(self, record: Model) -> list[FieldChange]:
        names = self.names
        # The links are compared too, although they are saved in another way.
        self.names = (*names, *self.links)
        try:
            return super().clash_with(record)
        finally:
            self.names = names


def _in_order(records: QuerySet[Any]) -> list[Any]:
    return sorted(records, key=lambda record: cast("int", record.pk))
