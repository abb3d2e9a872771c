"""Who takes part in a round, how many did, and where the round stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db.models import Count, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.domain import opening
from zusammenplan.ballots.models import Group, Round
from zusammenplan.meetings.models import Body


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """A group as a page shows it: who may vote, who did, whether it is open."""

    key: int
    name: str
    mark: str
    way: str
    counts_marks: bool
    voters: int
    voted: int
    opens_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    unreached: int = 0

    @property
    def is_personal(self) -> bool:
        return self.way == Way.PERSONAL

    def is_over(self, now: datetime) -> bool:
        """Tell whether the vote has ended, by hand or by the clock."""
        return opening.is_over(self.closes_at, self.closed_at, now)

    def is_open(self, now: datetime) -> bool:
        return opening.is_open(self.opens_at, self.closes_at, self.closed_at, now)


def group_infos(round_: Round) -> list[GroupInfo]:
    """Give the round's groups in their order with the participation of each."""
    return groups_of([round_]).get(round_.pk, [])


def groups_of(rounds: Iterable[Round]) -> dict[int, list[GroupInfo]]:
    """Give the groups of many rounds in one query."""
    groups = (
        Group.objects.filter(round__in=[round_.pk for round_ in rounds])
        .annotate(
            eligible=Count("voters"),
            voted=Count("voters", filter=Q(voters__has_voted=True)),
            unreached=Count("voters", filter=Q(voters__invitation=None, voters__user=None)),
        )
        .order_by("position", "pk")
    )
    infos: dict[int, list[GroupInfo]] = {}
    for group in groups:
        is_personal = group.way == Way.PERSONAL
        info = GroupInfo(
            key=group.pk,
            name=group.name,
            mark=group.mark,
            way=group.way,
            counts_marks=group.counts_marks,
            voters=group.eligible if is_personal else (group.present or 0),
            voted=group.voted if is_personal else (group.present or 0),
            opens_at=group.opens_at,
            closes_at=group.closes_at,
            closed_at=group.closed_at,
            unreached=group.unreached if is_personal else 0,
        )
        infos.setdefault(group.round_id, []).append(info)
    return infos


def body_named(name: str) -> Body | None:
    """Find the body that a table or a command calls by its name or short name."""
    return (
        Body.objects.filter(name_de__iexact=name).first()
        or Body.objects.filter(short_name__iexact=name).first()
    )


class Step(IntEnum):
    """The four steps of a round; after the last one it is done."""

    PREPARE = 1
    VOTE = 2
    EVALUATE = 3
    RELEASE = 4
    DONE = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a round stands, in words."""

    step: Step
    status: str
    turnout: tuple[str, ...]
    # What comes next; empty when nothing does.
    next: str


def step_of(round_: Round, groups: Sequence[GroupInfo], now: datetime) -> Step:
    """Tell which step the round is at; whether something still waits, the result page knows."""
    if round_.is_released:
        return Step.DONE
    if all(group.opens_at is None for group in groups):
        return Step.PREPARE
    if not all(group.is_over(now) for group in groups):
        return Step.VOTE
    return Step.EVALUATE


def progress_of(round_: Round, groups: Sequence[GroupInfo], now: datetime) -> Progress:
    """Say where the round stands and what comes next."""
    step = step_of(round_, groups, now)
    status = {
        Step.PREPARE: _("being prepared"),
        Step.VOTE: _("voting is running"),
        Step.EVALUATE: _("to be evaluated"),
        Step.DONE: _("released"),
    }[step]
    turnout = tuple(f"{group.name}: {turnout_of(group)}" for group in groups)
    return Progress(step=step, status=status, turnout=turnout, next=_next(step, groups, now))


def turnout_of(group: GroupInfo) -> str:
    """Say how many of a group voted, or how it votes."""
    if group.is_personal:
        return _("%(voted)s of %(voters)s voted") % {"voted": group.voted, "voters": group.voters}
    if group.voters:
        return ngettext("%(count)s person present", "%(count)s persons present", group.voters) % {
            "count": group.voters
        }
    return str(Way(group.way).label)


def _next(step: Step, groups: Sequence[GroupInfo], now: datetime) -> str:
    if step == Step.DONE:
        return ""
    if step == Step.PREPARE:
        return _next_to_prepare(groups)
    late = [group.name for group in groups if group.closed_at is None and group.is_over(now)]
    if late:
        return _("The time is over. Close the vote: %(groups)s.") % {"groups": _names(late)}
    if step == Step.EVALUATE:
        return _("Check the result and release it.")
    running = [group.name for group in groups if group.is_open(now)]
    if running:
        return _("The vote is open: %(groups)s.") % {"groups": _names(running)}
    waiting = [group.name for group in groups if not group.is_over(now)]
    return _("Open the vote: %(groups)s.") % {"groups": _names(waiting)}


def _next_to_prepare(groups: Sequence[GroupInfo]) -> str:
    if not groups:
        return _("Add the groups that vote.")
    empty = [group.name for group in groups if group.is_personal and not group.voters]
    if empty:
        return _("Nobody is on the list of voters yet: %(groups)s.") % {"groups": _names(empty)}
    unreached = sum(group.unreached for group in groups)
    if unreached:
        return ngettext(
            "%(count)s person on the list has no personal link yet. Make it before you open the "
            "vote, unless this person votes on paper.",
            "%(count)s persons on the list have no personal link yet. Make them before you open "
            "the vote, unless these persons vote on paper.",
            unreached,
        ) % {"count": unreached}
    return _("Open the vote when everything is ready.")


def _names(names: list[str]) -> str:
    return str(get_text_list(names, _("and")))
