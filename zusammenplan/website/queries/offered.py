"""What the filter of a plan's measures offers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils.translation import get_language

from zusammenplan.core.german import MARK, unmarked
from zusammenplan.plans.models import Plan


class Offered(NamedTuple):
    """Something that measures of a plan are for or belong to."""

    pk: int
    code: str
    name: str


# By hand: Django takes longer to write this question than the database to answer it, and the
# page of every plan asks it. The first measure that names an area or a group is enough.
_OFFERED = """
    SELECT 'field', position, id, code, {name} FROM plans_fieldofaction WHERE plan_id = %s
    UNION ALL
    SELECT 'area', position, id, '', name FROM places_area WHERE EXISTS (
        SELECT 1 FROM plans_measure_areas link
        JOIN plans_measure measure ON measure.id = link.measure_id
        WHERE link.area_id = places_area.id AND measure.plan_id = %s
    )
    UNION ALL
    SELECT 'group', position, id, '', {name} FROM plans_term WHERE EXISTS (
        SELECT 1 FROM plans_measure_target_groups link
        JOIN plans_measure measure ON measure.id = link.measure_id
        WHERE link.term_id = plans_term.id AND measure.plan_id = %s
    )
"""
_IN_GERMAN = _OFFERED.format(name="name_de")
_IN_ENGLISH = _OFFERED.format(name=f"COALESCE(NULLIF(name_en, ''), '{MARK}' || name_de)")


def offered_by(plan: Plan) -> Mapping[str, Sequence[Offered]]:
    """Give the plan's fields and what some measure of it is for, in order, in one query."""
    is_english = (get_language() or "").startswith("en")
    with connection.cursor() as cursor:
        cursor.execute(_IN_ENGLISH if is_english else _IN_GERMAN, [plan.pk] * 3)
        rows = cursor.fetchall()
    found: dict[str, list[Offered]] = {"field": [], "area": [], "group": []}
    for kind, _position, pk, code, name in sorted(rows, key=lambda row: (row[1], row[3], row[4])):
        found[kind].append(Offered(pk, code, unmarked(name)))
    return found
