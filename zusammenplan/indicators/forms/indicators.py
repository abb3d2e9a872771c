"""Indicators, and the beginning of a formula."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import keys_in
from zusammenplan.core.forms import VersionedForm
from zusammenplan.indicators.choices import Direction, IndicatorForm, LifeSituation, StateField
from zusammenplan.indicators.domain.formula import MOST_CHARACTERS
from zusammenplan.indicators.domain.kinds import (
    NEEDS_BELOW,
    LimitError,
    read_limits,
    suggested,
    write_limits,
)
from zusammenplan.indicators.models import Indicator, Quantity
from zusammenplan.indicators.queries.tryout import formula_problem
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_areas

# Words that are addresses beside those of indicators.
RESERVED = frozenset({"neu", "katalog"})
CODE = RegexValidator(
    r"^[a-z][a-z0-9_]*$",
    gettext_lazy("Use small letters, digits and underscores, beginning with a letter."),
)
FIELDS = (
    "code",
    "name_de",
    "name_en",
    "definition_de",
    "definition_en",
    "form",
    "formula",
    "parameters",
    "unit_de",
    "unit_en",
    "decimals",
    "direction",
    "life_situation",
    "state_field",
    "source_de",
    "source_en",
    "is_public",
    "is_key",
)


PERCENT = "%"
IN_PERCENT = {IndicatorForm.SHARE, IndicatorForm.CHANGE}
# They compare two things, so they may be above 100 and are no part of a whole.
NEVER_IN_PERCENT = {IndicatorForm.RATIO, IndicatorForm.RATE}


def unreserved(word: str) -> str:
    """Refuse a word that is an address of its own."""
    if word in RESERVED:
        raise forms.ValidationError(_("“%(word)s” cannot be used here.") % {"word": word})
    return word


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SuggestionForm(forms.Form):
    """Which kind of indicator over which quantities; gives a formula to begin with."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=IndicatorForm.choices)
    above = forms.ChoiceField(label=gettext_lazy("What is counted"))
    below = forms.ChoiceField(
        label=gettext_lazy("Measured by"),
        help_text=gettext_lazy("For shares, ratios, rates, means and differences."),
        required=False,
    )
    base = forms.IntegerField(
        label=gettext_lazy("Base"),
        help_text=gettext_lazy(
            "Per how many people a rate is; over how many years a change; the year that is 100."
        ),
        min_value=1,
        max_value=1_000_000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name) for one in Quantity.objects.order_by("name_de")]
        self.fields["above"].choices = choices  # type: ignore[attr-defined] # a choice field
        self.fields["below"].choices = [("", "–"), *choices]  # type: ignore[attr-defined] # as above

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") in NEEDS_BELOW and not values.get("below"):
            self.add_error("below", _("Choose by what it is measured."))
        return values

    def beginning(self) -> dict[str, Any]:
        """Give what the form of the indicator begins with."""
        values = self.cleaned_data
        kind = values["kind"]
        begun = {
            "form": kind,
            "formula": suggested(kind, values["above"], values["below"], values["base"]),
        }
        if kind in {IndicatorForm.COUNT, IndicatorForm.DIFFERENCE}:
            counted = Quantity.objects.get(code=values["above"])
            return begun | {
                "decimals": 0,
                "unit_de": counted.unit_de,
                "unit_en": counted.unit_en,
            }
        return begun | ({"unit_de": PERCENT, "unit_en": PERCENT} if kind in IN_PERCENT else {})


class IndicatorTextForm(VersionedForm):
    """An indicator with everything one must know to read it."""

    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    code = forms.CharField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("It stands in addresses, such as youth_ratio."),
        max_length=60,
        validators=[CODE],
    )
    definition_de = forms.CharField(
        label=gettext_lazy("Definition"),
        help_text=gettext_lazy("In one or two sentences, for people who are no statisticians."),
        widget=_long(),
        max_length=2000,
    )
    definition_en = forms.CharField(
        label=gettext_lazy("Definition in English"),
        widget=_long(),
        max_length=2000,
        required=False,
    )
    form = forms.ChoiceField(label=gettext_lazy("Kind"), choices=IndicatorForm.choices)
    formula = forms.CharField(
        label=gettext_lazy("Formula"),
        help_text=gettext_lazy(
            "Quantities by their short names, + - * / and brackets; ages from and under in square "
            "brackets: 100 * population[:18] / population"
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=MOST_CHARACTERS,
    )
    parameters = forms.CharField(
        label=gettext_lazy("Limits of age"),
        help_text=gettext_lazy("Names that stand for ages in the formula: young = 20, old = 65"),
        max_length=200,
        required=False,
    )
    unit_de = forms.CharField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("“%” only for shares; a ratio is “per 100 …”."),
        max_length=80,
    )
    unit_en = forms.CharField(label=gettext_lazy("Unit in English"), max_length=80, required=False)
    decimals = forms.IntegerField(
        label=gettext_lazy("Decimals"), min_value=0, max_value=4, initial=1
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("A high value is"), choices=Direction.choices, initial=Direction.NEUTRAL
    )
    life_situation = forms.ChoiceField(
        label=gettext_lazy("Life situation"), choices=LifeSituation.choices
    )
    state_field = forms.ChoiceField(
        label=gettext_lazy("Field of action of the state"),
        choices=[("", "–"), *StateField.choices],
        required=False,
    )
    source_de = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    source_en = forms.CharField(
        label=gettext_lazy("Source in English"), max_length=300, required=False
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("The public sees it"), initial=True, required=False
    )
    is_key = forms.BooleanField(
        label=gettext_lazy("It stands at the top of each profile"), required=False
    )
    area = forms.ChoiceField(label=gettext_lazy("Try it out for"), required=False)
    names = FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "–"), *choices_of_areas()]  # type: ignore[attr-defined] # a choice field

    @classmethod
    def initial_of(cls, indicator: Indicator) -> dict[str, Any]:
        """Give what the form shows of the indicator at first."""
        values = {name: getattr(indicator, name) for name in (*FIELDS, "version")}
        return {**values, "parameters": write_limits(indicator.parameters)}

    def clean_code(self) -> str:
        return unreserved(self.cleaned_data["code"])

    def clean_parameters(self) -> dict[str, int]:
        try:
            return read_limits(self.cleaned_data["parameters"])
        except LimitError as refusal:
            raise forms.ValidationError(
                _("“%(text)s” is no limit of age. Write a name and an age: young = 20")
                % {"text": refusal.text}
            ) from refusal

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "formula" in values and "parameters" in values:
            problem = formula_problem(values["formula"], values["parameters"])
            if problem:
                self.add_error("formula", problem)
        if values.get("form") in NEVER_IN_PERCENT and PERCENT in values.get("unit_de", ""):
            self.add_error("unit_de", _("A ratio or rate is no share: write “per 100 …”, not “%”."))
        return values

    def tried(self) -> dict[str, Any]:
        """Give what is typed so far, to be explained, whatever else is missing."""
        self.is_valid()
        typed = self.data
        try:
            limits = read_limits(typed.get("parameters", ""))
        except LimitError:
            limits = {}
        area = typed.get("area", "")
        return {
            "formula": typed.get("formula", ""),
            "parameters": limits,
            "form": typed.get("form", ""),
            "decimals": self.cleaned_data.get("decimals", 1),
            "area": Area.objects.filter(pk__in=keys_in([area])).first(),
        }
