"""Tell how a measure stands to another one."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zusammenplan.people.models import User
from zusammenplan.plans.actions.parts import change_part, keep_part, remove_part
from zusammenplan.plans.actions.records import raise_version_of
from zusammenplan.plans.choices import RelationKind
from zusammenplan.plans.models import Measure, MeasureRelation


class SameMeasureError(Exception):
    """A measure is to stand in relation to itself."""

    def __init__(self) -> None:
        super().__init__(_("A measure has no relation to itself. Choose another one."))


class RelationKnownError(Exception):
    """The two measures stand in this relation already, from one side or the other."""

    def __init__(self, other: Measure) -> None:
        super().__init__(
            _("This relation to “%(other)s” is noted already, perhaps there. Look at both pages.")
            % {"other": other}
        )


@transaction.atomic
def add_relation(
    measure: Measure, kind: RelationKind, other: Measure, *, note: str = "", by: User | None
) -> MeasureRelation:
    """
    Note how the measure stands to another one, which may belong to another plan.

    :raises SameMeasureError: if both are the same
    :raises RelationKnownError: if this is noted already, from either side
    """
    _demand_new(measure, kind, other)
    relation = MeasureRelation(measure=measure, kind=kind, other=other, note=note)
    keep_part(relation, measure, by=by, deed=_("Relation added"))
    if other.plan_id != measure.plan_id:
        raise_version_of(other.plan)
    return relation


@transaction.atomic
def change_relation(
    relation: MeasureRelation,
    *,
    kind: RelationKind,
    note: str,
    seen_version: int,
    by: User | None,
) -> MeasureRelation:
    """
    Change the kind of a relation or its note.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises RelationKnownError: if the two stand in the new relation already
    """
    if kind != relation.kind:
        _demand_new(relation.measure, kind, relation.other)
    change_part(
        relation,
        {"kind": kind, "note": note},
        relation.measure,
        seen_version=seen_version,
        by=by,
        deed=_("Relation changed"),
    )
    raise_version_of(relation.other.plan)
    return relation


@transaction.atomic
def remove_relation(relation: MeasureRelation, *, reason: str, by: User | None) -> None:
    """
    Remove a relation; both measures stay.

    :raises ReasonMissingError: if no reason is given
    """
    other_plan = relation.other.plan
    remove_part(relation, relation.measure, reason=reason, by=by)
    raise_version_of(other_plan)


def _demand_new(measure: Measure, kind: RelationKind, other: Measure) -> None:
    if measure.pk == other.pk:
        raise SameMeasureError
    # Two people may note the same from both sides at once; both rows are held, in one order.
    list(Measure.objects.select_for_update().filter(pk__in=[measure.pk, other.pk]).order_by("pk"))
    if _from_either_side(measure, kind, other).exists():
        raise RelationKnownError(other)


def demand_noted_once(relation: MeasureRelation) -> None:
    """
    Refuse a relation that is written, if it is noted from the other side too.

    :raises RelationKnownError: if it is
    """
    noted = _from_either_side(relation.measure, relation.kind, relation.other)
    if noted.exclude(pk=relation.pk).exists():
        raise RelationKnownError(relation.other)


def _from_either_side(
    measure: Measure, kind: str, other: Measure
) -> models.QuerySet[MeasureRelation]:
    either_side = Q(measure=measure, other=other) | Q(measure=other, other=measure)
    return MeasureRelation.objects.filter(either_side, kind=kind)
