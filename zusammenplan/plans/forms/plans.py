"""What people type about plans and fields of action."""

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.plans.actions import RESERVED_SLUGS
from zusammenplan.plans.domain.numbers import next_code
from zusammenplan.plans.forms.base import RecordForm, day_field, long_text
from zusammenplan.plans.models import Plan


class PlanForm(RecordForm):
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
        widget=long_text(),
    )
    starts_on = day_field(gettext_lazy("Begin"), edge="first")
    ends_on = day_field(
        gettext_lazy("End"), gettext_lazy("Leave empty if the end is open."), edge="last"
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
        label=gettext_lazy("Summary in English"), required=False, widget=long_text()
    )
    names = (
        "title_de",
        "title_en",
        "summary_de",
        "summary_en",
        "starts_on",
        "ends_on",
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


class FieldForm(RecordForm):
    """A field of action."""

    code = forms.CharField(
        label=gettext_lazy("Number or letter"),
        help_text=gettext_lazy("For example 2, 2.2 or A."),
        max_length=20,
    )
    name_de = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    text_de = forms.CharField(
        label=gettext_lazy("What it is about"), required=False, widget=long_text()
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=200)
    text_en = forms.CharField(
        label=gettext_lazy("What it is about, in English"), required=False, widget=long_text()
    )
    names = ("code", "name_de", "name_en", "text_de", "text_en")

    @classmethod
    def initial_for(cls, plan: Plan) -> dict[str, Any]:
        """Suggest the next code of the plan."""
        return {"code": next_code(plan.fields.values_list("code", flat=True))}
