"""What people type about needs and what proves them; the filter above their list."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import offer_choices, offer_records
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_areas
from zusammenplan.plans.choices import EvidenceKind, NeedState, Strength, TermKind
from zusammenplan.plans.domain.numbers import number_beside
from zusammenplan.plans.domain.statuses import state_lacks_reason
from zusammenplan.plans.domain.workbook import MOST_EVIDENCE
from zusammenplan.plans.forms.base import FilterForm, day_field, long_text, mentions
from zusammenplan.plans.forms.links import LinkingForm, areas_field, terms_field
from zusammenplan.plans.models import (
    FieldOfAction,
    Goal,
    Need,
    NeedEvidence,
    NeedQuerySet,
    Plan,
    Term,
)

BLANK_EVIDENCE = 3


class NeedForm(LinkingForm):
    """A need."""

    title_de = forms.CharField(
        label=gettext_lazy("What is lacking?"),
        help_text=gettext_lazy("One sentence, as people would say it."),
        max_length=400,
    )
    text_de = forms.CharField(
        label=gettext_lazy("Explanation"), required=False, widget=long_text(5)
    )
    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a field"),
    )
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=20)
    strength = forms.ChoiceField(
        label=gettext_lazy("Strength"),
        help_text=gettext_lazy("How strongly the need is felt."),
        choices=Strength.choices,
        initial=Strength.MIDDLE,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=NeedState.choices, initial=NeedState.OPEN
    )
    state_reason = forms.CharField(
        label=gettext_lazy("Reason of the state"),
        help_text=gettext_lazy("Needed if the need is met, postponed or dropped."),
        required=False,
        max_length=300,
    )
    areas = areas_field()
    target_groups = terms_field(TermKind.TARGET_GROUP, gettext_lazy("Target groups"))
    life_situations = terms_field(TermKind.LIFE_SITUATION, gettext_lazy("Life situations"))
    title_en = forms.CharField(
        label=gettext_lazy("The need in English"), required=False, max_length=400
    )
    text_en = forms.CharField(
        label=gettext_lazy("Explanation in English"), required=False, widget=long_text(5)
    )
    names = (
        "title_de",
        "title_en",
        "text_de",
        "text_en",
        "field",
        "number",
        "strength",
        "state",
        "state_reason",
    )
    links = ("areas", "target_groups", "life_situations")

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        areas = Area.objects.own().still_there(localdate(), chosen=self.initial.get("areas", ()))
        offer_choices(self, "areas", choices_of_areas(areas))

    @classmethod
    def initial_for(cls, plan: Plan, field: FieldOfAction | None) -> dict[str, Any]:
        """Suggest the field and the number after the highest in it, if needs have numbers here."""
        numbers = list(plan.needs.exclude(number="").values_list("number", "field"))
        taken = [number for number, _field in numbers]
        mine = [number for number, one in numbers if one == (field.pk if field else None)]
        return {"field": field, "number": number_beside(mine or taken, taken)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if state_lacks_reason(cleaned.get("state") or "", cleaned.get("state_reason") or ""):
            self.add_error("state_reason", _("Say in a few words why."))
        return cleaned


class EvidenceForm(forms.Form):
    """One piece of evidence; an empty form says nothing."""

    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=EvidenceKind.choices, initial=EvidenceKind.STATISTIC
    )
    text_de = forms.CharField(
        label=gettext_lazy("What it says"),
        help_text=gettext_lazy("The figure or the voice in one sentence."),
        required=False,
        max_length=400,
    )
    source = forms.CharField(label=gettext_lazy("Source"), required=False, max_length=300)
    url = forms.URLField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("This is no web address.")},
    )
    dated_on = day_field(gettext_lazy("Date"))
    text_en = forms.CharField(
        label=gettext_lazy("What it says, in English"), required=False, max_length=400
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove this evidence"), required=False)
    names = ("kind", "text_de", "text_en", "source", "url", "dated_on")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        says_something = any(cleaned.get(name) for name in ("source", "url", "dated_on", "text_en"))
        is_known = bool(cleaned.get("pk")) and not cleaned.get("remove")
        is_silent = not cleaned.get("text_de") and "text_de" not in self.errors
        if is_silent and (is_known or (says_something and not cleaned.get("remove"))):
            self.add_error("text_de", _("Say what the evidence says, or remove it."))
        return cleaned

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data.get("text_de")) and not self.cleaned_data.get("remove")

    @property
    def name(self) -> str:
        """Give what the heading of the form says."""
        return str(self["text_de"].value() or "")


class BaseEvidenceFormSet(forms.BaseFormSet):  # type: ignore[type-arg] # generic for the type checker alone
    """All that proves one need, in order."""

    def values(self) -> list[dict[str, Any]]:
        """Give what the action keeps."""
        return [
            {"pk": form.cleaned_data.get("pk")}
            | {name: form.cleaned_data[name] for name in form.names}
            for form in self.forms
            if form.is_filled
        ]

    @property
    def known(self) -> list[EvidenceForm]:
        return [form for form in self.forms if self._is_said(form)]

    @property
    def blank(self) -> list[EvidenceForm]:
        return [form for form in self.forms if not self._is_said(form)]

    @staticmethod
    def _is_said(form: EvidenceForm) -> bool:
        return bool(form["text_de"].value() or form["pk"].value() or form.errors)


EvidenceFormSet = forms.formset_factory(
    EvidenceForm,
    formset=BaseEvidenceFormSet,
    extra=BLANK_EVIDENCE,
    max_num=MOST_EVIDENCE,
    absolute_max=MOST_EVIDENCE + BLANK_EVIDENCE,
)


def evidence_forms(data: Mapping[str, Any] | None, need: Need | None) -> BaseEvidenceFormSet:
    """Give the forms of a need's evidence: what is there, and some empty ones."""
    known = NeedEvidence.objects.filter(need=need).order_by("position", "pk") if need else []
    initial = [
        {"pk": one.pk, **{name: getattr(one, name) for name in EvidenceForm.names}} for one in known
    ]
    return cast("BaseEvidenceFormSet", EvidenceFormSet(data, initial=initial, prefix="beleg"))


STRENGTH_ORDER = Case(
    *(When(strength=value, then=Value(place)) for place, value in enumerate(Strength.values)),
    output_field=IntegerField(),
)
# By what the needs can be sorted; a minus in front turns the order round.
SORTS: dict[str, tuple[Any, ...]] = {
    "number": (),
    "title": (F("title_de").asc(),),
    "-title": (F("title_de").desc(),),
    "strength": (STRENGTH_ORDER.asc(),),
    "-strength": (STRENGTH_ORDER.desc(),),
    "state": (F("state").asc(),),
    "-state": (F("state").desc(),),
}
LACKING = {
    "evidence": ~Exists(NeedEvidence.objects.filter(need=OuterRef("pk"))),
    "goal": ~Exists(Goal.needs.through.objects.filter(need=OuterRef("pk"))),
}


def _narrow(label: Any, queryset: Any) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        label=label,
        queryset=queryset,
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs={"class": "zp-input"}),
    )


class NeedFilter(FilterForm):
    """The filter above the list of needs. Every field is optional."""

    field = _narrow(gettext_lazy("Field of action"), FieldOfAction.objects.none())
    area = _narrow(gettext_lazy("Planning area"), Area.objects.own())
    group = _narrow(
        gettext_lazy("Target group"),
        Term.objects.filter(kind=TermKind.TARGET_GROUP).order_by("position", "name_de"),
    )
    strength = forms.ChoiceField(
        label=gettext_lazy("Strength"),
        choices=[("", gettext_lazy("All")), *Strength.choices],
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All")), *NeedState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    lacks = forms.ChoiceField(choices=[("", ""), *((key, key) for key in LACKING)], required=False)
    sort = forms.ChoiceField(choices=[("", ""), *((key, key) for key in SORTS)], required=False)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        super().__init__(data)
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        offer_choices(self, "area", lambda: [("", _("All")), *choices_of_areas()])

    @property
    def order(self) -> str:
        return str(self.wanted.get("sort", "number"))

    def apply(self, needs: NeedQuerySet) -> NeedQuerySet:
        """Narrow the needs and put them in the wanted order."""
        wanted = self.wanted
        if text := wanted.get("q"):
            needs = needs.filter(mentions(text))
        if lacks := wanted.get("lacks"):
            needs = needs.filter(LACKING[lacks])
        if area := wanted.get("area"):
            needs = needs.filter(areas=area)
        if group := wanted.get("group"):
            needs = needs.filter(target_groups=group)
        for name in ("field", "strength", "state"):
            if name in wanted:
                needs = needs.filter(**{name: wanted[name]})
        in_order = (F("field__position").asc(nulls_last=True), "position", "pk")
        return needs.order_by(*SORTS[self.order], *in_order)
