"""What people type about the life of a plan: steps, resolutions, versions, the next plan."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import offer_records
from zusammenplan.core.inputs import WrittenDayField
from zusammenplan.plans.choices import CarryChoice, CarryKind
from zusammenplan.plans.domain.comparison import Kind, What
from zusammenplan.plans.forms.base import RecordForm, day_field
from zusammenplan.plans.models import Plan, Resolution
from zusammenplan.plans.queries.comparison import KIND_LABELS, WHAT_LABELS
from zusammenplan.plans.queries.updates import UNDECIDED
from zusammenplan.plans.queries.versions import State, default_states


def resolution_day(*, required: bool = True) -> WrittenDayField:
    return day_field(
        gettext_lazy("Decided on"),
        gettext_lazy("For example 2026-12-18. It may lie before or after the begin of the plan."),
        required=required,
    )


class ResolutionForm(RecordForm):
    """A resolution, its number as the body writes it."""

    body = forms.CharField(
        label=gettext_lazy("Body"),
        help_text=gettext_lazy("For example Kreistag, Stadtrat or Sozialausschuss."),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "bodies", "autocomplete": "off"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the resolution"),
        help_text=gettext_lazy("As written, for example 747/18 or 18/2048-BV."),
        max_length=60,
        required=False,
    )
    decided_on = resolution_day()
    is_adoption = forms.BooleanField(
        label=gettext_lazy("The body adopts the plan by it"), required=False, initial=True
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("For example a condition, or the result of the vote."),
        max_length=300,
        required=False,
    )
    names = ("body", "number", "decided_on", "is_adoption", "note")


class StepForm(forms.Form):
    """The step to another status, with what it needs."""

    seen_status = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("A few words. They stay in the history."),
        max_length=60,
    )
    known = forms.ModelChoiceField(
        label=gettext_lazy("Resolution"),
        queryset=Resolution.objects.none(),
        required=False,
        empty_label=gettext_lazy("a new one, see below"),
    )
    body = forms.CharField(
        label=gettext_lazy("Body"),
        help_text=gettext_lazy("For example Kreistag, Stadtrat or Sozialausschuss."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "bodies", "autocomplete": "off"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the resolution"),
        help_text=gettext_lazy("As written, for example 747/18 or 18/2048-BV."),
        max_length=60,
        required=False,
    )
    decided_on = resolution_day(required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    supersedes = forms.BooleanField(label="", required=False, initial=True)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        plan: Plan,
        adopts: bool,
        goes_back: bool,
        ends: Plan | None,
    ) -> None:
        super().__init__(data, initial={"seen_status": plan.status})
        self.adopts = adopts
        adoptions = plan.resolutions.filter(is_adoption=True).order_by("-decided_on")
        offer_records(self, "known", adoptions)
        if not goes_back:
            del self.fields["reason"]
        if not adopts or not adoptions:
            del self.fields["known"]
        if not adopts:
            for name in ("body", "number", "decided_on", "note"):
                del self.fields[name]
        if ends is None:
            del self.fields["supersedes"]
        else:
            self.fields["supersedes"].label = _("“%(plan)s” ends with it (superseded)") % {
                "plan": ends.title
            }

    def clean(self) -> dict[str, Any]:
        if self.adopts and not self.cleaned_data.get("known"):
            for name in ("body", "decided_on"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, _("This field is required."))
        return self.cleaned_data

    def resolution(self) -> Any:
        """Give what the action takes as the resolution."""
        if not self.adopts:
            return None
        if known := self.cleaned_data.get("known"):
            return known
        return {name: self.cleaned_data[name] for name in ("body", "number", "decided_on", "note")}


class FreezeForm(forms.Form):
    """The name of a frozen version."""

    label_de = forms.CharField(
        label=gettext_lazy("Name of the version"),
        help_text=gettext_lazy("For example “Entwurf zur Beteiligung”."),
        max_length=200,
    )
    label_en = forms.CharField(
        label=gettext_lazy("Name in English"), max_length=200, required=False
    )


class CompareForm(forms.Form):
    """Which two states are compared, and what of it is shown."""

    von = forms.ChoiceField(label=gettext_lazy("From"), required=False)
    bis = forms.ChoiceField(label=gettext_lazy("To"), required=False)
    art = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    was = forms.ChoiceField(label=gettext_lazy("Show"), required=False)

    def __init__(self, data: Mapping[str, Any], *, states: Sequence[State]) -> None:
        super().__init__(data, auto_id="compare_%s")
        self.states = {state.key: state for state in states}
        choices = [(state.key, state.label) for state in states]
        self._choices("von", choices)
        self._choices("bis", choices)
        self._choices("art", [("", _("All")), *((kind.value, KIND_LABELS[kind]) for kind in Kind)])
        self._choices(
            "was",
            [
                ("", _("Only what differs")),
                *(
                    (what.value, WHAT_LABELS[what])
                    for what in (What.ADDED, What.REMOVED, What.CHANGED)
                ),
                ("moved", _("moved")),
                ("all", _("Also what stayed the same")),
            ],
        )
        self.is_valid()
        if (chosen := default_states(states)) is not None:
            self.initial = {"von": chosen[0].key, "bis": chosen[1].key}
            self.data = {
                **dict(data.items()),
                "von": self.cleaned_data.get("von") or chosen[0].key,
                "bis": self.cleaned_data.get("bis") or chosen[1].key,
            }
            self.full_clean()

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        field.widget.attrs["class"] = "zp-input"

    @property
    def pair(self) -> tuple[State, State] | None:
        """Give the two states, or None where there are not two."""
        before = self.states.get(self.cleaned_data.get("von", ""))
        after = self.states.get(self.cleaned_data.get("bis", ""))
        return (before, after) if before and after else None

    @property
    def kind(self) -> str:
        return str(self.cleaned_data.get("art", ""))

    @property
    def what(self) -> str:
        return str(self.cleaned_data.get("was", ""))


class UpdateForm(RecordForm):
    """Title and period of the new plan, and what goes along with the records."""

    title_de = forms.CharField(label=gettext_lazy("Title of the new plan"), max_length=200)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=200
    )
    starts_on = day_field(gettext_lazy("Begin"), edge="first")
    ends_on = day_field(
        gettext_lazy("End"), gettext_lazy("Leave empty if the end is open."), edge="last"
    )
    copies_chapters = forms.BooleanField(
        label=gettext_lazy("Take the chapters of the document along"),
        required=False,
        initial=True,
    )
    sets_baselines = forms.BooleanField(
        label=gettext_lazy("The last value of an indicator becomes its baseline"),
        required=False,
        initial=True,
    )
    names = ("title_de", "title_en", "starts_on", "ends_on", "copies_chapters", "sets_baselines")

    @classmethod
    def initial_for(cls, plan: Plan) -> dict[str, Any]:
        """Suggest the period that follows on the old one."""
        if plan.ends_on is None:
            return {}
        begin = date(plan.ends_on.year + 1, 1, 1)
        length = plan.ends_on.year - plan.starts_on.year if plan.starts_on else 4
        end = date(begin.year + length, 12, 31)
        title = _next_title(plan, begin.year, end.year)
        return {"title_de": title, "starts_on": begin, "ends_on": end}

    def clean(self) -> dict[str, Any]:
        self.demand_order("starts_on", "ends_on")
        return self.cleaned_data


class CarryFilter(forms.Form):
    """Which records of the rewriting are shown."""

    art = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CarryKind.choices, required=False)
    was = forms.ChoiceField(
        label=gettext_lazy("Show"),
        choices=[
            ("", gettext_lazy("All")),
            (UNDECIDED, gettext_lazy("undecided")),
            *CarryChoice.choices,
        ],
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )

    @property
    def kind(self) -> CarryKind:
        self.is_valid()
        return CarryKind(self.cleaned_data.get("art") or CarryKind.MEASURE)

    @property
    def show(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("was", ""))


class CarryForm(forms.Form):
    """The decision on one record."""

    choice = forms.ChoiceField(choices=CarryChoice.choices)
    reason = forms.CharField(max_length=300, required=False)
    version = forms.IntegerField(min_value=0, required=False)


def _next_title(plan: Plan, first: int, last: int) -> str:
    """Suggest the old title with the new years."""
    title = plan.title_de
    if plan.starts_on and plan.ends_on:
        old = (str(plan.starts_on.year), str(plan.ends_on.year))
        if all(year in title for year in old):
            return title.replace(old[1], str(last)).replace(old[0], str(first))
    return title
