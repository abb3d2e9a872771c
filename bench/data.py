"""Plans, rounds and marks in the numbers that the benchmarks need, filled by the shortest way."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.signing import get_cookie_signer
from django.db import connection
from django.utils import timezone

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group, Item, Round, Voter
from zusammenplan.core.links import new_token, token_hash
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import Invitation
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.models import FieldOfAction, Measure, Plan

FIELDS = 6
STATUSES = MeasureStatus.values
TEXT = (
    "Wer Hilfe braucht, findet sie künftig an einer Stelle im eigenen Ort und muss dafür nicht "
    "in die Kreisstadt fahren."
)


def make_plan(measures: int, *, slug: str = "") -> Plan:
    """Make a public plan with so many measures in six fields; most have a released priority."""
    plan = Plan.objects.create(
        slug=slug or f"sozialplan-{measures}",
        title_de=f"Integrierter Sozialplan mit {measures} Maßnahmen",
        summary_de="Was der Landkreis für Familien und ältere Menschen schaffen will.",
        starts_on=date(2027, 1, 1),
        ends_on=date(2031, 12, 31),
        status=PlanStatus.IN_FORCE,
        is_public=True,
    )
    fields = FieldOfAction.objects.bulk_create(
        FieldOfAction(
            plan=plan, code=str(place), name_de=f"Handlungsfeld Nummer {place}", position=place
        )
        for place in range(1, FIELDS + 1)
    )
    Measure.objects.bulk_create(
        Measure(
            plan=plan,
            field=fields[place % FIELDS],
            number=f"{place % FIELDS + 1}.{place // FIELDS + 1}",
            title_de=f"Beratung und Begegnung im Quartier ausbauen, Abschnitt {place + 1}",
            text_de=TEXT,
            status=STATUSES[place % len(STATUSES)],
            position=place,
            priority_degree=Decimal(place % 11) / 2 + 1 if place % 10 else None,
        )
        for place in range(measures)
    )
    return plan


def make_round(plan: Plan, groups: Sequence[str], *, is_released: bool = False) -> Round:
    """Make a round over all measures of the plan; its groups are open unless it is released."""
    now = timezone.now()
    round_ = Round.objects.create(
        plan=plan,
        slug=f"runde-{plan.pk}",
        title_de="Was soll zuerst kommen?",
        wall_key=new_token(),
        created_at=now,
        released_at=now if is_released else None,
    )
    Measure.objects.filter(plan=plan).update(priority_round=round_.title_de if is_released else "")
    Item.objects.bulk_create(
        Item(
            round=round_,
            measure=measure,
            position=place,
            number=measure.number,
            title_de=measure.title_de,
        )
        for place, measure in enumerate(plan.measures.in_order())
    )
    for place, name in enumerate(groups):
        Group.objects.create(
            round=round_,
            name_de=name,
            way=Way.PERSONAL,
            position=place,
            opens_at=now - timedelta(hours=1),
            closed_at=now if is_released else None,
        )
    return round_


def invite(group: Group, voters: int) -> dict[int, str]:
    """Put so many voters with a personal link into the group; give their cookies by voter."""
    now = timezone.now()
    tokens = [new_token() for _ in range(voters)]
    invitations = Invitation.objects.bulk_create(
        Invitation(
            purpose=InvitationPurpose.VOTE,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        for token in tokens
    )
    made = Voter.objects.bulk_create(
        Voter(group=group, invitation=invitation, name=f"Mitglied {place}")
        for place, invitation in enumerate(invitations)
    )
    return {
        voter.pk: vote_cookie(group.pk, token) for voter, token in zip(made, tokens, strict=True)
    }


def vote_cookie(group: int, token: str) -> str:
    """Give the cookie that opening the personal link sets."""
    name = f"zp_vote_{group}"
    return f"{name}={get_cookie_signer(salt=name + name).sign(token)}"


def fill_marks(round_: Round, voters: int) -> int:
    """Let so many voters mark each item, by the database alone; give the number of marks."""
    groups = list(round_.groups.order_by("position").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for group in groups:
            cursor.execute(
                "INSERT INTO ballots_voter (group_id, name, email, has_voted) "
                "WITH RECURSIVE numbers(n) AS "
                "(SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
                "SELECT %s, 'Mitglied ' || n, '', TRUE FROM numbers",
                [voters // len(groups), group],
            )
            cursor.execute(
                "INSERT INTO ballots_ballot (voter_id, changed_at) "
                "SELECT id, %s FROM ballots_voter WHERE group_id = %s",
                [timezone.now(), group],
            )
            cursor.execute(
                "INSERT INTO ballots_mark (ballot_id, group_id, item_id, grade) "
                "SELECT voter.id, voter.group_id, item.id, "
                "1 + (voter.id * 7 + item.id * 5 + voter.id / 16 * 3) %% 6 "
                "FROM ballots_voter voter JOIN ballots_item item ON item.round_id = %s "
                "WHERE voter.group_id = %s ORDER BY voter.id, item.id",
                [round_.pk, group],
            )
        cursor.execute("SELECT count(*) FROM ballots_mark WHERE group_id IN (%s, %s)", groups)
        return int(cursor.fetchone()[0])
