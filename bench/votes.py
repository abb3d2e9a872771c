"""Rounds, voters and marks in the numbers that the benchmarks need, filled by the shortest way."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.signing import get_cookie_signer
from django.db import connection
from django.utils import timezone

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group, Item, Mark, Round, Voter
from zusammenplan.core.links import new_token, token_hash
from zusammenplan.people.choices import InvitationPurpose
from zusammenplan.people.models import Invitation
from zusammenplan.plans.models import Measure, Plan


def make_round(
    plan: Plan, groups: Sequence[str], *, is_released: bool = False, slug: str = ""
) -> Round:
    """Make a round over all measures of the plan; its groups are open unless it is released."""
    now = timezone.now()
    round_ = Round.objects.create(
        plan=plan,
        slug=slug or f"runde-{plan.pk}",
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
    tokens = give_links(group, voters)
    return {voter: vote_cookie(group.pk, token) for voter, token in tokens.items()}


def give_links(group: Group, voters: int) -> dict[int, str]:
    """Put so many voters into the group; give the ends of their personal links by voter."""
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
    return {voter.pk: token for voter, token in zip(made, tokens, strict=True)}


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
    return Mark.objects.filter(group__in=groups).count()
