"""
Vote: open and close a group, take marks, count hands, take marks from a table.

Marks are taken only while a group is open. Whoever votes holds the group's row together with the
other voters; whoever closes waits for them, so no acknowledged mark is lost and no late one counts.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions.refusals import (
    FrozenError,
    NotOpenError,
    NotReadyError,
    NoVoterError,
    RefusedError,
    TallyChangedError,
    VotedElsewhereError,
    check_marks,
    demand_meaningful,
    demand_open,
    demand_unreleased,
    has_begun,
    lock_group,
)
from zusammenplan.ballots.choices import Audience, Way
from zusammenplan.ballots.models import (
    Group,
    Item,
    Mark,
    Round,
    SecretMark,
    Tally,
    Voter,
)
from zusammenplan.ballots.queries import held_items, items_of, written_tally
from zusammenplan.core.history import keep
from zusammenplan.core.locks import hold
from zusammenplan.core.public import move_for_a_while, raise_version
from zusammenplan.people.models import User

Grades = Mapping[int, int | None]
"""Item to grade; no grade says: deliberately not rated."""


@transaction.atomic
def open_group(
    group: Group, *, by: User | None, now: datetime, closes_at: datetime | None = None
) -> Group:
    """
    Open the vote of a group now; it ends by hand or at the moment named.

    :raises NotReadyError: if the rules give no meaningful result, nobody may vote, or nothing is
        on the ballot
    :raises FrozenError: if the group was closed or the result is released
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    if group.is_over(now):
        raise FrozenError(_("The group has been closed."))
    if group.is_open(now):
        raise FrozenError(_("The vote of this group is already open."))
    demand_meaningful(group.round)
    if group.way == Way.PERSONAL and not group.voters.exists():
        raise NotReadyError(_("Nobody is on the list of voters yet."))
    if not has_begun(group.round):
        _refresh_items(group.round)
    group.opens_at, group.closes_at = now, closes_at
    return keep(group, by=by, deed=_("Vote opened"), fields=["opens_at", "closes_at"])


@transaction.atomic
def close_group(group: Group, *, by: User | None, now: datetime) -> Group:
    """
    End the vote of a group for good; of secret ballots only the tally remains.

    :raises NotOpenError: if it is not open or somebody else closed it first
    """
    group = lock_group(group)
    if group.opens_at is None or group.closed_at is not None:
        raise NotOpenError(_("The vote of this group is not open."))
    _seal(group)
    group.closed_at = now
    keep(group, by=by, deed=_("Vote closed"), fields=["closed_at"])
    raise_version()
    return group


@transaction.atomic
def reopen_group(group: Group, *, by: User, reason: str) -> Group:
    """
    Take back a closing, with a reason, while nothing is released.

    :raises FrozenError: if it is not closed, the result is released or the vote was secret
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    if group.closed_at is None:
        raise FrozenError(_("The vote of this group is not closed."))
    if group.round.is_secret:
        raise FrozenError(_("A secret vote cannot be opened again: its ballots are gone."))
    group.closed_at = group.closes_at = None
    keep(group, by=by, deed=reason, fields=["closed_at", "closes_at"])
    tell_watchers(group.round)
    return group


@transaction.atomic
def save_marks(voter: Voter, grades: Grades, *, now: datetime, hands_in: bool = False) -> None:
    """
    Keep the voter's marks of an open vote; a later mark for the same measure replaces it.

    :raises NotOpenError: if the group is not open (any more)
    :raises NoVoterError: if the voter was taken off the list meanwhile
    :raises UnknownItemError: if something is not on this ballot
    :raises OutsideScaleError: if a grade is not on the scale
    """
    group = voter.group
    # What else the group and its round say cannot change any more once the vote has begun.
    known = held_items(group.pk, now) or _why_closed(group, now)
    check_marks(group.round, grades, grades.values(), known=known)
    _note_paper(voter, now=now, hands_in=hands_in)
    Mark.objects.bulk_create(
        [
            Mark(ballot_id=voter.pk, group=group, item_id=item, grade=grade)
            for item, grade in grades.items()
        ],
        update_conflicts=True,
        unique_fields=["ballot", "item"],
        update_fields=["grade"],
    )
    _note_participation(voter)
    _tell_watchers_often(group.round)


@transaction.atomic
def save_secret_marks(voter: Voter, secret: str, grades: Grades, *, now: datetime) -> None:
    """
    Keep the marks of a secret vote under a key that only the voter can make again.

    :raises NotOpenError: if the group is not open (any more)
    :raises NoVoterError: if the voter was taken off the list meanwhile
    :raises VotedElsewhereError: if the person voted with another secret before
    :raises UnknownItemError: if something is not on this ballot
    :raises OutsideScaleError: if a grade is not on the scale
    """
    group = voter.group
    # What else the group and its round say cannot change any more once the vote has begun.
    known = held_items(group.pk, now) or _why_closed(group, now)
    check_marks(group.round, grades, grades.values(), known=known)
    here = Voter.objects.select_for_update(of=("self",)).filter(pk=voter.pk).first()
    if here is None:
        raise NoVoterError
    voter = here
    papers = SecretMark.objects.filter(group=group, ballot_key=secret)
    if voter.has_voted and not papers.exists():
        raise VotedElsewhereError(
            _(
                "You have already voted in secret on another device. Only there can you change "
                "your marks, because nobody can tell which ballot is yours."
            )
        )
    SecretMark.objects.bulk_create(
        [
            SecretMark(ballot_key=secret, group=group, item_id=item, grade=grade)
            for item, grade in grades.items()
        ],
        update_conflicts=True,
        unique_fields=["ballot_key", "item"],
        update_fields=["grade"],
    )
    _note_participation(voter)
    _tell_watchers_often(group.round)


@transaction.atomic
def enter_tally(
    group: Group,
    counts: Mapping[int, Mapping[int, int]],
    *,
    by: User,
    now: datetime,
    known: Mapping[int, Mapping[int, int]],
    present: int | None = None,
) -> None:
    """
    Write down the hands counted: for each item named, how many for which grade.

    What was written before for an item, as it is ``known``, is replaced. Where only the majority
    is known, its grade counts once.

    :raises NotOpenError: if the group is not open (any more)
    :raises TallyChangedError: if something else stands there by now
    :raises UnknownItemError: if something is not on this ballot
    :raises OutsideScaleError: if a grade is not on the scale
    """
    group = lock_group(group)
    demand_open(group, now)
    written = written_tally(group)
    if any(written.get(item, {}) != known.get(item, {}) for item in counts):
        raise TallyChangedError
    _write_tally(group, counts)
    if present is not None:
        group.present = present
    keep(group, by=by, deed=_("Hands counted"), fields=["present"])
    tell_watchers(group.round)


@transaction.atomic
def take_marks(
    group: Group, counts: Mapping[int, Mapping[int, int]], *, by: User | None, now: datetime
) -> bool:
    """
    Take a group's marks from an imported table; tell whether anything changed.

    :raises FrozenError: if the result is released
    :raises RefusedError: if the group votes in another way
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    if group.way != Way.TABLE:
        raise RefusedError(
            _("%(group)s votes in another way. Its marks cannot come from a table.")
            % {"group": group.name}
        )
    before = written_tally(group)
    wanted = {
        item: {grade: count for grade, count in tally.items() if count}
        for item, tally in counts.items()
        if any(tally.values())
    }
    if group.closed_at is not None and before == wanted:
        return False
    Tally.objects.filter(group=group).delete()
    _write_tally(group, wanted)
    group.opens_at = group.opens_at or now
    group.closed_at = now
    keep(group, by=by, deed=_("Marks taken from a table"), fields=["opens_at", "closed_at"])
    raise_version()
    return True


def _refresh_items(round_: Round) -> None:
    # Until voting begins the ballot follows the plan; from then on its words stay.
    items = items_of(round_)
    for item in items:
        item.number = item.measure.number
        item.title_de, item.title_en = item.measure.title_de, item.measure.title_en
    Item.objects.bulk_update(items, ["number", "title_de", "title_en"])


def _why_closed(group: Group, now: datetime) -> set[int]:
    """Refuse with the reason; an open group with nothing on its ballot has no items."""
    group.refresh_from_db(fields=["opens_at", "closes_at", "closed_at"])
    demand_open(group, now)
    return set()


def hold_open(group: Group, now: datetime) -> Group:
    hold(group)
    fresh = Group.objects.select_related("round").get(pk=group.pk)
    demand_open(fresh, now)
    return fresh


def _note_paper(voter: Voter, *, now: datetime, hands_in: bool) -> None:
    # By hand, as the next one: every tap in the room comes by here, and composing the statement
    # would cost more than the database needs for it.
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ballots_ballot (voter_id, changed_at, handed_in_at) VALUES (%s, %s, %s)
            ON CONFLICT (voter_id) DO UPDATE SET
                changed_at = excluded.changed_at,
                handed_in_at = COALESCE(excluded.handed_in_at, ballots_ballot.handed_in_at)
            """,
            [voter.pk, moment, moment if hands_in else None],
        )


def _note_participation(voter: Voter) -> None:
    if voter.has_voted:
        return
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_voter SET has_voted = %s WHERE id = %s", [True, voter.pk])
        if not cursor.rowcount:
            raise NoVoterError
    voter.has_voted = True


def _write_tally(group: Group, counts: Mapping[int, Mapping[int, int]]) -> None:
    check_marks(group.round, counts, (grade for tally in counts.values() for grade in tally))
    group.tallies.filter(item__in=list(counts), is_sealed=False).delete()
    Tally.objects.bulk_create(
        Tally(group=group, item_id=item, grade=grade, count=count if group.counts_marks else 1)
        for item, tally in counts.items()
        for grade, count in tally.items()
        if count
    )


def _seal(group: Group) -> None:
    """Replace the secret ballots by their tally, so that not even marks of one paper join."""
    papers = SecretMark.objects.filter(group=group)
    counted = (
        papers.filter(grade__isnull=False)
        .order_by("item__position", "grade")
        .values_list("item_id", "grade")
        .annotate(marks=Count("*"))
    )
    Tally.objects.bulk_create(
        [
            Tally(group=group, item_id=item, grade=grade, count=marks, is_sealed=True)
            for item, grade, marks in counted
        ]
    )
    papers.delete()


def tell_watchers(round_: Round) -> None:
    """Let the public pages of a round that everybody may watch show what changed in it."""
    if round_.audience == Audience.PUBLIC:
        raise_version()


def _tell_watchers_often(round_: Round) -> None:
    """Tell of a mark; a whole room sets them, so pages are then kept for seconds only."""
    if round_.audience == Audience.PUBLIC:
        move_for_a_while()
