"""A social index and the indicators in it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.forms import VersionedForm
from zusammenplan.indicators.actions.social_indices import PartValues
from zusammenplan.indicators.choices import Direction, IndexClasses
from zusammenplan.indicators.forms.indicators import unreserved
from zusammenplan.indicators.models import Indicator, SocialIndex
from zusammenplan.places.choices import KINDS_TO_CHOOSE, AreaKind

FIELDS = (
    "slug",
    "name_de",
    "name_en",
    "explanation_de",
    "explanation_en",
    "kind",
    "minimum_population",
    "classes",
    "class_method",
    "is_public",
)
COMPARED = [AreaKind.PLANNING_AREA, AreaKind.MUNICIPALITY, AreaKind.DISTRICT, AreaKind.COUNTY]


class SocialIndexForm(VersionedForm):
    """A social index; each indicator has a weight, and zero leaves it out."""

    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    slug = forms.SlugField(label=gettext_lazy("Address"), max_length=60)
    explanation_de = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("What the index is to show, and what it cannot show."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    explanation_en = forms.CharField(
        label=gettext_lazy("Explanation in English"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Which areas are compared"),
        choices=[one for one in KINDS_TO_CHOOSE if one[0] in COMPARED],
        initial=AreaKind.MUNICIPALITY,
    )
    minimum_population = forms.IntegerField(
        label=gettext_lazy("Fewest inhabitants"),
        help_text=gettext_lazy("Smaller areas are left out, and it is said so."),
        min_value=0,
        max_value=1_000_000,
        initial=300,
    )
    classes = forms.IntegerField(
        label=gettext_lazy("Number of classes"), min_value=2, max_value=7, initial=4
    )
    class_method = forms.ChoiceField(
        label=gettext_lazy("How classes are made"),
        choices=IndexClasses.choices,
        initial=IndexClasses.QUANTILE,
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("The public sees it"),
        help_text=gettext_lazy("As long as it sees all of its indicators, too."),
        required=False,
    )
    names = FIELDS

    def __init__(self, *args: Any, index: SocialIndex | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(Indicator.objects.in_order())
        parts = {part.indicator_id: part for part in index.parts.all()} if index else {}
        for indicator in self.indicators:
            part = parts.get(indicator.pk)
            self.fields[f"weight_{indicator.pk}"] = forms.DecimalField(
                label=_("Weight of %(indicator)s") % {"indicator": indicator.name},
                min_value=0,
                max_value=100,
                decimal_places=3,
                required=False,
                initial=part.weight.normalize() + 0 if part else None,
            )
            self.fields[f"burden_{indicator.pk}"] = forms.BooleanField(
                label=_("A high value of %(indicator)s is a burden")
                % {"indicator": indicator.name},
                required=False,
                initial=part.high_is_burden if part else indicator.direction != Direction.GOOD,
            )

    @classmethod
    def initial_of(cls, index: SocialIndex) -> dict[str, Any]:
        """Give what the form shows of the index at first."""
        return {name: getattr(index, name) for name in (*FIELDS, "version")}

    def clean_slug(self) -> str:
        return unreserved(self.cleaned_data["slug"])

    def lines(self) -> list[dict[str, Any]]:
        """Give the indicators with their two fields."""
        return [
            {
                "indicator": indicator,
                "weight": self[f"weight_{indicator.pk}"],
                "burden": self[f"burden_{indicator.pk}"],
            }
            for indicator in self.indicators
        ]

    def parts(self) -> list[PartValues]:
        """Give the indicators that have a weight."""
        found = []
        for indicator in self.indicators:
            weight = self.cleaned_data.get(f"weight_{indicator.pk}") or Decimal(0)
            if weight:
                found.append(
                    PartValues(indicator.pk, weight, self.cleaned_data[f"burden_{indicator.pk}"])
                )
        return found
