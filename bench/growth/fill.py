"""Data of so many counties; what there is most of is made by the database itself."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from bench.cases.data import make_area
from bench.data import make_plan, make_whole_plan
from bench.votes import fill_marks, make_round
from zusammenplan.ballots.choices import Audience
from zusammenplan.ballots.models import Mark, Round
from zusammenplan.core import index
from zusammenplan.indicators.choices import IndicatorForm, LifeSituation
from zusammenplan.indicators.models import (
    Figure,
    IndexPart,
    Indicator,
    Observation,
    Quantity,
    SocialIndex,
)
from zusammenplan.people.models import Comment, Organisation, Task, User
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.plans.models import Measure, Plan

# Of one county.
MEASURES, VOTERS, AREAS, USERS = 20, 500, 20, 10
QUANTITIES, INDICATORS, KEYS, YEARS = 100, 20, 8, 20
LAST = 2025


@dataclass(frozen=True, slots=True)
class County:
    """What the pages are asked about."""

    plan: Plan
    running: Round
    released: Round
    area: Area
    index: SocialIndex
    rows: dict[str, int]


def fill(counties: int) -> County:
    plan = make_whole_plan(MEASURES * counties, slug="der-plan", versions=2)
    released = make_round(plan, [], is_released=True, slug="freigegeben")
    names = ["Externe Steuerungsgruppe", "Interne Steuerungsgruppe"]
    running = make_round(plan, names, slug="laeuft")
    Round.objects.filter(pk=running.pk).update(audience=Audience.PUBLIC)
    fill_marks(running, VOTERS)
    running.groups.filter(position=0).update(closed_at=timezone.now())
    for county in range(counties):
        make_round(make_plan(1, slug=f"plan-{county}"), [], is_released=True)
    _work(plan, counties)
    areas = [area for county in range(counties) for area in _areas(county)]
    index_ = _numbers()
    index.rebuild()
    with connection.cursor() as cursor:
        # What autovacuum does by itself within minutes.
        cursor.execute("ANALYZE")
    tables = (Measure, Mark, Area, Observation, Figure, User)
    rows = {table.__name__.lower(): table._default_manager.count() for table in tables}
    return County(plan, running, released, areas[1], index_, rows)


def _work(plan: Plan, counties: int) -> None:
    """Let many people say something and have something to do."""
    now = timezone.now()
    users = User.objects.bulk_create(
        User(email=f"u{at}@bench.example", name=f"Person {at}") for at in range(USERS * counties)
    )
    Organisation.objects.bulk_create(
        Organisation(name=f"Träger der Hilfe {at}") for at in range(USERS * counties)
    )
    kind = ContentType.objects.get_for_model(Measure)
    measures = list(plan.measures.order_by("pk").values_list("pk", flat=True))
    noted = [(measure, users[at % len(users)]) for at, measure in enumerate(measures)]
    Comment.objects.bulk_create(
        Comment(content_type=kind, object_id=one, text="Dazu später.", author=user, written_at=now)
        for one, user in noted
    )
    Task.objects.bulk_create(
        Task(
            content_type=kind,
            object_id=one,
            title="Nachfragen",
            assignee=user,
            due_on=now.date() + timedelta(days=one % 60 - 30),
            created_by=user,
            created_at=now,
            assigned_at=now,
        )
        for one, user in noted
    )


def _areas(at: int) -> list[Area]:
    """Make a county with its municipalities."""
    county = make_area(f"Landkreis {at}", AreaKind.COUNTY, None, at)
    kind = AreaKind.MUNICIPALITY
    return [county] + [
        make_area(f"Gemeinde {at}-{place}", kind, county, at * AREAS + place, wide=50)
        for place in range(1, AREAS)
    ]


def _numbers() -> SocialIndex:
    """Let the database make the observations of all areas, and the figures that are kept."""
    Quantity.objects.bulk_create(
        Quantity(code=f"growth-{at}", name_de=f"Zählgröße {at}") for at in range(QUANTITIES)
    )
    catalogue = Indicator.objects.bulk_create(
        Indicator(
            code=f"kennzahl-{at}",
            name_de=f"Kennzahl {at}",
            form=IndicatorForm.SHARE,
            formula="100 * growth-1 / growth-0",
            unit_de="%",
            life_situation=LifeSituation.values[at % len(LifeSituation.values)],
            is_key=at < KEYS,
            position=at,
        )
        for at in range(INDICATORS)
    )
    days = [date(LAST - year, 12, 31) for year in reversed(range(YEARS))]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE growth_day (day date)")
        cursor.executemany("INSERT INTO growth_day VALUES (%s)", [(day,) for day in days])
        cursor.execute(_OBSERVATIONS)
        cursor.execute(_FIGURES)
    index_ = SocialIndex.objects.create(slug="index", name_de="Sozialindex", is_public=True)
    IndexPart.objects.bulk_create(
        IndexPart(index=index_, indicator=one, weight=Decimal(1)) for one in catalogue[:KEYS]
    )
    return index_


_OBSERVATIONS = """
    INSERT INTO indicators_observation (quantity_id, area_version_id, starts_on, ends_on, sex,
        age_from, age_to, other, value, sign, quality, raw, secrecy)
    SELECT q.id, v.id, d.day, d.day, '', 0, 999, '',
        1000 + (q.id * 31 + v.id * 17) % 971, '', '', '', ''
    FROM indicators_quantity q CROSS JOIN places_areaversion v CROSS JOIN growth_day d
    WHERE q.code LIKE 'growth-%' ORDER BY q.id, v.id, d.day
"""
_FIGURES = """
    INSERT INTO indicators_figure (indicator_id, area_id, area_version_id, starts_on, ends_on,
        value, sign, quality, numerator, denominator, secrecy, method_version)
    SELECT i.id, v.area_id, v.id, d.day, d.day,
        (i.id * 31 + v.id * 17) % 971 / 10.0, '', '', 100, 1000, '', 1
    FROM indicators_indicator i CROSS JOIN places_areaversion v CROSS JOIN growth_day d
    WHERE i.code LIKE 'kennzahl-%' ORDER BY i.id, v.id, d.day
"""
