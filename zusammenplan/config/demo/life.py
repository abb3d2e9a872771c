"""The plan before today's one, with its resolutions and frozen versions. All of it is invented."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.utils.timezone import localdate

from zusammenplan.core.periods import parse_period
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.actions import (
    add_field,
    add_measure,
    change_measure,
    change_plan,
    create_plan,
)
from zusammenplan.plans.actions.life import add_resolution, take_step
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.models import Measure, Plan

ADOPTED_AT = datetime(2021, 12, 9, 17, tzinfo=UTC)
HALF_TIME = datetime(2024, 6, 28, 10, tzinfo=UTC)


class Before(NamedTuple):
    """A measure of the plan before; ``today`` is the number of the one that carries it on."""

    number: str
    title: str
    title_en: str
    text: str
    responsible: str
    period: str
    today: str
    status: MeasureStatus
    reason: str = ""


FIELDS = [
    ("1", "Steuerung, Vernetzung und Planung", "Steering, networks and planning"),
    ("2", "Familie, Beruf und Sorgearbeit", "Family, work and care"),
    ("3", "Bildung im familiären Umfeld", "Learning around the family"),
    ("4", "Beratung, Unterstützung und Information", "Advice, support and information"),
    ("5", "Wohnumfeld und Dialog der Generationen", "Neighbourhood and dialogue of generations"),
]
MEASURES = [
    Before(
        "1.1",
        "Befragungen und Sozialraumkonferenzen einführen",
        "Introduce surveys and area conferences",
        "Wer betroffen ist, wird gehört.",
        "Stabsstelle Sozialplanung",
        "seit 2022",
        "1.3",
        MeasureStatus.CARRIED_OVER,
        "Der Kalender hat sich bewährt und wird fortgeführt.",
    ),
    Before(
        "2.1",
        "Pflegestammtisch aufbauen",
        "Set up a round table on care",
        "Pflegedienste und Angehörige treffen sich zweimal im Jahr.",
        "Sozialamt",
        "2022–2026",
        "2.2",
        MeasureStatus.CARRIED_OVER,
        "Aus dem Stammtisch soll ein Netzwerk werden.",
    ),
    Before(
        "2.2",
        "Pflegestützpunkt vorbereiten",
        "Prepare an advice centre on care",
        "Ein Konzept für unabhängige Beratung zur Pflege liegt vor.",
        "Sozialamt",
        "2023–2026",
        "2.3",
        MeasureStatus.CARRIED_OVER,
        "Das Konzept liegt vor, jetzt folgt die Eröffnung.",
    ),
    Before(
        "3.1",
        "Familienzentrum in der Kreisstadt planen",
        "Plan a family centre in the county town",
        "Ein Haus, in dem Familien alle Angebote finden.",
        "Jugendamt",
        "2022–2025",
        "3.1",
        MeasureStatus.CARRIED_OVER,
        "Das Gebäude ist gefunden, der Umbau läuft.",
    ),
    Before(
        "3.2",
        "Gedruckter Familienwegweiser",
        "Printed guide for families",
        "Alle Angebote für Familien in einem Heft.",
        "Jugendamt",
        "2022",
        "",
        MeasureStatus.DONE,
        "Erschienen im Oktober 2022 mit 5.000 Stück.",
    ),
    Before(
        "4.1",
        "Aufsuchende Angebote erproben",
        "Try outreach services",
        "Beratung kommt in zwei Planungsräumen nach Hause.",
        "Jugendamt",
        "2023–2026",
        "4.2",
        MeasureStatus.CARRIED_OVER,
        "Die Erprobung war erfolgreich.",
    ),
    Before(
        "4.2",
        "Jährliche Seniorenmesse",
        "Yearly fair for older people",
        "Ein Tag mit Vorträgen und Ständen.",
        "Kreisseniorenbüro",
        "2022–2026",
        "",
        MeasureStatus.DROPPED,
        "Zu wenige Besucherinnen und Besucher; Hausbesuche erreichen mehr Menschen.",
    ),
    Before(
        "5.1",
        "Bürgerbus-Initiativen beraten",
        "Advise community bus initiatives",
        "Gemeinden, die einen Bürgerbus wollen, bekommen Rat.",
        "Amt für Kreisentwicklung",
        "2022–2026",
        "5.2",
        MeasureStatus.CARRIED_OVER,
        "Zwei Busse fahren, drei Gemeinden kommen hinzu.",
    ),
    Before(
        "5.2",
        "Ehrenamtsagentur vorbereiten",
        "Prepare an agency for volunteers",
        "Eine Stelle, die Ehrenamtliche und Vereine zusammenbringt.",
        "Büro der Landrätin",
        "2024–2026",
        "6.3",
        MeasureStatus.CARRIED_OVER,
        "Die Vorarbeiten sind abgeschlossen.",
    ),
    Before(
        "5.3",
        "Großelterndienst",
        "Grandparents on call",
        "Ältere Menschen betreuen Kinder, wenn Eltern krank sind.",
        "Kreisseniorenbüro",
        "ab 2025",
        "",
        MeasureStatus.IDEA,
        "Zurückgestellt, bis sich ein Träger findet.",
    ),
]


def fill_life(plan: Plan, *, by: User, now: datetime) -> None:
    """Give the plan a past: the plan before it, with the same measures, adopted and frozen."""
    old = _plan_before(by)
    offices = {one.name: one for one in Organisation.objects.all()}
    identities = {one.number: one.identity for one in plan.measures.all()}
    fields = {
        code: add_field(old, {"code": code, "name_de": name, "name_en": english}, by=by)
        for code, name, english in FIELDS
    }
    measures = {}
    for one in MEASURES:
        period = parse_period(one.period)
        values = {
            "field": fields[one.number.split(".")[0]],
            "number": one.number,
            "title_de": one.title,
            "title_en": one.title_en,
            "text_de": one.text,
            "responsible": offices[one.responsible],
            "period_text": period.text,
            "starts_on": period.starts_on,
            "ends_on": period.ends_on,
        }
        if one.today:
            values["identity"] = identities[one.today]
        measures[one.number] = add_measure(old, values, by=by)
    old = _adopt(old, by)
    for one in MEASURES:
        _set(measures[one.number], MeasureStatus.RUNNING, date(2022, 5, 2), "", by)
    freeze(old, label_de="Stand zur Halbzeit", label_en="Half-time", by=by, now=HALF_TIME)
    for one in MEASURES:
        _set(measures[one.number], one.status, localdate(now - timedelta(days=30)), one.reason, by)
    take_step(old, PlanStatus.EVALUATED, seen_status=old.status, by=by, now=now)
    plan.refresh_from_db()
    plan = change_plan(plan, {"predecessor": old}, seen_version=plan.version, by=by)
    freeze(
        plan,
        label_de="Entwurf zur Beteiligung",
        label_en="Draft for participation",
        by=by,
        now=now - timedelta(days=50),
    )
    _work_on(plan, by)


def _plan_before(by: User) -> Plan:
    return create_plan(
        {
            "title_de": "Sozialplan 2022–2026",
            "title_en": "Social plan 2022–2026",
            "slug": "sozialplan-2022-2026",
            "summary_de": "Der erste gemeinsame Plan von Sozialamt und Jugendamt.",
            "summary_en": "The first plan that the social and the youth office made together.",
            "starts_on": date(2022, 1, 1),
            "ends_on": date(2026, 12, 31),
            "is_public": True,
        },
        by=by,
    )


def _adopt(old: Plan, by: User) -> Plan:
    """Take the plan through the committee and the council, in which it was adopted."""
    add_resolution(
        old,
        {
            "body": "Sozialausschuss",
            "number": "21/0412-BV",
            "decided_on": date(2021, 11, 16),
            "note": "Empfehlung an den Kreistag, einstimmig",
            "is_adoption": False,
        },
        by=by,
    )
    old = take_step(old, PlanStatus.COMMITTEE, seen_status=PlanStatus.DRAFT, by=by, now=ADOPTED_AT)
    old = take_step(
        old,
        PlanStatus.ADOPTED,
        seen_status=PlanStatus.COMMITTEE,
        resolution={"body": "Kreistag", "number": "318/21", "decided_on": localdate(ADOPTED_AT)},
        by=by,
        now=ADOPTED_AT,
    )
    return take_step(
        old, PlanStatus.IN_FORCE, seen_status=PlanStatus.ADOPTED, by=by, now=ADOPTED_AT
    )


def _set(measure: Measure, status: MeasureStatus, on: date, reason: str, by: User) -> None:
    change_measure(
        measure,
        {"status": status, "status_on": on, "status_reason": reason},
        seen_version=measure.version,
        by=by,
    )


def _work_on(plan: Plan, by: User) -> None:
    """Change a little since the draft, so that there is something to compare."""
    for number, values in (
        (
            "2.3",
            {
                "text_de": (
                    "Ratsuchende finden eine unabhängige Stelle in der Kreisstadt, dazu "
                    "Sprechstunden in jedem Planungsraum."
                )
            },
        ),
        ("3.5", {"period_text": "ab 2028", "starts_on": date(2028, 1, 1), "ends_on": None}),
        ("5.5", {"responsible": "Kreisseniorenbüro"}),
    ):
        measure = plan.measures.get(number=number)
        change_measure(measure, values, seen_version=measure.version, by=by)
