"""What people type about measures."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.domain.numbers import next_number
from zusammenplan.plans.domain.periods import parse_period
from zusammenplan.plans.forms.base import VersionedForm, day_field, long_text
from zusammenplan.plans.models import FieldOfAction, Plan


class MeasureForm(VersionedForm):
    """A measure; the responsible one is typed, known ones are suggested."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        help_text=gettext_lazy("It is unique in the plan."),
        max_length=20,
    )
    title_de = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("As it stands in the plan and on the ballot. Short is best."),
        max_length=400,
    )
    text_de = forms.CharField(
        label=gettext_lazy("What shall change?"),
        help_text=gettext_lazy("A sentence or two that outsiders understand."),
        required=False,
        widget=long_text(5),
    )
    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a field"),
    )
    responsible = forms.CharField(
        label=gettext_lazy("Responsible"),
        help_text=gettext_lazy("An office or an organisation. A new name is added to the list."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    starts_on = day_field(gettext_lazy("Begin"))
    ends_on = day_field(gettext_lazy("End"), gettext_lazy("Leave empty if the end is open."))
    period_text = forms.CharField(
        label=gettext_lazy("Period in words"),
        help_text=gettext_lazy(
            "For example “seit 2019” or “ab Mai 2027”. Begin and end follow from it."
        ),
        required=False,
        max_length=60,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=MeasureStatus.choices, initial=MeasureStatus.PLANNED
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Where the measure comes from, for example a conference."),
        required=False,
        max_length=300,
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=400
    )
    text_en = forms.CharField(
        label=gettext_lazy("What shall change, in English"), required=False, widget=long_text(5)
    )
    names = (
        "number",
        "title_de",
        "title_en",
        "text_de",
        "text_en",
        "field",
        "responsible",
        "starts_on",
        "ends_on",
        "period_text",
        "status",
        "source",
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **kwargs)
        choice = self.fields["field"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = plan.fields.order_by("position", "pk")

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        initial = super().initial_of(record)
        responsible = initial["responsible"]
        return {**initial, "responsible": responsible.name if responsible else ""}

    @classmethod
    def initial_for(cls, plan: Plan, field: FieldOfAction | None) -> dict[str, Any]:
        """Suggest the field and the next number in it."""
        taken = plan.measures.values_list("number", flat=True)
        number = next_number(field.code, taken) if field else ""
        return {"field": field, "number": number}

    def clean(self) -> dict[str, Any]:
        if not {"starts_on", "ends_on", "period_text"} & set(self.errors):
            self._settle_period()
        self.demand_order("starts_on", "ends_on")
        return self.cleaned_data

    def _settle_period(self) -> None:
        """Let words and days agree: what was changed last decides, a contradiction is an error."""
        cleaned = self.cleaned_data
        period = parse_period(cleaned["period_text"])
        days = (cleaned["starts_on"], cleaned["ends_on"])
        if not period.is_understood or days == (period.starts_on, period.ends_on):
            return
        changed = set(self.changed_data)
        if not changed & {"starts_on", "ends_on"} or days == (None, None):
            cleaned["starts_on"], cleaned["ends_on"] = period.starts_on, period.ends_on
        elif "period_text" not in changed:
            cleaned["period_text"] = ""
        else:
            self.add_error(
                "period_text",
                _("“%(words)s” does not fit begin and end. Change one of them.")
                % {"words": period.text},
            )
