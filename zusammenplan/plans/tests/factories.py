"""Plain functions that make plans, fields and measures for tests."""

from itertools import count

from zusammenplan.plans.models import FieldOfAction, Measure, Plan

_numbers = count(1)


def make_plan(**fields: object) -> Plan:
    number = next(_numbers)
    return Plan.objects.create(
        **{
            "slug": f"plan-{number}",
            "title_de": f"Sozialplan {number}",
            "is_public": True,
            **fields,
        }
    )


def make_field(plan: Plan | None = None, **fields: object) -> FieldOfAction:
    number = next(_numbers)
    return FieldOfAction.objects.create(
        **{
            "plan": plan or make_plan(),
            "code": str(number),
            "name_de": f"Handlungsfeld {number}",
            "position": number,
            **fields,
        }
    )


def make_measure(plan: Plan | None = None, **fields: object) -> Measure:
    number = next(_numbers)
    plan = plan or make_plan()
    field = fields.pop("field", None) or make_field(plan)
    return Measure.objects.create(
        **{
            "plan": plan,
            "field": field,
            "number": f"{number}.1",
            "title_de": f"Maßnahme {number}",
            "position": number,
            **fields,
        }
    )
