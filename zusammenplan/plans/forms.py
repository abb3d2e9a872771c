"""What people type about plans, and the filter of the measures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.db.models import F, Model, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.history import FieldChange
from zusammenplan.people.models import Organisation
from zusammenplan.plans.actions import RESERVED_SLUGS
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.domain.numbers import next_code, next_number
from zusammenplan.plans.domain.periods import parse_period
from zusammenplan.plans.models import FieldOfAction, Measure, MeasureQuerySet, Plan

DAY_FORMATS = ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]
DAY_HINT = gettext_lazy("For example 2027-01-31")


def _day(label: Any, hint: Any = DAY_HINT) -> forms.DateField:  # noqa: ANN401 - lazy texts
    return forms.DateField(label=label, help_text=hint, required=False, input_formats=DAY_FORMATS)


def _text(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class VersionedForm(forms.Form):
    """A form over a record that somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    names: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        super().__init__(*args, **kwargs)
        # What somebody else saved meanwhile, next to what was typed; none before such a clash.
        self.conflict: list[FieldChange] | None = None

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        """Give what the form shows of the record at first."""
        return {name: getattr(record, name) for name in (*cls.names, "version")}

    @property
    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        """Give what the action saves."""
        return {name: self.cleaned_data[name] for name in self.names}

    def show_clash(self, record: Model) -> None:
        """Keep what was typed, show what somebody else saved, and let the next save decide."""
        theirs = self.initial_of(record)
        self.conflict = [
            FieldChange(
                label=str(self.fields[name].label),
                old=_shown(self.fields[name], theirs[name]),
                new=_shown(self.fields[name], self.cleaned_data[name]),
            )
            for name in self.names
            if theirs[name] != self.cleaned_data[name]
        ]
        typed = {name: self.data[name] for name in self.data}
        self.data = {**typed, "version": str(theirs["version"])}

    def demand_order(self, first: str, last: str) -> None:
        """Note an error at the end of a period that lies before its beginning."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end < begin:
            day = date_format(begin, "SHORT_DATE_FORMAT")
            self.add_error(last, _("The end must not lie before %(day)s.") % {"day": day})


class PlanForm(VersionedForm):
    """A plan's own facts."""

    title_de = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For example “Social plan 2027–2031”."),
    )
    summary_de = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("Two or three sentences that stand above the public plan."),
        required=False,
        widget=_text(),
    )
    starts_on = _day(gettext_lazy("Begin"))
    ends_on = _day(gettext_lazy("End"), gettext_lazy("Leave empty if the end is open."))
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=PlanStatus.choices, initial=PlanStatus.DRAFT
    )
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The end of the plan's web address: small letters, digits and hyphens. "
            "Left empty, it is made from the title."
        ),
        required=False,
        max_length=80,
        validators=[validate_slug],
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Published: everybody can read the plan"), required=False
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=200
    )
    summary_en = forms.CharField(
        label=gettext_lazy("Summary in English"), required=False, widget=_text()
    )
    names = (
        "title_de",
        "title_en",
        "summary_de",
        "summary_en",
        "starts_on",
        "ends_on",
        "status",
        "slug",
        "is_public",
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise forms.ValidationError(
                _("This address is used by the program itself. Choose another one.")
            )
        return slug

    def clean(self) -> dict[str, Any]:
        self.demand_order("starts_on", "ends_on")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        values = super().values()
        if not values["slug"]:
            del values["slug"]
        return values


class FieldForm(VersionedForm):
    """A field of action."""

    code = forms.CharField(
        label=gettext_lazy("Number or letter"),
        help_text=gettext_lazy("For example 2, 2.2 or A."),
        max_length=20,
    )
    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    text_de = forms.CharField(
        label=gettext_lazy("What it is about"), required=False, widget=_text()
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=200)
    text_en = forms.CharField(
        label=gettext_lazy("What it is about, in English"), required=False, widget=_text()
    )
    names = ("code", "name_de", "name_en", "text_de", "text_en")

    @classmethod
    def initial_for(cls, plan: Plan) -> dict[str, Any]:
        """Suggest the next code of the plan."""
        return {"code": next_code(plan.fields.values_list("code", flat=True))}


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
        widget=_text(5),
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
    starts_on = _day(gettext_lazy("Begin"))
    ends_on = _day(gettext_lazy("End"), gettext_lazy("Leave empty if the end is open."))
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
        label=gettext_lazy("What shall change, in English"), required=False, widget=_text(5)
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


class ReasonForm(forms.Form):
    """Why something is deleted."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("A few words. They stay in the history."),
        max_length=100,
    )


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


def _shown(field: forms.Field, value: Any) -> str:  # noqa: ANN401 - any value of a form
    if value is None or value == "":
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type] # no groups here
    return str(value)
