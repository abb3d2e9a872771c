"""Make the next plan out of the old one and what was decided: one deed, all or nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext as _, ngettext
from simple_history.utils import bulk_create_with_history

from zusammenplan.core import index
from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.history import keep, noted
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.people.models import User
from zusammenplan.plans.actions.plans import free_slug
from zusammenplan.plans.actions.records import lock, raise_version_of
from zusammenplan.plans.choices import CarryKind, IndicatorKind
from zusammenplan.plans.domain.carrying import (
    GOES_ALONG,
    NEW_MEASURE_STATUS,
    OLD_GOAL_STATE,
    OLD_MEASURE_STATUS,
    OLD_NEED_STATE,
    Decision,
    cost_goes_along,
    is_over_before,
    nearest_kept,
)
from zusammenplan.plans.models import (
    Abbreviation,
    Block,
    CarryDecision,
    Chapter,
    Cost,
    FieldOfAction,
    Goal,
    GoalLevel,
    IndicatorValue,
    Measure,
    MeasureIndicator,
    MeasureRelation,
    Milestone,
    Need,
    NeedEvidence,
    Plan,
    PlanUpdate,
)
from zusammenplan.plans.queries.actual_values import tied_values

BATCH, MOST_KEYS = 200, 500
RecordT = TypeVar("RecordT", bound=models.Model)
Decisions = dict[int, CarryDecision]


class UndecidedError(Exception):
    """Nobody has decided yet what becomes of some records."""

    def __init__(self, number: int) -> None:
        super().__init__(
            ngettext(
                "%(number)d record is still undecided. Decide on it first.",
                "%(number)d records are still undecided. Decide on them first.",
                number,
            )
            % {"number": number}
        )


@in_one_snapshot
@without_collecting()
def make_successor(update: PlanUpdate, *, by: User | None, now: datetime) -> Plan:
    """
    Make the new plan; called again it gives the plan that was made.

    What goes along keeps its identity. The old plan's records are told what became of them; its
    status stays.

    :raises UndecidedError: if nobody has decided on some records yet
    """
    update = PlanUpdate.objects.select_for_update().get(pk=update.pk)
    if update.successor is not None:
        return update.successor
    old = lock(update.plan)
    work = Making(update, old, by=by, today=localdate(now))
    work.demand_decisions()
    new = work.make()
    work.tell_the_old_plan(new)
    update.successor, update.finished_at = new, now
    update.version += 1
    keep(
        update,
        by=by,
        deed=_("New plan made"),
        fields=["successor", "finished_at", "version"],
    )
    raise_version_of(old)
    return new


@dataclass
class Making:
    """The making of one new plan; the maps lead from a key of the old plan to the new record."""

    update: PlanUpdate
    old: Plan
    by: User | None
    today: date
    fields: dict[int | None, FieldOfAction] = field(default_factory=dict)
    levels: dict[int | None, GoalLevel] = field(default_factory=dict)
    needs: dict[int, Need] = field(default_factory=dict)
    goals: dict[int, Goal] = field(default_factory=dict)
    measures: dict[int, Measure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.decisions: dict[str, Decisions] = {kind: {} for kind in CarryKind}
        for decision in self.update.decisions.all():
            key = getattr(decision, f"{decision.kind}_id")
            self.decisions[decision.kind][key] = decision
        self.old_needs = list(self.old.needs.in_order())
        self.old_goals = list(self.old.goals.in_order())
        self.old_measures = list(self.old.measures.select_for_update(of=("self",)).in_order())

    def demand_decisions(self) -> None:
        undecided = sum(
            record.pk not in self.decisions[kind]
            for kind, records in self._old_records()
            for record in records
        )
        if undecided:
            raise UndecidedError(undecided)

    def make(self) -> Plan:
        new = self._plan()
        self.new = new
        self._fields_and_levels()
        self._needs()
        self._goals()
        self._measures()
        self._milestones_and_costs()
        self._indicators()
        self._relations()
        if self.update.copies_chapters:
            self._chapters()
        for found in (self.needs, self.goals, self.measures):
            index.note_all(found.values())
        # Not the copies in hand: a chapter is found by its blocks too.
        index.note_all(new.chapters.prefetch_related("blocks"))
        return new

    def tell_the_old_plan(self, new: Plan) -> None:
        """Give the old records the status and the reason that follow from the decision."""
        carried = _("Carried on in “%(plan)s”") % {"plan": new.title_de}
        for kind, records in self._old_records():
            changed = [record for record in records if self._settle(kind, record, carried=carried)]
            names = (
                ["status", "status_reason", "status_on", "version"]
                if kind == CarryKind.MEASURE
                else ["state", "state_reason", "version"]
            )
            if changed:
                self._save_alike(changed, names)

    def _save_alike(self, changed: Sequence[Any], names: Sequence[str]) -> None:
        """Save the records, those with the same words together, and note it in their history."""
        model = type(changed[0])
        alike: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for record in changed:
            alike[tuple(getattr(record, name) for name in names)].append(record.pk)
        for values, keys in alike.items():
            for start in range(0, len(keys), MOST_KEYS):
                told = dict(zip(names, values, strict=True))
                model.objects.filter(pk__in=keys[start : start + MOST_KEYS]).update(**told)
        model.history.bulk_history_create(
            changed,
            batch_size=BATCH,
            update=True,
            default_user=self.by,
            default_change_reason=noted(_("Plan written anew")),
        )

    def _settle(self, kind: CarryKind, record: Any, *, carried: str) -> bool:
        decision = self.decisions[kind][record.pk]
        choice = Decision(decision.choice)
        if kind == CarryKind.MEASURE:
            status = OLD_MEASURE_STATUS[choice]
            if record.status == status and not decision.reason:
                return False
            reason = decision.reason or (carried if choice in GOES_ALONG else "")
            if choice == Decision.POSTPONE and not reason:
                reason = _("Postponed when the plan was written anew")
            record.status, record.status_reason = status, reason
            record.status_on = self.today
        else:
            states = OLD_NEED_STATE if kind == CarryKind.NEED else OLD_GOAL_STATE
            state = states.get(choice)
            if state is None or (record.state == state and not decision.reason):
                return False
            record.state, record.state_reason = state, decision.reason
        record.version += 1
        return True

    def _old_records(self) -> list[tuple[CarryKind, Sequence[Any]]]:
        return [
            (CarryKind.NEED, self.old_needs),
            (CarryKind.GOAL, self.old_goals),
            (CarryKind.MEASURE, self.old_measures),
        ]

    def _along(self, kind: CarryKind, records: Sequence[RecordT]) -> list[RecordT]:
        return [
            record
            for record in records
            if Decision(self.decisions[kind][record.pk].choice) in GOES_ALONG
        ]

    def _plan(self) -> Plan:
        update, old = self.update, self.old
        plan = Plan(
            slug=free_slug(update.title_de),
            title_de=update.title_de,
            title_en=update.title_en,
            starts_on=update.starts_on,
            ends_on=update.ends_on,
            predecessor=old,
            scale_kind=old.scale_kind,
            own_scale=old.own_scale,
            first_chapter=old.first_chapter,
        )
        deed = _("Made from “%(plan)s”") % {"plan": old.title_de}
        return keep(plan, by=self.by, deed=deed)

    def _fields_and_levels(self) -> None:
        self.fields = self._copies(self.old.fields.order_by("position", "pk"), plan=self.new)
        self.levels = self._copies(self.old.levels.order_by("depth"), plan=self.new)

    def _needs(self) -> None:
        along = self._along(CarryKind.NEED, self.old_needs)
        self.needs = self._copies(
            along,
            plan=self.new,
            field=lambda old: self.fields.get(old.field_id),
            state="open",
            state_reason="",
        )
        self._copies(
            NeedEvidence.objects.filter(need__in=self.needs).order_by("need", "position", "pk"),
            need=lambda old: self.needs[old.need_id],
        )
        for name in ("areas", "target_groups", "life_situations"):
            self._link(Need, name, self.needs)

    def _goals(self) -> None:
        along = self._along(CarryKind.GOAL, self.old_goals)
        self.goals = self._copies(
            along,
            plan=self.new,
            parent=None,
            level=lambda old: self.levels.get(old.level_id),
            field=lambda old: self.fields.get(old.field_id),
            state="pursued",
            state_reason="",
            **self._period(),
        )
        parents = {goal.pk: goal.parent_id for goal in self.old_goals}
        kept = set(self.goals)
        placed = []
        for key, goal in self.goals.items():
            above = nearest_kept(key, parents, kept)
            if above is not None:
                goal.parent = self.goals[above]
                placed.append(goal)
        # The tree is part of the goals' making; their first entry in the history tells of it.
        Goal.objects.bulk_update(placed, ["parent"], batch_size=BATCH)
        self._link(Goal, "needs", self.goals, self.needs)

    def _measures(self) -> None:
        along = self._along(CarryKind.MEASURE, self.old_measures)
        self.measures = self._copies(
            along,
            plan=self.new,
            field=lambda old: self.fields.get(old.field_id),
            status=lambda old: NEW_MEASURE_STATUS[old.status],
            status_reason="",
            status_on=None,
            is_additional=False,
            priority_degree=None,
            priority_round="",
            priority_round_en="",
            priority_on=None,
            **self._period(),
        )
        for name in ("partners", "areas", "target_groups", "life_situations"):
            self._link(Measure, name, self.measures)
        self._link(Measure, "goals", self.measures, self.goals)
        self._link(Measure, "needs", self.measures, self.needs)

    def _milestones_and_costs(self) -> None:
        self._copies(
            Milestone.objects.filter(measure__in=self.measures, done_on__isnull=True).order_by(
                "measure", "position", "pk"
            ),
            measure=lambda old: self.measures[old.measure_id],
        )
        costs = Cost.objects.filter(measure__in=self.measures).order_by("pk")
        start, end = self.update.starts_on, self.update.ends_on
        self._copies(
            [cost for cost in costs if cost_goes_along(cost.year, start, end)],
            measure=lambda old: self.measures[old.measure_id],
        )

    def _indicators(self) -> None:
        """Copy the indicators that are still open; a verbal one that is reached stays behind."""
        indicators = [
            one
            for one in MeasureIndicator.objects.filter(measure__in=self.measures).order_by(
                "measure", "position", "pk"
            )
            if one.kind == IndicatorKind.NUMERIC or one.reached_on is None
        ]
        last = {}
        if self.update.sets_baselines:
            values = IndicatorValue.objects.filter(indicator__measure__in=self.measures)
            last = {value.indicator_id: value for value in values.order_by("on")}
            last |= {pk: tied[-1] for pk, tied in tied_values(indicators).items() if tied}
        self._copies(
            indicators,
            measure=lambda old: self.measures[old.measure_id],
            baseline=lambda old: last[old.pk].value if old.pk in last else old.baseline,
            baseline_on=lambda old: last[old.pk].on if old.pk in last else old.baseline_on,
        )

    def _relations(self) -> None:
        """Copy the relations to measures that go along, and those to other plans."""
        relations = MeasureRelation.objects.filter(measure__in=self.measures).select_related(
            "other"
        )
        self._copies(
            [
                one
                for one in relations.order_by("pk")
                if one.other_id in self.measures or one.other.plan_id != self.old.pk
            ],
            measure=lambda old: self.measures[old.measure_id],
            other=lambda old: self.measures.get(old.other_id, old.other),
        )

    def _chapters(self) -> None:
        chapters = list(self.old.chapters.order_by("position", "pk"))
        made = self._copies(
            chapters,
            plan=self.new,
            parent=None,
            field=lambda old: self.fields.get(old.field_id),
        )
        placed = []
        for chapter in chapters:
            if chapter.parent_id is not None:
                made[chapter.pk].parent = made[chapter.parent_id]
                placed.append(made[chapter.pk])
        Chapter.objects.bulk_update(placed, ["parent"], batch_size=BATCH)
        self._copies(
            Block.objects.filter(chapter__in=made).order_by("chapter", "position", "pk"),
            chapter=lambda old: made[old.chapter_id],
        )
        self._copies(Abbreviation.objects.filter(plan=self.old), plan=self.new)

    def _period(self) -> dict[str, Any]:
        """Leave out a period that is over when the new plan begins."""
        start = self.update.starts_on

        def unless_over(name: str, empty: object) -> Any:
            return lambda old: empty if is_over_before(old.ends_on, start) else getattr(old, name)

        return {
            "period_text": unless_over("period_text", ""),
            "starts_on": unless_over("starts_on", None),
            "ends_on": unless_over("ends_on", None),
        }

    def _copies(self, records: Iterable[RecordT], **values: Any) -> dict[Any, RecordT]:
        """Copy the records with some values set anew; give the copies by the old keys."""
        originals = list(records)
        if not originals:
            return {}
        copies = [self._copy(record, values) for record in originals]
        bulk_create_with_history(
            copies,
            type(copies[0]),
            batch_size=BATCH,
            default_user=self.by,
            default_change_reason=noted(self._deed),
        )
        return {old.pk: copy for old, copy in zip(originals, copies, strict=True)}

    def _copy(self, record: RecordT, values: dict[str, Any]) -> RecordT:
        given: dict[str, Any] = {
            column.attname: getattr(record, column.attname)
            for column in record._meta.concrete_fields
            if not column.primary_key and column.name not in values
        }
        made = {name: value(record) if callable(value) else value for name, value in values.items()}
        return type(record)(**{**given, "version": 1, **made})

    @property
    def _deed(self) -> str:
        return (_("Taken along from “%(plan)s”") % {"plan": self.old.title_de})[:100]

    def _link(
        self,
        model: type[Need | Goal | Measure],
        name: str,
        sources: dict[int, Any],
        targets: dict[int, Any] | None = None,
    ) -> None:
        """Copy the links of many to many; to records of the plan only those that went along."""
        relation: Any = model._meta.get_field(name)
        through = relation.remote_field.through
        source, target = (
            f"{relation.m2m_field_name()}_id",
            f"{relation.m2m_reverse_field_name()}_id",
        )
        links = through.objects.filter(**{f"{relation.m2m_field_name()}__in": list(sources)})
        through.objects.bulk_create(
            [
                through(
                    **{
                        source: sources[getattr(link, source)].pk,
                        target: targets[found].pk if targets is not None else found,
                    }
                )
                for link in links.order_by("pk")
                if (found := getattr(link, target)) is not None
                and (targets is None or found in targets)
            ],
            batch_size=BATCH,
        )
