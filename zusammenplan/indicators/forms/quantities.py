"""Quantities with their names in sources, and the rules of the data."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.forms import VersionedForm
from zusammenplan.indicators.forms.indicators import unreserved
from zusammenplan.indicators.models import Quantity
from zusammenplan.indicators.models.rules import LEAST_MINIMUM
from zusammenplan.indicators.queries.catalogue import possible_totals

FIELDS = (
    "code",
    "name_de",
    "name_en",
    "unit_de",
    "unit_en",
    "is_additive",
    "is_confidential",
    "part_of",
    "is_subtracted",
    "change_of",
)
MOST_CASES = 100


class QuantityForm(VersionedForm):
    """A quantity; its names in sources stand one a line."""

    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=200, required=False)
    code = forms.CharField(
        label=gettext_lazy("Short name for formulas"),
        max_length=80,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9_-]*$",
                gettext_lazy("Use small letters, digits and underscores."),
            )
        ],
    )
    unit_de = forms.CharField(label=gettext_lazy("Unit"), max_length=60, required=False)
    unit_en = forms.CharField(label=gettext_lazy("Unit in English"), max_length=60, required=False)
    is_additive = forms.BooleanField(
        label=gettext_lazy("It can be summed over areas"),
        help_text=gettext_lazy("Counts can; means, medians and published rates cannot."),
        initial=True,
        required=False,
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Small numbers are secret"),
        help_text=gettext_lazy("Counts of people are; money and square kilometres are not."),
        initial=True,
        required=False,
    )
    part_of = forms.ModelChoiceField(
        label=gettext_lazy("Part of"),
        help_text=gettext_lazy(
            "If it makes up a larger one together with others, choose that one. Then the total "
            "gives no small number of its parts away. Parts must not overlap: name a single way "
            "to divide the total."
        ),
        queryset=Quantity.objects.none(),
        empty_label=gettext_lazy("no other quantity"),
        required=False,
    )
    is_subtracted = forms.BooleanField(
        label=gettext_lazy("It is subtracted there"),
        help_text=gettext_lazy("Deaths are, in natural increase."),
        required=False,
    )
    change_of = forms.ModelChoiceField(
        label=gettext_lazy("Change of"),
        help_text=gettext_lazy(
            "If it says by how much another one changed from one reference day to the next, choose "
            "that one. Then the two days give no small number of its parts away."
        ),
        queryset=Quantity.objects.none(),
        empty_label=gettext_lazy("no other quantity"),
        required=False,
    )
    aliases = forms.CharField(
        label=gettext_lazy("Names in sources"),
        help_text=gettext_lazy(
            "One a line: number of the statistics | code or label | only where. For example: "
            "12411 | BEVSTD | NAT=NATA"
        ),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        required=False,
    )
    names = FIELDS

    def __init__(self, *args: Any, quantity: Quantity | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = possible_totals(quantity)
        self.fields["part_of"].queryset = others  # type: ignore[attr-defined] # a choice of records
        self.fields["change_of"].queryset = others  # type: ignore[attr-defined] # a choice of records

    @classmethod
    def initial_of(cls, quantity: Quantity) -> dict[str, Any]:
        """Give what the form shows of the quantity at first."""
        lines = [
            " | ".join(filter(None, [alias.statistics, alias.measure, alias.other]))
            if alias.statistics
            else f"| {alias.measure}" + (f" | {alias.other}" if alias.other else "")
            for alias in quantity.aliases.order_by("statistics", "measure", "other")
        ]
        values = {name: getattr(quantity, name) for name in (*FIELDS, "version")}
        return {**values, "aliases": "\n".join(lines)}

    def clean_code(self) -> str:
        return unreserved(self.cleaned_data["code"])

    def clean_aliases(self) -> list[tuple[str, str, str]]:
        found = []
        for number, line in enumerate(self.cleaned_data["aliases"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if len(parts) < 2:  # noqa: PLR2004 - statistics and name
                parts = ["", parts[0]]
            statistics, measure, *more = parts
            other = ";".join(sorted(part.strip() for part in "".join(more).split(";") if part))
            if not measure or len(more) > 1 or max(map(len, parts)) > 200 or len(statistics) > 40:  # noqa: PLR2004 - as the table keeps them
                raise forms.ValidationError(
                    _("Line %(number)s is no name in a source. Write: 12411 | BEVSTD")
                    % {"number": number}
                )
            found.append((statistics, measure, other))
        return found


class MinimumForm(VersionedForm):
    """The smallest number of cases that the public sees."""

    minimum = forms.IntegerField(
        label=gettext_lazy("Smallest number of cases that is shown"),
        help_text=gettext_lazy("Three is the least; a municipality may only raise it."),
        min_value=LEAST_MINIMUM,
        max_value=MOST_CASES,
    )
