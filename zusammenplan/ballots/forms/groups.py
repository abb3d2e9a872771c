"""What planners and chairs type for a group: its way of voting, its opening."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.ballots.choices import OwnResult, TieRule, Way
from zusammenplan.ballots.forms.inputs import MomentInput, radios
from zusammenplan.ballots.models import Group, Round
from zusammenplan.core.forms import VersionedForm
from zusammenplan.meetings.models import Body

if TYPE_CHECKING:
    GroupModelForm = forms.ModelForm[Group]
else:
    GroupModelForm = forms.ModelForm

GROUP_SIGNS = ("x", "-", "o", "+")
GROUP_CHOICES: Mapping[str, type[TextChoices]] = {
    "way": Way,
    "own_result": OwnResult,
    "tie_rule": TieRule,
}
GROUP_RULES = ("way", "own_result", "tie_rule", "counts_marks")
"""What may not change any more once the group has opened."""


class GroupForm(VersionedForm, GroupModelForm):
    """A group of voters; how it votes only until it opens."""

    class Meta:
        model = Group
        fields = [
            "body",
            "name_de",
            "name_en",
            "mark",
            "way",
            "own_result",
            "tie_rule",
            "counts_marks",
            "present",
        ]
        help_texts = {
            "name_de": _("Leave empty to take the name of the body."),
            "mark": _("The sign of this group in the printed table, for example x or -."),
            "own_result": _("One value of the group goes into the common result."),
            "counts_marks": _(
                "Untick if only the grade with most marks is known, as in a table with one x for "
                "each measure."
            ),
            "present": _("With a show of hands: how many were in the room."),
        }

    names = tuple(Meta.fields)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        round_: Round,
        instance: Group | None = None,
        number: int = 0,
    ) -> None:
        super().__init__(data, instance=instance)
        self.round = round_
        self.is_frozen = self.instance.opens_at is not None
        body = self.fields["body"]
        if isinstance(body, forms.ModelChoiceField):
            body.queryset = Body.objects.order_by("name_de")
            body.empty_label = gettext("none: a circle for this vote only")
            body.label = gettext("Body")
        self.fields["name_de"].required = False
        if instance is None:
            self.fields["mark"].initial = GROUP_SIGNS[number % len(GROUP_SIGNS)]
            self.fields["way"].initial = Way.PERSONAL
        for name, choices in GROUP_CHOICES.items():
            self.fields[name] = radios(self.fields[name], choices)
        if self.is_frozen:
            for name in GROUP_RULES:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        body = values.get("body")
        if not values.get("name_de"):
            if body is None:
                self.add_error("name_de", gettext("Choose a body or give the group a name."))
            else:
                values["name_de"], values["name_en"] = body.name_de, body.name_en
        return values

    def validate_unique(self) -> None:
        """Leave it to the action, which knows about changes at the same moment."""

    def validate_constraints(self) -> None:
        """Leave it to the action as well."""


def group_facts(group: Group) -> list[dict[str, str]]:
    """Tell how the group votes, when it cannot change any more."""
    facts = [
        (_("Way of voting"), group.get_way_display()),
        (_("Own result"), group.get_own_result_display()),
        (_("When grades tie"), group.get_tie_rule_display()),
        (_("Marks are counted"), gettext("yes") if group.counts_marks else gettext("no")),
    ]
    return [{"label": str(label), "value": str(value)} for label, value in facts]


class OpenForm(forms.Form):
    """Until when a vote is open, if the clock shall end it."""

    closes_at = forms.DateTimeField(
        label=_("End"),
        required=False,
        widget=MomentInput(),
        help_text=_("Leave empty to close the vote by hand."),
    )

    def __init__(self, data: QueryDict | None = None, *, now: datetime) -> None:
        super().__init__(data)
        self.now = now

    def clean_closes_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["closes_at"]
        if moment is not None and moment <= self.now:
            raise ValidationError(gettext("The end must lie in the future."))
        return moment
