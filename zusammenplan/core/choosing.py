"""Choose several records out of many: a form field that knows groups and gives the records."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _


def offer_records(form: forms.BaseForm, name: str, records: QuerySet[Any]) -> None:
    """Set from which records a field of a form lets choose."""
    field: Any = form.fields[name]
    field.queryset = records


def offer_choices(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    """Set what a field of a form lets choose, as pairs of value and label."""
    field: Any = form.fields[name]
    field.choices = choices


class RecordsField(forms.MultipleChoiceField):
    """
    Several of the given records; the template writes it with ``{% choose form.field %}``.

    The records are set by the form, in the order in which they shall stand, each with the name of
    its group or none.
    """

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": _("One of the picked entries is no longer there. Check what is picked.")
    }

    def __init__(self, *, label: Any, help_text: Any = "") -> None:  # noqa: ANN401 - lazy texts
        super().__init__(label=label, help_text=help_text, required=False)
        self.records: dict[str, Any] = {}
        self.groups: dict[str, list[tuple[str, str]]] = {}

    def offer(self, records: Iterable[tuple[str, Any]]) -> None:
        """Set what can be picked, as pairs of group and record."""
        self.records, self.groups = {}, {}
        for group, record in records:
            key = str(record.pk)
            self.records[key] = record
            self.groups.setdefault(group, []).append((key, str(record)))
        self.choices = [entry for group in self.groups.values() for entry in group]

    def clean(self, value: Any) -> list[Any]:  # noqa: ANN401 - what a request holds
        return [self.records[key] for key in dict.fromkeys(super().clean(value))]

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ANN401 - as above
        return {str(key) for key in initial or ()} != {str(key) for key in data or ()}

    def names(self, keys: Sequence[Any]) -> list[str]:
        """Give the names of the records with these keys."""
        return [str(self.records[str(key)]) for key in keys if str(key) in self.records]
