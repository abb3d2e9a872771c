"""What people choose to cite a value of the data."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import offer_choices
from zusammenplan.indicators.models import Figure, Indicator
from zusammenplan.indicators.queries.words import period_text
from zusammenplan.places.models import Area
from zusammenplan.plans.models import Need
from zusammenplan.plans.queries.citations import figures_to_cite, value_words
from zusammenplan.plans.queries.data_choices import choices_of_all_areas, choices_of_indicators


class SeekForm(forms.Form):
    """Of which indicator and area a value shall be cited."""

    indikator: Any = forms.ModelChoiceField(
        label=gettext_lazy("Indicator"), queryset=Indicator.objects.in_order()
    )
    gebiet: Any = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=Area.objects.in_order()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(
            self, "indikator", choices_of_indicators(_("Please choose"), with_values=True)
        )
        offer_choices(self, "gebiet", choices_of_all_areas(_("Please choose")))


class CiteForm(forms.Form):
    """Which value is cited, and what is said about it."""

    wert = forms.ChoiceField(label=gettext_lazy("Period and value"))
    text_de = forms.CharField(
        label=gettext_lazy("What it says"),
        help_text=gettext_lazy(
            "In your words and without the number, which stands beside it. Left empty, it is the "
            "name of the indicator."
        ),
        required=False,
        max_length=400,
    )
    text_en = forms.CharField(
        label=gettext_lazy("What it says, in English"), required=False, max_length=400
    )

    def __init__(self, *args: Any, indicator: int, area: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figures = {str(one.pk): one for one in figures_to_cite(indicator, area)}
        offer_choices(self, "wert", [(pk, _told(one)) for pk, one in self.figures.items()])

    @property
    def figure(self) -> Figure:
        return self.figures[self.cleaned_data["wert"]]

    def values(self) -> dict[str, Any]:
        """Give what the action keeps beside the value."""
        return {"kind": "statistic"} | {
            name: self.cleaned_data[name] for name in ("text_de", "text_en")
        }


class ChooseNeedForm(forms.Form):
    """For which need a value found in the data is evidence."""

    bedarf: Any = forms.ModelChoiceField(
        label=gettext_lazy("Need"), queryset=Need.objects.select_related("plan")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needs = Need.objects.select_related("plan").order_by("-plan__starts_on", "plan", "position")
        groups = groupby(needs, key=lambda one: one.plan)
        offer_choices(
            self,
            "bedarf",
            [
                ("", _("Please choose")),
                *((plan.title, [(one.pk, str(one)) for one in some]) for plan, some in groups),
            ],
        )


def _told(figure: Figure) -> str:
    words = {
        "period": period_text(figure.starts_on, figure.ends_on),
        "value": value_words(figure.value or Decimal(0), figure.indicator),
    }
    return _("%(period)s: %(value)s") % words
