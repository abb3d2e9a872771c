"""What voting needs to know: whose link it is, what is open, which marks are kept."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q, QuerySet

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Group, Mark, Round, SecretMark, Voter
from zusammenplan.core.links import token_hash
from zusammenplan.people.choices import InvitationPurpose

if TYPE_CHECKING:
    from zusammenplan.people.models import User


def admitted_voters() -> QuerySet[Voter]:
    """Give those who vote personally, without anybody whose account is deactivated."""
    return Voter.objects.select_related("group__round").filter(
        Q(user__isnull=True) | Q(user__is_active=True), group__way=Way.PERSONAL
    )


def voter_with_token(group: int, slug: str, token: str, now: datetime) -> Voter | None:
    """
    Find who votes with a personal link; what saving marks does not need is fetched when asked for.

    Written by hand, because a whole room asks for it at once; with the link found by itself first,
    because just after many invitations PostgreSQL would else look at every voter of the group.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.id, v.has_voted,
                   r.id, r.slug, r.lowest, r.highest, r.direction, r.is_secret, r.audience
            FROM ballots_voter v
            JOIN ballots_group g ON g.id = v.group_id
            JOIN ballots_round r ON r.id = g.round_id
            WHERE v.invitation_id = (
                SELECT id FROM people_invitation
                WHERE token_hash = %s AND purpose = %s AND revoked_at IS NULL AND expires_at > %s
            ) AND g.id = %s AND g.way = %s AND r.slug = %s AND (
                v.user_id IS NULL
                OR EXISTS (SELECT 1 FROM people_user u WHERE u.id = v.user_id AND u.is_active)
            )
            """,
            [
                token_hash(token),
                InvitationPurpose.VOTE.value,
                connection.ops.adapt_datetimefield_value(now),
                group,
                Way.PERSONAL.value,
                slug,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    key, has_voted, round_, *settings = row
    # from_db takes the values in the order in which the models name their fields.
    voter = Voter.from_db("default", ["id", "group_id", "has_voted"], [key, group, has_voted])
    voter.group = Group.from_db("default", ["id", "round_id"], [group, round_])
    voter.group.round = Round.from_db(
        "default",
        ["id", "slug", "lowest", "highest", "direction", "is_secret", "audience"],
        [round_, *settings],
    )
    return voter


def held_items(group: int, now: datetime) -> set[int]:
    """
    Give what an open group votes on, and keep it from closing until the transaction ends.

    Nothing if it is not open. One statement by hand, because every vote asks for it; SQLite needs
    no lock, its write transactions are alone.
    """
    share = "FOR SHARE OF g" if connection.vendor == "postgresql" else ""
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT i.id
            FROM ballots_group g
            JOIN ballots_item i ON i.round_id = g.round_id
            WHERE g.id = %s AND g.opens_at <= %s AND g.closed_at IS NULL
              AND (g.closes_at IS NULL OR g.closes_at > %s)
            {share}
            """,  # noqa: S608 - the only thing put in is the lock
            [group, moment, moment],
        )
        return {item for (item,) in cursor.fetchall()}


def marks_of(voter: Voter) -> dict[int, int | None]:
    """Give the marks on the voter's open paper."""
    return dict(Mark.objects.filter(ballot=voter.pk).values_list("item_id", "grade"))


def secret_marks_of(group: Group, ballot_key: str) -> dict[int, int | None]:
    """Give the marks of a secret paper to whoever holds its key."""
    marks = SecretMark.objects.filter(group=group, ballot_key=ballot_key)
    return dict(marks.values_list("item_id", "grade"))


def open_votes_for(user: "User", now: datetime) -> list[Voter]:
    """Give the votes that wait for this person."""
    voters = Voter.objects.filter(user=user).select_related("group__round__plan")
    return [voter for voter in voters if voter.group.is_open(now)]


def grade_words(round_: Round, language: str) -> dict[int, str]:
    """Give the words of those grades that have one: {1: "zuerst", 6: "zuletzt"}."""
    return {
        int(grade): words.get(language) or words.get("de", "")
        for grade, words in round_.words.items()
        if words.get(language) or words.get("de")
    }
