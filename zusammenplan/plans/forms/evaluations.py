"""What planners and those who are asked type about evaluations."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from zusammenplan.core.choosing import keys_in, offer_records
from zusammenplan.core.inputs import DayInput, SeveralRecordsField
from zusammenplan.people.models import User
from zusammenplan.plans.actions.ratings import Verdict
from zusammenplan.plans.choices import RatingState, ScaleKind
from zusammenplan.plans.domain.attainment import OWN, Said, Scale, ScaleError, scale_of
from zusammenplan.plans.forms.base import RecordForm, day_field, long_text
from zusammenplan.plans.models import Evaluation, Goal, Measure, Plan, RatingRequest
from zusammenplan.plans.queries.attainment_words import language, scale_error_text
from zusammenplan.plans.queries.evaluations import Given, PlanThings, goals_to_rate

LINK_DAYS = 30
LINK_DAYS_AT_MOST = 366
WIDEST_TEXT = 4000
# Of more measures and goals nobody unticks one by one in a single list.
MOST_TICKED = 300


class ScaleForm(RecordForm):
    """The scale on which a plan is rated."""

    scale_kind = forms.ChoiceField(
        label=gettext_lazy("Scale"),
        choices=[
            (
                ScaleKind.FOUR_STEPS,
                gettext_lazy("Four steps: fully, mostly, partly, not attained"),
            ),
            (ScaleKind.TRAFFIC_LIGHT, gettext_lazy("Traffic light: green, amber, red")),
            (ScaleKind.PERCENTAGE, gettext_lazy("Percentage from 0 to 100")),
            (ScaleKind.OWN, gettext_lazy("Own scale")),
        ],
        widget=forms.RadioSelect,
    )
    own_scale = forms.CharField(
        label=gettext_lazy("Steps of the own scale"),
        help_text=gettext_lazy(
            "One step a line, the best one first, two to ten steps. The steps lie equally far "
            "apart. If one shall stand for another share, write it at the end: “well on its way "
            "= 80 %”."
        ),
        required=False,
        max_length=1000,
        widget=long_text(6),
    )
    names = ("scale_kind", "own_scale")

    def clean(self) -> dict[str, Any]:
        kind, own = self.cleaned_data.get("scale_kind"), self.cleaned_data.get("own_scale", "")
        if kind == OWN:
            try:
                scale_of(kind, own)
            except ScaleError as refusal:
                self.add_error("own_scale", scale_error_text(refusal))
        return self.cleaned_data


class EvaluationForm(RecordForm):
    """A round's own facts."""

    title_de = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy("For example “Interim evaluation 2029”."),
    )
    due_on = day_field(
        gettext_lazy("Ratings until"),
        gettext_lazy("Those who are asked see this day. Ratings count until the check begins."),
        edge="last",
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=200
    )
    names = ("title_de", "title_en", "due_on")


class ItemsForm(forms.Form):
    """What is rated in a new round; of a very large plan the usual things, without a choice."""

    measures = SeveralRecordsField(Measure.objects.none(), required=False)
    goals = SeveralRecordsField(Goal.objects.none(), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, plan: Plan, chosen: Evaluation | None = None
    ) -> None:
        super().__init__(data)
        self.plan = plan
        self.chosen = chosen
        self.is_too_long = plan.measures.count() + plan.goals.count() > MOST_TICKED
        for name, records in (("measures", plan.measures), ("goals", plan.goals)):
            offer_records(self, name, records.all())

    def clean(self) -> dict[str, Any]:
        if self.is_too_long:
            measures, goals = self._usual()
            self.cleaned_data = {
                "measures": self.plan.measures.filter(pk__in=measures),
                "goals": self.plan.goals.filter(pk__in=goals),
            }
        if not self.cleaned_data.get("measures") and not self.cleaned_data.get("goals"):
            self.add_error(None, _("Choose at least one measure or goal that is rated."))
        return self.cleaned_data

    def picked(self) -> tuple[set[int], set[int]]:
        """Give the keys of the measures and goals that are ticked on the page."""
        if self.is_bound:
            return _keys(self.data, "measures"), _keys(self.data, "goals")
        return self._usual()

    def _usual(self) -> tuple[set[int], set[int]]:
        if self.chosen is not None:
            items = list(self.chosen.items.values_list("measure_id", "goal_id"))
            return {m for m, _g in items if m}, {g for _m, g in items if g}
        measures = set(self.plan.measures.values_list("pk", flat=True))
        return measures, {goal.pk for goal in goals_to_rate(self.plan)}


class ScopeForm(forms.Form):
    """
    What is rated of the measures and goals on one page of the scope.

    The page says what it showed, so that everything else stays as it is.
    """

    def __init__(
        self, data: QueryDict | None = None, *, evaluation: Evaluation, found: PlanThings
    ) -> None:
        super().__init__(data)
        self.found = found
        items = list(evaluation.items.values_list("measure_id", "goal_id"))
        self.measures = {measure for measure, _goal in items if measure}
        self.goals = {goal for _measure, goal in items if goal}

    def clean(self) -> dict[str, Any]:
        """Give all that is rated from now on."""
        plan, deed = self.found.plan, self.data.get("deed", "")
        chosen = {}
        for name, before, records in (
            ("measures", self.measures, self.found.measures),
            ("goals", self.goals, self.found.goals),
        ):
            if deed in {"all", "none"}:
                shown = set(records.values_list("pk", flat=True))
                ticked = shown if deed == "all" else set()
            else:
                shown, ticked = _keys(self.data, f"shown_{name}"), _keys(self.data, name)
            chosen[name] = getattr(plan, name).filter(pk__in=(before - shown) | ticked)
        return chosen


def _keys(data: Any, name: str) -> set[int]:
    return keys_in(data.getlist(name))


class RatingForm(forms.Form):
    """What somebody says of one measure or goal."""

    choice = forms.ChoiceField(label=gettext_lazy("Degree of attainment"), required=False)
    percent = forms.CharField(
        label=gettext_lazy("Percent attained"),
        help_text=gettext_lazy("A number from 0 to 100."),
        required=False,
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "zp-input--num"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason of the rating"),
        help_text=gettext_lazy("What was done, what came of it? Two or three sentences."),
        max_length=WIDEST_TEXT,
        required=False,
        widget=long_text(3),
    )
    evidence = forms.CharField(
        label=pgettext_lazy("what shows it", "Evidence"),
        help_text=gettext_lazy("For example numbers, a report, a web address."),
        required=False,
        max_length=WIDEST_TEXT,
        widget=long_text(2),
    )
    why = forms.CharField(
        label=gettext_lazy("Why do you change the rating?"),
        help_text=gettext_lazy("Stays in the history, next to what stood there before."),
        max_length=70,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        scale: Scale,
        given: Given | None = None,
        prefix: str | None = None,
        demands_why: bool = False,
    ) -> None:
        self.scale = scale
        super().__init__(data, prefix=prefix, initial=_initial(scale, given))
        self.demands_why = demands_why
        if not demands_why:
            del self.fields["why"]
        if not scale.is_percentage:
            del self.fields["percent"]
        self.fields["choice"] = forms.ChoiceField(
            label=_("Degree of attainment"),
            choices=_choices(scale),
            required=False,
            widget=forms.RadioSelect,
        )
        self.order_fields(["choice", "percent", "reason", "evidence", "why", "version"])
        self.theirs: Given | None = None

    @property
    def is_untouched(self) -> bool:
        """Tell whether nothing was entered or changed."""
        changed = {name for name in self.changed_data if name not in {"version", "why"}}
        return not changed

    @property
    def seen_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        choice = values.get("choice")
        if self.scale.is_percentage:
            choice = values["choice"] = choice or (
                RatingState.RATED if values.get("percent") else ""
            )
        if not choice:
            self.add_error("choice", _("Choose a step, or say that it cannot be assessed."))
        if choice == RatingState.RATED and "percent" in self.fields:
            self._clean_percent(values)
        if not values.get("reason", "").strip():
            self.add_error("reason", _("Please give a reason in a few words."))
        if self.demands_why and not values.get("why", "").strip():
            self.add_error("why", _("Say in a few words why you change it."))
        return values

    def _clean_percent(self, values: dict[str, Any]) -> None:
        text = values.get("percent", "").replace(",", ".").replace("%", "").strip()
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number <= 100:  # noqa: PLR2004 - percent
            self.add_error("percent", _("Write a number from 0 to 100, such as 75."))
        elif number != number.quantize(Decimal("0.01")):
            self.add_error("percent", _("Two decimals are enough."))
        else:
            values["share"] = Fraction(number) / 100

    def verdict(self) -> Verdict:
        """Give what the action keeps."""
        values = self.cleaned_data
        choice = str(values["choice"])
        share = values.get("share")
        state = choice
        if choice.startswith("s"):
            state, share = RatingState.RATED, self.scale.steps[int(choice[1:])].share
        elif choice != RatingState.RATED:
            share = None
        return Verdict(str(state), share, values["reason"], values.get("evidence", ""))

    def show_clash(self, theirs: Given) -> None:
        """Keep what was typed, show what somebody else saved, and let the next save decide."""
        self.theirs = theirs
        self.data = {**{key: self.data[key] for key in self.data}}
        self.data[self.add_prefix("version")] = str(theirs.version)


def _choices(scale: Scale) -> list[tuple[str, str]]:
    apart = [
        (str(state.value), str(state.label))
        for state in (RatingState.NOT_ASSESSABLE, RatingState.DROPPED)
    ]
    if scale.is_percentage:
        return [(str(RatingState.RATED.value), _("attained in percent")), *apart]
    steps = [(f"s{place}", step.say(language())) for place, step in enumerate(scale.steps)]
    return [*steps, *apart]


def _initial(scale: Scale, given: Given | None) -> dict[str, Any]:
    if given is None:
        return {"version": 0}
    return {
        "choice": _choice_of(scale, given.said),
        "percent": _percent_of(given.said),
        "reason": given.reason,
        "evidence": given.evidence,
        "version": given.version,
    }


def _choice_of(scale: Scale, said: Said) -> str:
    if said.share is None or scale.is_percentage:
        return str(said.state or "")
    return f"s{scale.band_of(said.share)}"


def _percent_of(said: Said) -> str:
    if said.share is None:
        return ""
    text = f"{float(said.share * 100):.2f}".rstrip("0").rstrip(".")
    return text if language().startswith("en") else text.replace(".", ",")


class PersonForm(forms.Form):
    """One more person who is asked."""

    user = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("User account"),
        required=False,
        empty_label=gettext_lazy("no account"),
        help_text=gettext_lazy("Or a name and an address below."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("For sending the personal link."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        offer_records(self, "user", User.objects.filter(is_active=True).order_by("name", "email"))

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not values.get("user") and not (values.get("name") or "").strip():
            self.add_error("name", _("Say who is asked: choose an account or write a name."))
        return values


class AssignForm(forms.Form):
    """Who is asked about the picked measures and goals."""

    pick = forms.TypedMultipleChoiceField(coerce=int, required=False)
    person = forms.ModelChoiceField(RatingRequest.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, evaluation: Evaluation) -> None:
        super().__init__(data)
        picks = self.fields["pick"]
        if isinstance(picks, forms.TypedMultipleChoiceField):
            picks.choices = [
                (str(pk), str(pk)) for pk in evaluation.items.values_list("pk", flat=True)
            ]
        offer_records(self, "person", evaluation.requests.all())


class RatingLinksForm(forms.Form):
    """For whom links are made, how long they work, and how they are handed over."""

    people = SeveralRecordsField(
        RatingRequest.objects.none(),
        label=gettext_lazy("Persons"),
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Links work until"),
        error_messages={"required": gettext_lazy("Please say until when the links work.")},
        widget=DayInput(),
        help_text=gettext_lazy("The whole day is included."),
    )
    deed = forms.ChoiceField(
        choices=[("mail", "mail"), ("show", "show"), ("remind", "remind"), ("revoke", "revoke")]
    )

    def __init__(
        self, data: QueryDict | None = None, *, evaluation: Evaluation, now: datetime
    ) -> None:
        today = localtime(now).date()
        last = max(evaluation.due_on or today, today) + timedelta(days=LINK_DAYS)
        super().__init__(data, initial={"until": last})
        self.today = today
        offer_records(
            self,
            "people",
            evaluation.requests.select_related("invitation", "user", "evaluation__plan").order_by(
                "name", "pk"
            ),
        )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        until: date | None = values.get("until")
        if values.get("deed") == "revoke":
            self.errors.pop("until", None)
        elif until is not None:
            if until < self.today:
                self.add_error("until", _("The day must not lie in the past."))
            elif until > self.today + timedelta(days=LINK_DAYS_AT_MOST):
                self.add_error("until", _("A personal link works for a year at most."))
            else:
                midnight = datetime.combine(until + timedelta(days=1), time())
                values["expires_at"] = timezone.make_aware(midnight)
        return values
