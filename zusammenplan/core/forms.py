"""What forms of every app share: the second editor, and the reason."""

from copy import copy
from typing import Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.history import FieldChange, differences


def _ask_to_choose(field: forms.Field) -> None:
    """Ask for a choice in words, where a model's form would show a row of dashes."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return
    choices = list(field.choices)  # type: ignore[arg-type] # all of these can be gone through
    if field.required and choices[:1] == BLANK_CHOICE_DASH:
        field.choices = [("", _("Please choose")), *choices[1:]]


class VersionedForm(forms.Form):
    """A form over a record that somebody else may change meanwhile; of models or plain."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What somebody else saved meanwhile, next to what was typed; none before such a clash.
        self.conflict: list[FieldChange] | None = None
        if isinstance(self, forms.BaseModelForm):
            self.fields["version"].initial = self.instance.version
        for field in self.fields.values():
            _ask_to_choose(field)

    @property
    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        """Give what the action saves."""
        return {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}

    def show_clash(self, record: Any) -> None:
        """Keep what was typed, show what somebody else saved, and let the next save decide."""
        self.conflict = self.clash_with(record)
        # A copy that keeps what was picked several times under one name.
        typed: Any = copy(self.data)
        typed["version"] = str(record.version)
        self.data = typed

    def clash_with(self, record: Any) -> list[FieldChange]:
        """Tell where the entries differ from the record as it stands."""
        return differences(record, self.values())


class ReasonForm(forms.Form):
    """Why something is deleted, refused or taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("A few words. They stay in the history."),
        max_length=100,
        error_messages={"required": _("Please give a reason.")},
    )
