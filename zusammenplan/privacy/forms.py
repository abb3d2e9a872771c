"""What people type: a period, and whom they look for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.forms import VersionedForm
from zusammenplan.privacy.actions.retention import HoldWithoutReasonError
from zusammenplan.privacy.choices import Retention
from zusammenplan.privacy.domain import TERMS
from zusammenplan.privacy.models import RetentionRule


class RuleForm(VersionedForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker alone
    """How long a class is kept, and whether it is on hold."""

    names = ("months", "is_held", "hold_reason")

    class Meta:
        model = RetentionRule
        fields = ("months", "is_held", "hold_reason")
        labels = {
            "months": _("Kept for, in months"),
            "is_held": _("Nothing of this may go at the moment"),
            "hold_reason": _("Reason"),
        }
        help_texts = {
            "is_held": _("For example because of a lawsuit or a question of the data's owner."),
            "hold_reason": _("Needed if nothing may go. Name a case, not a person."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        terms = TERMS[Retention(self.instance.retention)]
        months = forms.IntegerField(
            label=self.fields["months"].label,
            min_value=terms.least,
            max_value=terms.most,
            disabled=terms.least == terms.most,
            help_text=_("From %(least)s to %(most)s; usual are %(usual)s.")
            % {"least": terms.least, "most": terms.most, "usual": terms.usual},
        )
        self.fields["months"] = months

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("is_held") and not values.get("hold_reason", "").strip():
            self.add_error("hold_reason", str(HoldWithoutReasonError()))
        return values


class PersonForm(forms.Form):
    """Whom somebody asks about."""

    who = forms.CharField(
        label=_("E-mail address or name"),
        help_text=_("With the e-mail address you find surely what is of this person."),
        max_length=200,
        error_messages={"required": _("Please enter an e-mail address or a name.")},
    )
