"""What is done from the list of measures: set for several, kept as a view, edited in a row."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import keys_in, offer_records
from zusammenplan.core.inputs import SeveralRecordsField
from zusammenplan.plans.choices import MeasureStatus, TermKind
from zusammenplan.plans.domain.statuses import lacks_reason
from zusammenplan.plans.forms.base import day_field
from zusammenplan.plans.forms.widgets import PlainSelect
from zusammenplan.plans.models import (
    FieldOfAction,
    Measure,
    MeasureQuerySet,
    Plan,
    SavedView,
    Term,
)

# --- several at once -----------------------------------------------------------------------


class PickForm(forms.Form):
    """Which measures are meant: those that are ticked, or all that the filter shows."""

    deed = forms.ChoiceField(
        choices=[(key, key) for key in ("status", "responsible", "field", "group", "goal")]
    )
    pick = SeveralRecordsField(queryset=Measure.objects.none(), required=False)
    all = forms.BooleanField(required=False)
    # In the second step, the keys of all that are meant, so that the same ones are changed that
    # were shown.
    keys = forms.CharField(required=False, max_length=200_000)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        offer_records(self, "pick", plan.measures.all())

    def clean_keys(self) -> set[int]:
        return keys_in(self.cleaned_data["keys"].split(","))

    def measures(self, shown: MeasureQuerySet) -> MeasureQuerySet:
        """Give the measures that are meant; ``shown`` are those of the filter."""
        if keys := self.cleaned_data["keys"]:
            return self.plan.measures.filter(pk__in=keys)
        if self.cleaned_data["all"]:
            return shown
        picked = [measure.pk for measure in self.cleaned_data["pick"]]
        return self.plan.measures.filter(pk__in=picked)


class SeveralStatusForm(forms.Form):
    """A status for several measures, with reason and day."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=MeasureStatus.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason of the status"),
        help_text=gettext_lazy("For example why a measure is dropped. The public can read it."),
        required=False,
        max_length=300,
    )
    on = day_field(
        gettext_lazy("Since"), gettext_lazy("For example 2027-01-31. Left empty, it is today.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if lacks_reason(cleaned.get("status", ""), cleaned.get("reason", "")):
            self.add_error("reason", _("This status needs a reason."))
        return cleaned


class SeveralResponsibleForm(forms.Form):
    """Who is responsible for several measures."""

    responsible = forms.CharField(
        label=gettext_lazy("Responsible"),
        help_text=gettext_lazy("An office or an organisation. Left empty, nobody is responsible."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )


class _LinkForm(forms.Form):
    what = forms.ModelChoiceField(
        queryset=Term.objects.none(),
        empty_label=gettext_lazy("Please choose"),
        widget=PlainSelect,
    )
    way = forms.ChoiceField(
        label=gettext_lazy("What shall happen?"),
        choices=[("add", gettext_lazy("Add it")), ("take", gettext_lazy("Take it away"))],
        initial="add",
        widget=forms.RadioSelect,
    )


def several_form(deed: str, plan: Plan, data: Mapping[str, Any] | None) -> forms.Form:
    """Give the form of what shall be done with several measures."""
    if deed == "status":
        return SeveralStatusForm(data)
    if deed == "responsible":
        return SeveralResponsibleForm(data)
    form: forms.Form = _FieldForm(data) if deed == "field" else _LinkForm(data)
    if deed == "field":
        offer_records(form, "what", plan.fields.order_by("position", "pk"))
    elif deed == "group":
        terms = Term.objects.filter(kind=TermKind.TARGET_GROUP)
        offer_records(form, "what", terms.order_by("position", "name_de"))
        form.fields["what"].label = _("Target group")
    else:
        offer_records(form, "what", plan.goals.in_order())
        form.fields["what"].label = _("Goal")
    return form


class _FieldForm(forms.Form):
    what = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a field"),
    )


# --- saved views ---------------------------------------------------------------------------


class ViewForm(forms.Form):
    """A view's name, and whether others see it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For example “For the social committee”."),
        max_length=60,
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Everybody who reads the plan sees the view"), required=False
    )
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    @classmethod
    def initial_of(cls, view: SavedView) -> dict[str, Any]:
        return {"name": view.name, "is_shared": view.is_shared, "query": view.query}

    def values(self) -> dict[str, Any]:
        return {
            "name": self.cleaned_data["name"],
            "is_shared": self.cleaned_data.get("is_shared", False),
            "query": self.cleaned_data["query"],
        }


# --- in the row ----------------------------------------------------------------------------


class CellForm(forms.Form):
    """One cell of the table that is edited where it stands."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title_de = forms.CharField(
        label=gettext_lazy("Title"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=MeasureStatus.choices, widget=PlainSelect
    )
    status_reason = forms.CharField(
        label=gettext_lazy("Reason of the status"), required=False, max_length=300
    )
    responsible = forms.CharField(
        label=gettext_lazy("Responsible"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    CELLS: Mapping[str, tuple[str, ...]] = {
        "title": ("title_de",),
        "status": ("status", "status_reason"),
        "responsible": ("responsible",),
    }

    def __init__(self, *args: Any, cell: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = self.CELLS[cell]
        for name in set(self.fields) - {*self.names, "version"}:
            del self.fields[name]

    @classmethod
    def initial_of(cls, measure: Measure) -> dict[str, Any]:
        return {
            "version": measure.version,
            "title_de": measure.title_de,
            "status": measure.status,
            "status_reason": measure.status_reason,
            "responsible": measure.responsible.name if measure.responsible else "",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if lacks_reason(cleaned.get("status", ""), cleaned.get("status_reason", "")):
            self.add_error("status_reason", _("This status needs a reason."))
        return cleaned

    def take_focus(self) -> None:
        """Let the first field take the focus, or the first that is wrong; htmx heeds it."""
        wrong = [name for name in self.names if name in self.errors]
        self.fields[[*wrong, *self.names][0]].widget.attrs["autofocus"] = True

    @property
    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}
