"""What people type about measures."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import LongList, RecordsField, offer_records
from zusammenplan.core.history import FieldChange
from zusammenplan.core.inputs import WrittenDayField
from zusammenplan.core.periods import parse_period
from zusammenplan.people.models import Organisation, User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.measures import LINKS
from zusammenplan.plans.choices import MeasureStatus, TermKind
from zusammenplan.plans.domain.goal_tree import in_tree_order
from zusammenplan.plans.domain.numbers import free_number
from zusammenplan.plans.domain.statuses import lacks_reason
from zusammenplan.plans.forms.base import RecordForm, long_text, mentions
from zusammenplan.plans.forms.links import field_name, needs_to_choose
from zusammenplan.plans.models import FieldOfAction, Plan, Term

LONGEST_NAME = 200


class MeasureForm(RecordForm):
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
        widget=long_text(5),
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
    goals = RecordsField(label=gettext_lazy("Goals that it serves"))
    needs = RecordsField(label=gettext_lazy("Needs that it answers"))
    areas = RecordsField(label=gettext_lazy("Planning areas"))
    target_groups = RecordsField(label=gettext_lazy("Target groups"))
    life_situations = RecordsField(label=gettext_lazy("Life situations"))
    partners = RecordsField(label=gettext_lazy("Partners"))
    new_partners = forms.CharField(
        label=gettext_lazy("Partners that are not in the list yet"),
        help_text=gettext_lazy("Several names with a semicolon between them. They are added."),
        required=False,
        max_length=1000,
    )
    contact = forms.ModelChoiceField(
        label=gettext_lazy("Person to ask"),
        help_text=gettext_lazy("Is asked to rate the measure. The name is not published."),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody named"),
    )
    starts_on = WrittenDayField(
        label=gettext_lazy("Begin"),
        help_text=gettext_lazy("For example 1.5.2027, Mai 2027 or 2027"),
        edge="first",
    )
    ends_on = WrittenDayField(
        label=gettext_lazy("End"), help_text=gettext_lazy("Leave empty if the end is open.")
    )
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
    status_on = WrittenDayField(
        label=gettext_lazy("Status since"),
        help_text=gettext_lazy("Leave empty for today if the status changes."),
        edge="first",
    )
    status_reason = forms.CharField(
        label=gettext_lazy("Reason of the status"),
        help_text=gettext_lazy(
            "Needed for partly done, not done, dropped and carried over. Everybody can read it."
        ),
        required=False,
        max_length=300,
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
        label=gettext_lazy("What shall change, in English"), required=False, widget=long_text(5)
    )
    title_easy = forms.CharField(
        label=gettext_lazy("Title in Leichte Sprache"), required=False, max_length=400
    )
    text_easy = forms.CharField(
        label=gettext_lazy("Text in Leichte Sprache"),
        help_text=gettext_lazy("Short sentences, each on a line of its own. Known words."),
        required=False,
        widget=long_text(6),
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
        "status_reason",
        "status_on",
        "source",
        "contact",
        "title_easy",
        "text_easy",
    )

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        today: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        offer_records(
            self, "contact", User.objects.filter(is_active=True).order_by("name", "email")
        )
        near = self.near_field()
        terms = list(Term.objects.order_by("position", "name_de"))
        self.offer_part("goals", _goals_to_choose(plan, near))
        self.offer_part("needs", needs_to_choose(plan, near))
        areas = Area.objects.own().still_there(localdate(), chosen=self.initial.get("areas", ()))
        self._offer("areas", (("", area) for area in areas.in_order()))
        self._offer("target_groups", _of_kind(terms, TermKind.TARGET_GROUP))
        self._offer("life_situations", _of_kind(terms, TermKind.LIFE_SITUATION))
        self._offer("partners", (("", one) for one in Organisation.objects.order_by("name")))

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        initial = super().initial_of(record)
        responsible = initial["responsible"]
        links = {
            name: list(getattr(record, name).order_by("pk").values_list("pk", flat=True))
            for name in LINKS
        }
        return {**initial, **links, "responsible": responsible.name if responsible else ""}

    @classmethod
    def initial_for(cls, plan: Plan, field: FieldOfAction | None) -> dict[str, Any]:
        """Suggest the field and the next number in it."""
        taken = plan.measures.values_list("number", flat=True)
        return {"field": field, "number": free_number(field.code if field else "", taken)}

    def clean(self) -> dict[str, Any]:
        if not {"starts_on", "ends_on", "period_text"} & set(self.errors):
            self._settle_period()
        self.demand_order("starts_on", "ends_on")
        self._settle_status()
        return self.cleaned_data

    def clean_new_partners(self) -> list[str]:
        """Give the names; none is longer than an organisation's name may be."""
        written = self.cleaned_data["new_partners"].replace("\n", ";").split(";")
        names = [name for part in written if (name := " ".join(part.split()))]
        too_long = next((name for name in names if len(name) > LONGEST_NAME), "")
        if too_long:
            raise forms.ValidationError(
                _("A name has at most %(limit)d characters. Put a semicolon between two names.")
                % {"limit": LONGEST_NAME}
            )
        return names

    def values(self) -> dict[str, Any]:
        """Give what the action saves: the columns, and what the measure is linked with."""
        links = {name: self.cleaned_data[name] for name in LINKS}
        links["partners"] = [*links["partners"], *self.cleaned_data["new_partners"]]
        return {**super().values(), **links}

    def clash_with(self, record: Model) -> list[FieldChange]:
        """Tell what somebody else linked meanwhile, too."""
        theirs = self.initial_of(record)
        found = super().clash_with(record)
        for name in LINKS:
            field = self.fields[name]
            mine = [one.pk for one in self.cleaned_data[name]]
            if isinstance(field, RecordsField) and set(mine) != set(theirs[name]):
                found.append(
                    FieldChange(
                        label=str(field.label),
                        old=", ".join(field.names(theirs[name])) or _("empty"),
                        new=", ".join(field.names(mine)) or _("empty"),
                    )
                )
        return found

    def _settle_status(self) -> None:
        """Demand the reason where a status needs one, and date a status that changes."""
        cleaned = self.cleaned_data
        if lacks_reason(cleaned.get("status", ""), cleaned.get("status_reason", "")):
            self.add_error("status_reason", _("This status needs a reason."))
        changed = set(self.changed_data)
        if "status" in changed and "status_on" not in changed and "status_on" not in self.errors:
            cleaned["status_on"] = self.today or cleaned.get("status_on")

    def _offer(self, name: str, records: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, RecordsField):
            field.offer(records)

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


def _goals_to_choose(plan: Plan, near: Q | None) -> LongList:
    """Give the goals as their tree stands, each below the name of its field of action."""
    return LongList(
        records=plan.goals.select_related("field").in_order(),
        found=mentions,
        near=near,
        group=lambda goal: field_name(goal.field),
        arrange=lambda goals: (goal for goal, _depth in in_tree_order(goals)),
    )


def _of_kind(terms: Iterable[Term], kind: TermKind) -> Iterator[tuple[str, Term]]:
    return (("", term) for term in terms if term.kind == kind)
