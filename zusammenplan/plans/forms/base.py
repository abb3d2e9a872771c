"""What the forms of plans share: days, long texts, the second editor, the reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import LongList, key_in, offer_part, typed_to_look
from zusammenplan.core.days import Edge
from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.history import FieldChange
from zusammenplan.core.inputs import WrittenDayField
from zusammenplan.core.spellings import holds

DAY_HINT = gettext_lazy("For example 2027-01-31")


def day_field(
    label: Any, hint: Any = DAY_HINT, *, edge: Edge = "only", required: bool = False
) -> WrittenDayField:
    return WrittenDayField(label=label, help_text=hint, required=required, edge=edge)


def long_text(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RecordForm(VersionedForm):
    """A form over a record of a plan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = typed_to_look(self)

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        """Give what the form shows of the record at first."""
        return {name: getattr(record, name) for name in (*cls.names, "version")}

    def offer_part(self, name: str, of: LongList) -> None:
        """Let a field choose from a list of which the page shows a part."""
        offer_part(self, name, self.sent, of)

    def near_field(self) -> Q | None:
        """Give what belongs to the field of action that is chosen; none if there is none."""
        key = key_in(str(self["field"].value() or ""))
        return None if key is None else Q(field=key)

    def clash_with(self, record: Model) -> list[FieldChange]:
        """Tell where the entries differ from the record, in the words of the form."""
        theirs = self.initial_of(record)
        return [
            FieldChange(
                label=str(self.fields[name].label),
                old=_shown(self.fields[name], theirs[name]),
                new=_shown(self.fields[name], self.cleaned_data[name]),
            )
            for name in self.names
            if theirs[name] != self.cleaned_data[name]
        ]

    def demand_order(self, first: str, last: str) -> None:
        """Note an error at the end of a period that lies before its beginning."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end < begin:
            day = date_format(begin, "SHORT_DATE_FORMAT")
            self.add_error(last, _("The end must not lie before %(day)s.") % {"day": day})


class FilterForm(forms.Form):
    """The filter above a list of a plan. Every field is optional."""

    q = forms.CharField(
        label=gettext_lazy("Search word"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "zp-input"}),
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter_%s")

    @cached_property
    def wanted(self) -> dict[str, Any]:
        """Give what the address bar asks for; a wrong value in it narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def mentions(text: str) -> Q:
    """Look for a word in the texts of a need or a goal."""
    return Q(number__iexact=text) | holds(("title_de", "title_en", "text_de", "text_en"), text)


def _shown(field: forms.Field, value: Any) -> str:
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or _("empty")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type] # no groups here
    return str(value)
