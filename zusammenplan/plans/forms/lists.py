"""The filter of the measures, and what is done with several of them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.people.models import Organisation
from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import FieldOfAction, Measure, MeasureQuerySet, Plan


class BulkForm(forms.Form):
    """What to do with the picked measures."""

    deed = forms.ChoiceField(choices=[("status", ""), ("responsible", "")])
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=MeasureStatus.choices, required=False
    )
    responsible = forms.CharField(
        label=gettext_lazy("Responsible"), required=False, max_length=200, strip=True
    )
    pick = forms.ModelMultipleChoiceField(queryset=Measure.objects.none())

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **kwargs)
        choice = self.fields["pick"]
        if isinstance(choice, forms.ModelMultipleChoiceField):
            choice.queryset = plan.measures.all()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("deed") == "status" and not self.cleaned_data.get("status"):
            self.add_error("status", _("Choose a status."))
        return self.cleaned_data


# By what the measures can be sorted; a minus in front turns the order round.
SORTS = {
    "number": (F("field__position").asc(nulls_last=True), F("position").asc(), F("pk").asc()),
    "-number": (F("field__position").desc(nulls_last=True), F("position").desc(), F("pk").desc()),
    "title": (F("title_de").asc(),),
    "-title": (F("title_de").desc(),),
    "degree": (F("priority_degree").asc(nulls_last=True),),
    "-degree": (F("priority_degree").desc(nulls_last=True),),
    "responsible": (F("responsible__name").asc(nulls_last=True),),
    "-responsible": (F("responsible__name").desc(nulls_last=True),),
    "period": (F("starts_on").asc(nulls_last=True), F("ends_on").asc(nulls_last=True)),
    "-period": (F("starts_on").desc(nulls_last=True), F("ends_on").desc(nulls_last=True)),
}
LACKING = {
    "priority": Q(priority_degree__isnull=True),
    "responsible": Q(responsible__isnull=True),
    "period": Q(period_text="", starts_on__isnull=True, ends_on__isnull=True),
}


class MeasureFilter(forms.Form):
    """The filter above the list of measures. Every field is optional."""

    q = forms.CharField(
        label=gettext_lazy("Search word"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "class": "zp-input"}),
    )
    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("All")), *MeasureStatus.choices],
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    responsible = forms.ModelChoiceField(
        label=gettext_lazy("Responsible"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    lacks = forms.ChoiceField(choices=[("", ""), *((key, key) for key in LACKING)], required=False)
    sort = forms.ChoiceField(choices=[("", ""), *((key, key) for key in SORTS)], required=False)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        super().__init__(data, auto_id="filter_%s")
        fields, responsible = self.fields["field"], self.fields["responsible"]
        if isinstance(fields, forms.ModelChoiceField):
            fields.queryset = plan.fields.order_by("position", "pk")
        if isinstance(responsible, forms.ModelChoiceField):
            theirs = plan.measures.order_by().values("responsible")
            responsible.queryset = Organisation.objects.filter(pk__in=theirs).order_by("name")

    @property
    def wanted(self) -> dict[str, Any]:
        """What the address bar asks for; a wrong value in it narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def order(self) -> str:
        return str(self.wanted.get("sort", "number"))

    def apply(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        """Narrow the measures and put them in the wanted order."""
        wanted = self.wanted
        if text := wanted.get("q"):
            measures = measures.filter(_mentions(text))
        if lacks := wanted.get("lacks"):
            measures = measures.filter(LACKING[lacks])
        for name in ("field", "status", "responsible"):
            if name in wanted:
                measures = measures.filter(**{name: wanted[name]})
        in_order = SORTS["-number" if self.order == "-number" else "number"]
        return measures.order_by(*SORTS[self.order], *in_order)


def _mentions(text: str) -> Q:
    # SQLite compares umlauts with case; so the usual ways to write a word are all looked for.
    mentions = Q(number__iexact=text)
    for written in {text, text.lower(), text.capitalize(), text.upper()}:
        for name in ("title_de", "title_en", "text_de", "text_en", "responsible__name"):
            mentions |= Q(**{f"{name}__icontains": written})
    return mentions
