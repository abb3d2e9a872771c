"""What people type about goals and their levels; the filter above their list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import LongList, RecordField, RecordsField, offer_records
from zusammenplan.core.german import like
from zusammenplan.core.periods import parse_period
from zusammenplan.plans.choices import GoalState
from zusammenplan.plans.domain.statuses import state_lacks_reason
from zusammenplan.plans.forms.base import FilterForm, RecordForm, long_text, mentions
from zusammenplan.plans.forms.links import LinkingForm, needs_to_choose
from zusammenplan.plans.models import (
    FieldOfAction,
    Goal,
    GoalLevel,
    GoalQuerySet,
    Measure,
    Plan,
)
from zusammenplan.plans.queries.goals import depths_to_stand_under, name_with_level


class GoalForm(LinkingForm):
    """A goal; whether it fits into the tree is decided by the action."""

    title_de = forms.CharField(
        label=gettext_lazy("Goal"),
        help_text=gettext_lazy("What shall be reached, as a state: “Everybody finds advice …”."),
        max_length=400,
    )
    text_de = forms.CharField(
        label=gettext_lazy("Explanation"), required=False, widget=long_text(5)
    )
    parent = RecordField(label=gettext_lazy("Goal above"))
    level = forms.ModelChoiceField(
        label=gettext_lazy("Level"),
        queryset=GoalLevel.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a level"),
    )
    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a field"),
    )
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=20)
    period_text = forms.CharField(
        label=gettext_lazy("Period"),
        help_text=gettext_lazy("For example “seit 2019”, “ab Mai 2027” or “2027–2029”."),
        required=False,
        max_length=60,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=GoalState.choices, initial=GoalState.PURSUED
    )
    state_reason = forms.CharField(
        label=gettext_lazy("Reason of the state"),
        help_text=gettext_lazy("Needed if the goal is reached, postponed or dropped."),
        required=False,
        max_length=300,
    )
    needs = RecordsField(label=gettext_lazy("Needs that it answers"))
    title_en = forms.CharField(
        label=gettext_lazy("The goal in English"), required=False, max_length=400
    )
    text_en = forms.CharField(
        label=gettext_lazy("Explanation in English"), required=False, widget=long_text(5)
    )
    names = (
        "title_de",
        "title_en",
        "text_de",
        "text_en",
        "parent",
        "level",
        "field",
        "number",
        "period_text",
        "state",
        "state_reason",
    )
    links = ("needs",)

    def __init__(self, *args: Any, plan: Plan, goal: Goal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_records(self, "level", plan.levels.order_by("depth"))
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        near = self.near_field()
        self.offer_part("needs", needs_to_choose(plan, near))
        self._offer_goals_above(plan, goal, near)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if state_lacks_reason(cleaned.get("state") or "", cleaned.get("state_reason") or ""):
            self.add_error("state_reason", _("Say in a few words why."))
        return cleaned

    def _offer_goals_above(self, plan: Plan, goal: Goal | None, near: Q | None) -> None:
        """Offer the goals under which this one may stand, indented as they stand in the tree."""
        depths = depths_to_stand_under(plan, but=goal)
        above = self.fields["parent"]
        if isinstance(above, RecordField):
            above.empty_label = _("none, it stands at the top")
            above.name_of = lambda one: like(
                one.title, "\u2003" * depths[one.pk] + name_with_level(one)
            )
        goals = plan.goals.filter(pk__in=depths).select_related("level").in_order()
        # The keys stand in the order of the tree.
        places = {pk: place for place, pk in enumerate(depths)}
        self.offer_part(
            "parent",
            LongList(
                records=goals,
                found=mentions,
                near=near,
                arrange=lambda shown: sorted(shown, key=lambda one: places[one.pk]),
            ),
        )

    def values(self) -> dict[str, Any]:
        """Give what the action saves; the days follow from the words."""
        period = parse_period(self.cleaned_data["period_text"])
        return {
            **super().values(),
            "period_text": period.text,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
        }


class TitleForm(forms.Form):
    """The title of a goal or measure alone, as the outline changes it in place."""

    title_de = forms.CharField(label=gettext_lazy("Title"), max_length=400)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewGoalForm(forms.Form):
    """A goal as the outline adds it: its title and level."""

    title_de = forms.CharField(label=gettext_lazy("Goal"), max_length=400)
    level = forms.ModelChoiceField(
        label=gettext_lazy("Level"),
        queryset=GoalLevel.objects.none(),
        required=False,
        empty_label=gettext_lazy("without a level"),
    )

    def __init__(self, *args: Any, plan: Plan, above: Goal | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = plan.levels.order_by("depth")
        if above and above.level:
            levels = levels.filter(depth__gt=above.level.depth)
        offer_records(self, "level", levels)
        self.fields["level"].initial = levels.first()


class NewMeasureForm(forms.Form):
    """A measure as the outline adds it: its number and title."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=20)
    title_de = forms.CharField(label=gettext_lazy("Measure"), max_length=400)


class LevelForm(RecordForm):
    """A level of goals."""

    name_de = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For example “Oberziel” or “Handlungsziel”."),
        max_length=60,
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), required=False, max_length=60)
    is_action = forms.BooleanField(
        label=gettext_lazy("Goals of this level are action goals: they are rated"), required=False
    )
    names = ("name_de", "name_en", "is_action")


class NewLevelForm(LevelForm):
    """A level to be added, with its place."""

    below = forms.ModelChoiceField(
        label=gettext_lazy("Below"),
        queryset=GoalLevel.objects.none(),
        required=False,
        empty_label=gettext_lazy("none, it becomes the top level"),
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = plan.levels.order_by("depth")
        offer_records(self, "below", levels)
        self.fields["below"].initial = levels.last()


LACKING = {
    "need": ~Exists(Goal.needs.through.objects.filter(goal=OuterRef("pk"))),
    "measure": ~Exists(Goal.objects.filter(parent=OuterRef("pk")))
    & ~Exists(Measure.goals.through.objects.filter(goal=OuterRef("pk"))),
}


class GoalFilter(FilterForm):
    """The filter above the tree of goals. Every field is optional."""

    field = forms.ModelChoiceField(
        label=gettext_lazy("Field of action"),
        queryset=FieldOfAction.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    level = forms.ModelChoiceField(
        label=gettext_lazy("Level"),
        queryset=GoalLevel.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[("", gettext_lazy("All")), *GoalState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "zp-input"}),
    )
    lacks = forms.ChoiceField(choices=[("", ""), *((key, key) for key in LACKING)], required=False)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan) -> None:
        super().__init__(data)
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        offer_records(self, "level", plan.levels.order_by("depth"))

    def apply(self, goals: GoalQuerySet) -> GoalQuerySet:
        """Narrow the goals; their order is that of the tree."""
        wanted = self.wanted
        if text := wanted.get("q"):
            goals = goals.filter(mentions(text))
        if lacks := wanted.get("lacks"):
            goals = goals.filter(LACKING[lacks])
        for name in ("field", "level", "state"):
            if name in wanted:
                goals = goals.filter(**{name: wanted[name]})
        return goals
