"""Fill an empty database with the fictional county, by the same deeds that its people would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import override

from zusammenplan.ballots import actions as ballots
from zusammenplan.ballots.choices import Audience, OwnResult, Stage, Way
from zusammenplan.ballots.models import Group, Round, Voter
from zusammenplan.config.demo.areas import fill_areas
from zusammenplan.config.demo.content import (
    EXTERNAL,
    FIELDS,
    INTERNAL,
    MEASURES,
    OFFICES,
    PROVIDERS,
)
from zusammenplan.config.demo.document import fill_document
from zusammenplan.config.demo.evaluations import fill_evaluations
from zusammenplan.config.demo.former import fill_former
from zusammenplan.config.demo.life import fill_life
from zusammenplan.config.demo.measures import fill_measures
from zusammenplan.config.demo.statistics import fill_statistics
from zusammenplan.config.demo.thread import fill_thread
from zusammenplan.config.demo.work import fill_work
from zusammenplan.core.actions import change_municipality
from zusammenplan.core.context import municipality
from zusammenplan.core.periods import parse_period
from zusammenplan.meetings.actions import add_seat, create_body
from zusammenplan.meetings.choices import BodyKind, SeatRole
from zusammenplan.meetings.models import Body
from zusammenplan.people.actions import add_affiliation, create_organisation, create_user
from zusammenplan.people.choices import AffiliationRole, OrganisationKind, Role
from zusammenplan.people.models import Organisation, User
from zusammenplan.plans.actions import add_field, add_measure, change_plan, create_plan
from zusammenplan.plans.actions.life import take_step
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.models import Measure, Plan

PASSWORD = "Rennsteig-2027"  # noqa: S105 - shown to whoever starts the demo
DOMAIN = "rennsteiggrund.example"


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody one can be in the demo."""

    email: str
    what: str


LOGINS = [
    Login(f"planung@{DOMAIN}", "Sozialplanerin: darf alles in Plan und Priorisierung"),
    Login(f"technik@{DOMAIN}", "Administrator: verwaltet Benutzer und Einstellungen"),
    Login(f"lesen@{DOMAIN}", "Lesende aus der Verwaltung"),
    Login(f"vorsitz@{DOMAIN}", "Vorsitz der externen Steuerungsgruppe"),
    Login(f"mitglied@{DOMAIN}", "Mitglied der externen Steuerungsgruppe: darf abstimmen"),
    Login(f"traeger@{DOMAIN}", "Träger"),
]


@dataclass(frozen=True, slots=True)
class VotingLink:
    """A personal link into the open vote, or to an open evaluation."""

    name: str
    group: str
    token: str
    page: str = "room:enter"


@transaction.atomic
def fill(*, now: datetime) -> list[VotingLink]:
    """Make the county: people, bodies, a plan, a released round and an open one."""
    with override("de"):
        people = _people()
        by = people["planung"]
        _municipality(by)
        external, internal = _bodies(people, by=by)
        fill_former(internal, DOMAIN, by=people["technik"], now=now)
        plan = _plan(by, now=now)
        fill_areas(by=by, now=now)
        fill_statistics(by=by, now=now)
        fill_thread(plan, by=by, now=now)
        fill_measures(plan, by=by, now=now)
        fill_work(plan, by=by, reader=people["lesen"], now=now)
        _first_round(plan, external, internal, by=by, now=now)
        second = _second_round(plan, external, internal, by=by, now=now)
        fill_document(plan, by=by, now=now)
        fill_life(plan, by=by, now=now)
        links = _vote_and_invite(second, by=by, now=now)
        rating = fill_evaluations(plan, by=by, now=now)
        return links + [
            VotingLink(one.request.name, one.request.evaluation.title, one.token, "rating:enter")
            for one in rating
        ]


def _people() -> dict[str, User]:
    who = {
        "planung": ("Ines Fröbel", [Role.PLANNER]),
        "technik": ("Jost Amthor", [Role.ADMINISTRATOR]),
        "lesen": ("Lea Kiesewetter", [Role.READER]),
        "vorsitz": ("Matthis Kehr", []),
        "mitglied": ("Renate Osswald", []),
        "traeger": ("Dörte Langguth", []),
    }
    people = {}
    for key, (name, roles) in who.items():
        user = create_user(f"{key}@{DOMAIN}", name=name, roles=roles, by=None)
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        people[key] = user
    for office in OFFICES:
        create_organisation(office, kind=OrganisationKind.OFFICE, by=people["planung"])
    for provider in PROVIDERS:
        create_organisation(
            provider, kind=OrganisationKind.PROVIDER, is_charitable=True, by=people["planung"]
        )
    add_affiliation(
        people["traeger"],
        Organisation.objects.get(name="Lebenshof Lauterland gGmbH"),
        role=AffiliationRole.CONTACT,
        by=people["technik"],
    )
    return people


def _municipality(by: User) -> None:
    change_municipality(
        {
            "name": "Landkreis Rennsteiggrund",
            "short_name": "Rennsteiggrund",
            "ags": "16099",
            "site_name_de": "Sozialplanung",
            "site_name_en": "Social planning",
            "unit": "Stabsstelle Sozialplanung",
            "authority": "Landratsamt Rennsteiggrund",
            "street": "Am Markt 4",
            "town": "00000 Grundheim",
            "phone": "00000 123456",
            "email": f"sozialplanung@{DOMAIN}",
            "intro_de": (
                "Bis 2031 will der Landkreis Rennsteiggrund 40 Maßnahmen umsetzen: von der "
                "Pflegeberatung bis zum Bürgerbus. Hier sehen Sie, was zuerst kommt und wie das "
                "entschieden wurde."
            ),
            "intro_en": (
                "By 2031 the county of Rennsteiggrund wants to carry out 40 measures, from advice "
                "on care to community buses. Here you see what comes first and how it was decided."
            ),
            "imprint_de": (
                "Landratsamt Rennsteiggrund\nAm Markt 4\n00000 Grundheim\n\n"
                "Diesen Landkreis gibt es nicht. Alle Angaben sind erfunden."
            ),
            "imprint_en": (
                "Landratsamt Rennsteiggrund\nAm Markt 4\n00000 Grundheim\n\n"
                "This county does not exist. Everything here is invented."
            ),
        },
        seen_version=municipality().version,
        by=by,
    )


def _bodies(people: dict[str, User], *, by: User) -> tuple[Body, Body]:
    users = {user.name: user for user in people.values()}
    external = create_body(
        "Externe Steuerungsgruppe",
        kind=BodyKind.STEERING_EXTERNAL,
        by=by,
        name_en="External steering group",
        short_name="extern",
    )
    internal = create_body(
        "Interne Steuerungsgruppe",
        kind=BodyKind.STEERING_INTERNAL,
        by=by,
        name_en="Internal steering group",
        short_name="intern",
    )
    create_body("Sozialausschuss", kind=BodyKind.COMMITTEE, by=by, name_en="Social committee")
    organisations = {found.name: found for found in Organisation.objects.all()}
    for name, role, organisation in EXTERNAL:
        add_seat(
            external,
            name=name,
            by=by,
            email=_address(name),
            role=SeatRole(role),
            user=users.get(name),
            organisation=organisations.get(organisation),
        )
    for name, role in INTERNAL:
        add_seat(internal, name=name, by=by, email=_address(name), role=SeatRole(role))
    return external, internal


def _plan(by: User, *, now: datetime) -> Plan:
    plan = create_plan(
        {
            "title_de": "Integrierter Sozialplan 2027–2031",
            "title_en": "Integrated social plan 2027–2031",
            "slug": "sozialplan-2027-2031",
            "summary_de": (
                "Der Plan legt fest, welche Angebote der Landkreis für Familien und ältere "
                "Menschen schafft oder erhält."
            ),
            "summary_en": (
                "The plan says which services the county creates or keeps for families and older "
                "people."
            ),
            "starts_on": date(2027, 1, 1),
            "ends_on": date(2031, 12, 31),
        },
        by=by,
    )
    fields = {
        field.code: add_field(
            plan,
            {
                "code": field.code,
                "name_de": field.name,
                "name_en": field.name_en,
                "text_de": field.text,
                "text_en": field.text_en,
            },
            by=by,
        )
        for field in FIELDS
    }
    offices = {office.name: office for office in Organisation.objects.all()}
    for measure in MEASURES:
        period = parse_period(measure.period)
        add_measure(
            plan,
            {
                "field": fields[measure.number.split(".")[0]],
                "number": measure.number,
                "title_de": measure.title,
                "title_en": measure.title_en,
                "text_de": measure.text,
                "text_en": measure.text_en,
                "responsible": offices[measure.responsible],
                "period_text": period.text,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
                "status": MeasureStatus(measure.status),
            },
            by=by,
        )
    plan = change_plan(plan, {"is_public": True}, seen_version=plan.version, by=by)
    return take_step(plan, PlanStatus.VOTE, seen_status=plan.status, by=by, now=now)


def _first_round(plan: Plan, external: Body, internal: Body, *, by: User, now: datetime) -> None:
    """Hold the first vote, weeks ago, on the sixteen measures that the offices proposed."""
    voted_on = {measure.number: measure.marks for measure in MEASURES if measure.marks}
    round_ = _round(
        plan,
        {
            "title_de": "Was soll zuerst kommen? Erste Abstimmung",
            "title_en": "What shall come first? First vote",
            "stage": Stage.FIRST,
        },
        [m for m in plan.measures.in_order() if m.number in voted_on],
        by=by,
        now=now - timedelta(days=40),
    )
    items = list(round_.items.order_by("position"))
    for index, (body, day) in enumerate(((external, 28), (internal, 21))):
        opened = now - timedelta(days=day)
        group = _group(round_, body, mark="x-"[index], by=by, day=localdate(opened))
        ballots.open_group(group, by=by, now=opened)
        papers = [
            [
                grade
                for grade, count in enumerate(voted_on[item.number][index], start=1)
                for _ in range(count)
            ]
            for item in items
        ]
        voters = list(group.voters.order_by("pk"))[: max(map(len, papers))]
        for place, voter in enumerate(voters):
            grades = {
                # Shifted by the item, so that not always the same people are content.
                item.pk: paper[(place + 3 * number) % len(paper)]
                for number, (item, paper) in enumerate(zip(items, papers, strict=True))
                if paper
            }
            ballots.save_marks(voter, grades, now=opened + timedelta(minutes=place), hands_in=True)
        ballots.close_group(Group.objects.get(pk=group.pk), by=by, now=opened + timedelta(hours=1))
    ballots.release(round_, by=by, now=now - timedelta(days=20))


def _second_round(plan: Plan, external: Body, internal: Body, *, by: User, now: datetime) -> Round:
    """Prepare and open the vote on all measures that runs now."""
    round_ = _round(
        plan,
        {
            "title_de": "Was soll zuerst kommen? Zweite Abstimmung",
            "title_en": "What shall come first? Second vote",
            "intro_de": "Bitte sagen Sie bei jeder Maßnahme, wie dringend sie ist.",
            "intro_en": "Please say for each measure how urgent it is.",
            "stage": Stage.FINAL,
            "audience": Audience.VOTERS,
        },
        plan.measures.in_order(),
        by=by,
        now=now - timedelta(days=3),
    )
    for body, mark in ((external, "x"), (internal, "-")):
        group = _group(round_, body, mark=mark, by=by, day=localdate(now))
        ballots.open_group(
            group, by=by, now=now - timedelta(days=2), closes_at=now + timedelta(days=14)
        )
    return round_


def _vote_and_invite(round_: Round, *, by: User, now: datetime) -> list[VotingLink]:
    dice = Random(2027)  # noqa: S311 - invented marks, the same at every start
    items = list(round_.items.values_list("pk", flat=True))
    groups = list(round_.groups.order_by("position"))
    for group, how_many in zip(groups, (7, 4), strict=True):
        for voter in list(group.voters.order_by("-pk"))[:how_many]:
            grades = {item: dice.choices(range(1, 7), (5, 6, 5, 3, 2, 1))[0] for item in items}
            ballots.save_marks(voter, grades, now=now - timedelta(days=1), hands_in=True)
    ballots.propose(
        round_,
        title="Tauschregal in jeder Bibliothek",
        text="Was die einen nicht mehr brauchen, freut die anderen. Kostet fast nichts.",
        proposed_by="Elfi Morgenroth",
        group=groups[0],
        now=now - timedelta(days=1),
    )
    waiting = [
        voter
        for group in groups
        for voter in Voter.objects.filter(group=group, has_voted=False).order_by("pk")
    ]
    links = ballots.invite_voters(waiting, expires_at=now + timedelta(days=14), by=by, now=now)
    return [VotingLink(link.voter.name, link.voter.group.name, link.token) for link in links]


def _round(
    plan: Plan, values: dict[str, object], measures: Iterable[Measure], *, by: User, now: datetime
) -> Round:
    words = {"1": {"de": "zuerst", "en": "first"}, "6": {"de": "zuletzt", "en": "last"}}
    return ballots.create_round(plan, {"words": words, **values}, by=by, now=now, measures=measures)


def _group(round_: Round, body: Body, *, mark: str, by: User, day: date) -> Group:
    group = ballots.add_group(
        round_,
        {
            "body": body,
            "name_de": body.name_de,
            "name_en": body.name_en,
            "mark": mark,
            "way": Way.PERSONAL,
            "own_result": OwnResult.MEDIAN,
        },
        by=by,
    )
    ballots.add_voters_of_body(group, day=day, by=by)
    return group


def _address(name: str) -> str:
    folded = name.lower().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    return f"{folded.replace(' ', '.')}@{DOMAIN}"
