"""Save a record together with what it is linked to: goals, needs, areas, terms."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed
from zusammenplan.people.models import User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.records import Values, lock, raise_version_of
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.models import Goal, Measure, Need, Plan, Term

Links = Mapping[str, Iterable[Any]]
KINDS = {"target_groups": TermKind.TARGET_GROUP, "life_situations": TermKind.LIFE_SITUATION}
LONGEST_DEED = 100


class ForeignLinkError(Exception):
    """Something to be linked belongs to another plan, or is no term of that kind."""

    def __init__(self, record: object) -> None:
        super().__init__(
            _("“%(record)s” does not belong here. Choose one of this plan.") % {"record": record}
        )


@transaction.atomic
def link_measure(
    measure: Measure,
    *,
    goals: Iterable[Goal] | None = None,
    needs: Iterable[Need] | None = None,
    areas: Iterable[Area] | None = None,
    target_groups: Iterable[Term] | None = None,
    life_situations: Iterable[Term] | None = None,
    by: User | None,
) -> Measure:
    """
    Link the measure to exactly these; what is not named stays as it is.

    :raises ForeignLinkError: if a goal or need belongs to another plan
    """
    plan = lock(measure.plan)
    measure = plan.measures.select_for_update().get(pk=measure.pk)
    wanted: dict[str, Iterable[Any] | None] = {
        "goals": goals,
        "needs": needs,
        "areas": areas,
        "target_groups": target_groups,
        "life_situations": life_situations,
    }
    links = {name: list(records) for name, records in wanted.items() if records is not None}
    demand_own(plan, links)
    changed = set_links(measure, links)
    if changed:
        measure.version += 1
        keep(measure, by=by, deed=link_deed(measure, _("Linked"), changed), fields=["version"])
        raise_version_of(plan)
    return measure


def keep_changes_and_links(
    record: Any,
    values: Values,
    links: Links,
    *,
    seen_version: int,
    by: User | None,
    deed: str,
    also_changed: bool = False,
) -> bool:
    """Save what differs and set the links, if nobody saved it meanwhile; tell whether it did."""
    record.refresh_from_db()
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    relinked = [name for name, records in links.items() if _differs(record, name, records)]
    if not (changed or relinked or also_changed):
        return False
    for name in changed:
        setattr(record, name, values[name])
    keep_unless_changed(
        record,
        seen_version=seen_version,
        by=by,
        deed=link_deed(record, deed, relinked),
        fields=changed,
    )
    set_links(record, links)
    return True


def demand_own(plan: Plan, links: Links) -> None:
    """Refuse what belongs to another plan, and terms of the wrong kind."""
    for name, records in links.items():
        for record in records:
            if isinstance(record, Goal | Need) and record.plan_id != plan.pk:
                raise ForeignLinkError(record)
            if isinstance(record, Term) and record.kind != KINDS[name]:
                raise ForeignLinkError(record)


def set_links(record: Any, links: Links) -> list[str]:
    """Set the links that differ; give their names."""
    changed = [name for name, records in links.items() if _differs(record, name, records)]
    for name in changed:
        getattr(record, name).set(links[name])
    return changed


def link_deed(record: Any, deed: str, names: Iterable[str]) -> str:
    """Say which links were set anew; the history of the record keeps no links itself."""
    labels = [str(record._meta.get_field(name).verbose_name) for name in names]
    return f"{deed}: {', '.join(labels)}"[:LONGEST_DEED] if labels else deed


def _differs(record: Any, name: str, records: Iterable[Any]) -> bool:
    linked = set(getattr(record, name).values_list("pk", flat=True))
    return linked != {one.pk for one in records}
