"""The filter of the measures."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from zusammenplan.core.choosing import offer_choices, offer_records
from zusammenplan.core.index import found
from zusammenplan.core.templatetags.zp import degree as written_degree
from zusammenplan.people.models import Organisation, User
from zusammenplan.people.queries.work import has_open_task
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_areas
from zusammenplan.plans.choices import MeasureStatus, TermKind
from zusammenplan.plans.domain.goal_tree import descendants, in_tree_order
from zusammenplan.plans.forms.base import FilterForm
from zusammenplan.plans.forms.typed import FIRST_YEAR, LAST_YEAR
from zusammenplan.plans.forms.widgets import PlainSelect
from zusammenplan.plans.models import (
    Cost,
    FieldOfAction,
    Goal,
    Measure,
    MeasureIndicator,
    MeasureQuerySet,
    Milestone,
    Need,
    Plan,
    Term,
)
from zusammenplan.plans.queries.costs import cost_sources

# By what the measures can be sorted; a minus in front turns the order round.
SORTS = {
    "number": (F("field__position").asc(nulls_last=True), F("position").asc(), F("pk").asc()),
    "-number": (F("field__position").desc(nulls_last=True), F("position").desc(), F("pk").desc()),
    "title": (F("title_de").asc(),),
    "-title": (F("title_de").desc(),),
    "degree": (F("priority_degree").asc(nulls_last=True),),
    "-degree": (F("priority_degree").desc(nulls_last=True),),
    "status": (F("status").asc(),),
    "-status": (F("status").desc(),),
    "responsible": (F("responsible__name").asc(nulls_last=True),),
    "-responsible": (F("responsible__name").desc(nulls_last=True),),
    "period": (F("starts_on").asc(nulls_last=True), F("ends_on").asc(nulls_last=True)),
    "-period": (F("starts_on").desc(nulls_last=True), F("ends_on").desc(nulls_last=True)),
    "cost": (F("cost").asc(nulls_last=True),),
    "-cost": (F("cost").desc(nulls_last=True),),
}


def _without(model: type[Model]) -> Q:
    return ~Q(Exists(model._default_manager.filter(measure=OuterRef("pk"))))


def _without_link(name: str) -> Q:
    links = getattr(Measure, name).through
    return ~Q(Exists(links.objects.filter(measure=OuterRef("pk"))))


LACKING: Mapping[str, Q] = {
    "priority": Q(priority_degree__isnull=True),
    "responsible": Q(responsible__isnull=True),
    "period": Q(period_text="", starts_on__isnull=True, ends_on__isnull=True),
    "field": Q(field__isnull=True),
    "goal": _without_link("goals"),
    "need": _without_link("needs"),
    "indicator": _without(MeasureIndicator),
    "milestone": _without(Milestone),
    "cost": _without(Cost),
    "text": Q(text_de=""),
}
LACKING_LABELS = {
    "priority": gettext_lazy("priority"),
    "responsible": gettext_lazy("responsible"),
    "period": gettext_lazy("period"),
    "field": gettext_lazy("field of action"),
    "goal": gettext_lazy("goal"),
    "need": gettext_lazy("need"),
    "indicator": gettext_lazy("indicator"),
    "milestone": gettext_lazy("milestone"),
    "cost": gettext_lazy("money"),
    "text": gettext_lazy("description"),
}
MILESTONE_LABELS = {
    "overdue": gettext_lazy("one is overdue"),
    "open": gettext_lazy("one is still open"),
}
ORDERS: list[tuple[str, Any]] = [
    ("", gettext_lazy("by number")),
    ("-number", gettext_lazy("by number, last first")),
    ("title", gettext_lazy("by title")),
    ("-title", gettext_lazy("by title, Z first")),
    ("degree", gettext_lazy("by priority, first grade first")),
    ("-degree", gettext_lazy("by priority, last grade first")),
    ("status", gettext_lazy("by status")),
    ("-status", gettext_lazy("by status, turned round")),
    ("responsible", gettext_lazy("by responsible")),
    ("-responsible", gettext_lazy("by responsible, Z first")),
    ("period", gettext_lazy("by begin")),
    ("-period", gettext_lazy("by begin, latest first")),
    ("cost", gettext_lazy("by costs, least first")),
    ("-cost", gettext_lazy("by costs, most first")),
    ("number", ""),
]
SHOWN = [
    ("", gettext_lazy("Table")),
    ("karten", gettext_lazy("Cards")),
    ("zeit", gettext_lazy("Timeline")),
]
ALL = gettext_lazy("All")
# A longer list of goals or needs is offered for one field of action at a time.
MOST_OPTIONS = 200


def _select() -> forms.Select:
    return PlainSelect(attrs={"class": "zp-input"})


def _one_of(label: Any, model: type[Model]) -> "forms.ModelChoiceField[Any]":
    return forms.ModelChoiceField(
        label=label,
        queryset=model._default_manager.none(),
        required=False,
        empty_label=ALL,
        widget=_select(),
    )


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", ALL), *choices], required=False, widget=_select()
    )


class MeasureFilter(FilterForm):
    """The filter above the list of measures. Every field is optional."""

    field = _one_of(gettext_lazy("Field of action"), FieldOfAction)
    status = _choice(gettext_lazy("Status"), MeasureStatus.choices)
    responsible = _one_of(gettext_lazy("Responsible"), Organisation)
    goal = _one_of(gettext_lazy("Goal and those below"), Goal)
    need = _one_of(gettext_lazy("Need and its goals"), Need)
    partner = _one_of(gettext_lazy("Partner"), Organisation)
    contact = _one_of(gettext_lazy("Person to ask"), User)
    money = _choice(gettext_lazy("Source of the money"), [])
    milestone = _choice(gettext_lazy("Milestones"), MILESTONE_LABELS.items())
    area = _one_of(gettext_lazy("Planning area"), Area)
    group = _one_of(gettext_lazy("Target group"), Term)
    situation = _one_of(gettext_lazy("Life situation"), Term)
    degree = forms.RegexField(
        r"^\d{1,3}(\.\d)?$", label=gettext_lazy("Priority"), required=False, widget=_select()
    )
    year = forms.IntegerField(
        label=gettext_lazy("Runs in the year"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        localize=False,
        widget=forms.TextInput(attrs={"class": "zp-input", "inputmode": "numeric"}),
    )
    lacks = _choice(gettext_lazy("Lacks"), LACKING_LABELS.items())
    task = _choice(gettext_lazy("Tasks"), [("open", gettext_lazy("has an open task"))])
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"), choices=ORDERS, required=False, widget=_select()
    )
    show = forms.ChoiceField(choices=SHOWN, required=False)
    ALWAYS = ("q", "field", "status", "responsible")
    MORE = (
        "goal",
        "need",
        "area",
        "group",
        "situation",
        "partner",
        "contact",
        "money",
        "milestone",
        "degree",
        "year",
        "lacks",
        "task",
    )
    SETTING = ("sort",)

    def __init__(self, data: Mapping[str, Any], *, plan: Plan, year: int | None = None) -> None:
        super().__init__(data)
        self.plan = plan
        self.cost_year = year or localdate().year
        theirs = plan.measures.order_by().values("responsible")
        terms = Term.objects.order_by("position", "name_de")
        offer_records(self, "field", plan.fields.order_by("position", "pk"))
        offer_records(
            self, "responsible", Organisation.objects.filter(pk__in=theirs).order_by("name")
        )
        partners = Measure.partners.through.objects.filter(measure__plan=plan)
        offer_records(
            self,
            "partner",
            Organisation.objects.filter(pk__in=partners.values("organisation")).order_by("name"),
        )
        contacts = plan.measures.order_by().values("contact")
        offer_records(self, "contact", User.objects.filter(pk__in=contacts).order_by("name"))
        if self.data.get("money") or self.data.get("mehr"):
            named = [(one, one) for one in cost_sources(plan.pk)]
            offer_choices(self, "money", [("", ALL), *named])
        offer_records(self, "goal", plan.goals.in_order())
        offer_records(self, "need", plan.needs.in_order())
        offer_records(self, "area", Area.objects.own())
        offer_choices(self, "area", lambda: [("", ALL), *choices_of_areas()])
        offer_records(self, "group", terms.filter(kind=TermKind.TARGET_GROUP))
        offer_records(self, "situation", terms.filter(kind=TermKind.LIFE_SITUATION))

    def _degrees(self) -> list[tuple[str, Any]]:
        given = self.plan.measures.order_by().values_list("priority_degree", flat=True)
        degrees = sorted({degree for degree in given.distinct() if degree is not None})
        return [("", ALL), *((str(degree), _plain(degree)) for degree in degrees)]

    def bounds(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def always(self) -> list[forms.BoundField]:
        return self.bounds(self.ALWAYS)

    @property
    def more(self) -> list[forms.BoundField]:
        """The further fields; goals come in the order of their tree, each as deep as it stands."""
        self.fields["degree"].widget.choices = self._degrees()
        goals, all_goals = self._offered("goal", self.plan.goals.in_order())
        tree = in_tree_order(goals.only("plan", "parent", "number", "title_de", "title_en"))
        self.fields["goal"].widget.choices = [
            ("", all_goals),
            *((goal.pk, f"{'– ' * depth}{goal}") for goal, depth in tree),
        ]
        needs, all_needs = self._offered("need", self.plan.needs.in_order())
        self.fields["need"].widget.choices = [
            ("", all_needs),
            *((need.pk, str(need)) for need in needs),
        ]
        self.fields["sort"].widget.choices = [(key, label) for key, label in ORDERS if str(label)]
        return self.bounds((*self.MORE, *self.SETTING))

    def _offered(self, name: str, records: QuerySet[Any]) -> tuple[QuerySet[Any], Any]:
        """Give what can be picked, of very many only those of the chosen field, and "all"."""
        if records.count() <= MOST_OPTIONS:
            return records, ALL
        field, chosen = self.wanted.get("field"), self.wanted.get(name)
        # What belongs to no field could never be found by one.
        near = Q(field=None) | Q(pk=chosen.pk if chosen else None)
        if field:
            return records.filter(near | Q(field=field)), ALL
        return records.filter(near), gettext_lazy("All (to pick one, first filter by a field)")

    @property
    def order(self) -> str:
        return str(self.wanted.get("sort", "number"))

    @property
    def narrowing(self) -> dict[str, str]:
        """Give what narrows the list, each in words."""
        wanted = self.wanted
        said = {}
        for name in (*self.ALWAYS, *self.MORE):
            value = wanted.get(name)
            if not value:
                continue
            field = self.fields[name]
            if name == "degree":
                value = _plain(Decimal(value))
            elif isinstance(field, forms.ChoiceField) and not isinstance(
                field, forms.ModelChoiceField
            ):
                value = dict(field.choices).get(value, value)  # type: ignore[arg-type] # no groups here
            said[name] = str(value)
        return said

    @property
    def in_words(self) -> list[str]:
        """Say what the list shows: what narrows it, its order and the way of showing."""
        said = [f"{self.fields[name].label}: {value}" for name, value in self.narrowing.items()]
        if order := dict(ORDERS).get(self.wanted.get("sort", "")):
            said.append(f"{self.fields['sort'].label}: {order}")
        return [*said, str(dict(SHOWN)[self.wanted.get("show", "")])]

    def apply(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        """Narrow the measures and put them in the wanted order."""
        wanted = self.wanted
        for name, narrow in NARROWING.items():
            if name in wanted:
                measures = measures.filter(narrow(wanted[name], self.plan))
        if "cost" in self.order:
            measures = with_cost(measures, self.cost_year)
        in_order = SORTS["-number" if self.order == "-number" else "number"]
        return measures.order_by(*SORTS[self.order], *in_order)


def with_cost(measures: MeasureQuerySet, year: int) -> MeasureQuerySet:
    """Add the costs of the year to each measure."""
    costs = Cost.objects.filter(measure=OuterRef("pk"), year=year).order_by().values("measure")
    return measures.annotate(cost=Subquery(costs.annotate(sum=Sum("amount")).values("sum")))


def _mentions(text: str, _plan: Plan) -> Q:
    measures, offices = found(Measure, text), found(Organisation, text)
    if measures is None or offices is None:
        # Nothing but stop words and signs: that narrows nothing.
        return Q()
    return Q(pk__in=measures) | Q(responsible__in=offices)


def _serves(goal: Goal, plan: Plan) -> Q:
    below = descendants(plan.goals.only("plan", "parent"), goal.pk)
    return Q(
        pk__in=Measure.goals.through.objects.filter(goal__in={goal.pk, *below}).values("measure")
    )


def _answers(need: Need, plan: Plan) -> Q:
    """Find what answers the need itself, and what serves a goal that does, as the thread tells."""
    goals = set(need.goals.values_list("pk", flat=True))
    if goals:
        places = list(plan.goals.only("plan", "parent"))
        goals = goals.union(*(descendants(places, pk) for pk in goals))
    return Q(pk__in=Measure.needs.through.objects.filter(need=need).values("measure")) | Q(
        pk__in=Measure.goals.through.objects.filter(goal__in=goals).values("measure")
    )


def _linked(name: str, column: str) -> Callable[[Any, Plan], Q]:
    def narrow(record: Model, _plan: Plan) -> Q:
        links = getattr(Measure, name).through.objects
        return Q(pk__in=links.filter(**{column: record.pk}).values("measure"))

    return narrow


def _runs_in(year: int, _plan: Plan) -> Q:
    has_begun = Q(starts_on__isnull=True) | Q(starts_on__year__lte=year)
    is_not_over = Q(ends_on__isnull=True) | Q(ends_on__year__gte=year)
    has_a_day = Q(starts_on__isnull=False) | Q(ends_on__isnull=False)
    return has_begun & is_not_over & has_a_day


def _has_milestone(which: str, _plan: Plan) -> Q:
    waiting = Milestone.objects.filter(measure=OuterRef("pk"), done_on=None)
    if which == "overdue":
        waiting = waiting.filter(due_on__lt=localdate())
    return Q(Exists(waiting))


def _has_open_task(_open: str, _plan: Plan) -> Q:
    """Find the measures with something to do on them, on a milestone or an indicator of theirs."""
    either = has_open_task(Measure)
    for model in (Milestone, MeasureIndicator):
        parts = model._default_manager.filter(has_open_task(model))
        either |= Q(pk__in=parts.values("measure"))
    return either


NARROWING: Mapping[str, Callable[[Any, Plan], Q]] = {
    "q": _mentions,
    "field": lambda field, _plan: Q(field=field),
    "status": lambda status, _plan: Q(status=status),
    "responsible": lambda office, _plan: Q(responsible=office),
    "goal": _serves,
    "need": _answers,
    "partner": _linked("partners", "organisation"),
    "contact": lambda person, _plan: Q(contact=person),
    "money": lambda source, _plan: Q(
        Exists(Cost.objects.filter(measure=OuterRef("pk"), source=source))
    ),
    "milestone": _has_milestone,
    "area": _linked("areas", "area"),
    "group": _linked("target_groups", "term"),
    "situation": _linked("life_situations", "term"),
    "degree": lambda degree, _plan: Q(priority_degree=Decimal(degree)),
    "year": _runs_in,
    "lacks": lambda what, _plan: LACKING[what],
    "task": _has_open_task,
}


def _plain(degree: Decimal) -> str:
    return str(written_degree(degree))
