"""What is decided about proposals and half steps."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.numbers import decimal_text
from zusammenplan.plans.models import FieldOfAction, Plan


class AdmitForm(forms.Form):
    """Under which number a proposed measure joins the plan and the ballot."""

    field = forms.ModelChoiceField(
        FieldOfAction.objects.none(),
        label=_("Field of action"),
        required=False,
        empty_label=_("Without a field of action"),
    )
    number = forms.CharField(label=_("Number"), max_length=20)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("It stands with the proposal."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: QueryDict | None = None, *, plan: Plan, initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        field = self.fields["field"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = plan.fields.order_by("position", "pk")


class RefuseForm(forms.Form):
    """Why a proposed measure does not join the ballot."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("It stands with the proposal."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please give a reason for the refusal.")},
    )


class DecisionForm(forms.Form):
    """What the chair decided where a half step waits."""

    grade = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the values.")},
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(
        self, data: QueryDict | None = None, *, item: int, choices: Sequence[Decimal]
    ) -> None:
        super().__init__(data, prefix=f"item{item}")
        field = self.fields["grade"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(choice), decimal_text(choice)) for choice in choices]

    @property
    def has_choice(self) -> bool:
        """Tell whether a value was chosen, be it one that is a choice or not."""
        return bool(self.data.get(self.add_prefix("grade")))

    @property
    def chosen(self) -> Decimal:
        return Decimal(self.cleaned_data["grade"])
