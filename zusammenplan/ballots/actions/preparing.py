"""Prepare a round: scale and rules, what is voted on, groups."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions.refusals import (
    FrozenError,
    NameTakenError,
    NotReadyError,
    demand_not_begun,
    demand_unreleased,
    has_begun,
    lock_group,
    lock_round,
)
from zusammenplan.ballots.actions.voters import add_voters_of_body
from zusammenplan.ballots.actions.voting import tell_watchers
from zusammenplan.ballots.choices import OwnResult, Way
from zusammenplan.ballots.models import Group, Item, Round, Voter
from zusammenplan.ballots.queries import items_of
from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.core.slugs import slug_of
from zusammenplan.people.models import User
from zusammenplan.plans.models import Measure, Plan

SETTINGS = ("lowest", "highest", "direction", "words", "pooling", "half_step", "is_secret")
"""What may not change any more once a group has opened."""
COPIED = (*SETTINGS, "audience", "takes_proposals", "intro_de", "intro_en")
GROUP_COPIED = (
    "body",
    "name_de",
    "name_en",
    "mark",
    "way",
    "own_result",
    "tie_rule",
    "counts_marks",
)


@transaction.atomic
def create_round(
    plan: Plan,
    values: Mapping[str, object],
    *,
    by: User | None,
    now: datetime,
    measures: Iterable[Measure] | None = None,
    corrects: Round | None = None,
) -> Round:
    """
    Prepare a round over the plan's measures, all of them unless some are named.

    :raises NotReadyError: if it would correct a round that is not released
    """
    if corrects is not None and not corrects.is_released:
        raise NotReadyError(
            _("Only a released result can be corrected. Change the running round instead.")
        )
    # Two rounds of one title, or one that is sent twice, wait for each other's address.
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    round_ = Round(
        plan=plan,
        slug=_free_slug(str(values["title_de"])),
        wall_key=secrets.token_urlsafe(12),
        created_at=now,
        corrects=corrects,
        **values,
    )
    keep(round_, by=by, deed=_("Round prepared"))
    _put_items(round_, plan.measures.in_order() if measures is None else measures)
    return round_


@transaction.atomic
def copy_round(
    source: Round,
    values: Mapping[str, object],
    *,
    by: User | None,
    now: datetime,
    day: date,
    corrects: Round | None = None,
) -> Round:
    """
    Prepare a round with another one's settings, groups and voters (their links are new).

    A copy puts all the plan's measures on the ballot, a correction those of the round it corrects.

    :raises NotReadyError: if it would correct a round that is not released
    """
    settings = {name: getattr(source, name) for name in COPIED}
    round_ = create_round(
        source.plan,
        {**settings, **values},
        by=by,
        now=now,
        measures=None if corrects is None else [item.measure for item in items_of(corrects)],
        corrects=corrects,
    )
    for group in source.groups.order_by("position", "pk"):
        copied = add_group(round_, {name: getattr(group, name) for name in GROUP_COPIED}, by=by)
        if copied.body is not None:
            add_voters_of_body(copied, day=day, by=by)
        else:
            Voter.objects.bulk_create(
                Voter(group=copied, name=voter.name, email=voter.email, user=voter.user)
                for voter in group.voters.filter(anonymised_at=None).order_by("pk")
            )
    return round_


@transaction.atomic
def change_round(
    round_: Round, values: Mapping[str, object], *, seen_version: int, by: User
) -> Round:
    """
    Change a round; scale and rules only before the first group opens.

    :raises FrozenError: if settings would change after that, or the result is released
    :raises ChangedMeanwhileError: if somebody else changed the round meanwhile
    """
    round_ = lock_round(round_.pk)
    demand_unreleased(round_)
    changed = {name: value for name, value in values.items() if getattr(round_, name) != value}
    if has_begun(round_) and set(changed) & set(SETTINGS):
        raise FrozenError(_("Scale and rules cannot change any more, because voting has begun."))
    for name, value in changed.items():
        setattr(round_, name, value)
    keep_unless_changed(
        round_, seen_version=seen_version, by=by, deed=_("Round changed"), fields=list(values)
    )
    raise_version()
    return round_


@transaction.atomic
def delete_round(round_: Round, *, by: User, reason: str) -> None:
    """
    Delete a round nobody has voted in yet.

    :raises FrozenError: if voting has begun
    """
    round_ = lock_round(round_.pk)
    demand_not_begun(round_)
    remove(round_, by=by, reason=reason)


@transaction.atomic
def choose_items(round_: Round, measures: Iterable[Measure], *, by: User) -> None:
    """
    Choose which measures are voted on.

    :raises FrozenError: if voting has begun
    """
    round_ = lock_round(round_.pk)
    demand_not_begun(round_)
    round_.items.all().delete()
    _put_items(round_, measures)
    keep(round_, by=by, deed=_("Measures chosen"), fields=["version"])


@transaction.atomic
def add_group(round_: Round, values: Mapping[str, object], *, by: User | None) -> Group:
    """
    Add a group of voters.

    :raises FrozenError: if the result is released
    :raises NameTakenError: if the round has a group of that name
    """
    round_ = lock_round(round_.pk)
    demand_unreleased(round_)
    last = round_.groups.aggregate(last=Max("position"))["last"]
    group = Group(round=round_, position=0 if last is None else last + 1, **values)
    _settle_way(group)
    try:
        with transaction.atomic():
            keep(group, by=by, deed=_("Group added"))
    except IntegrityError as clash:
        raise NameTakenError(_("The round already has a group of this name.")) from clash
    tell_watchers(round_)
    return group


@transaction.atomic
def change_group(
    group: Group, values: Mapping[str, object], *, seen_version: int, by: User
) -> Group:
    """
    Change a group; its way of voting and rules only before it opens.

    :raises FrozenError: if the group has opened or the result is released
    :raises NameTakenError: if the round has another group of that name
    """
    group = lock_group(group)
    demand_unreleased(group.round)
    fixed = {"way", "own_result", "tie_rule", "counts_marks"}
    changed = {name for name, value in values.items() if getattr(group, name) != value}
    if group.opens_at is not None and changed & fixed:
        raise FrozenError(_("The way of voting cannot change any more: the group has opened."))
    for name, value in values.items():
        setattr(group, name, value)
    _settle_way(group)
    fields = [*{*values, "own_result", "counts_marks"}]
    try:
        with transaction.atomic():
            group = keep_unless_changed(
                group, seen_version=seen_version, by=by, deed=_("Group changed"), fields=fields
            )
    except IntegrityError as clash:
        raise NameTakenError(_("The round already has a group of this name.")) from clash
    tell_watchers(group.round)
    return group


@transaction.atomic
def delete_group(group: Group, *, by: User, reason: str) -> None:
    """
    Delete a group that has not opened.

    :raises FrozenError: if it has
    """
    group = lock_group(group)
    if group.opens_at is not None or group.closed_at is not None:
        raise FrozenError(_("The group has opened. Its marks stay part of the round."))
    remove(group, by=by, reason=reason)
    tell_watchers(group.round)


def _free_slug(title: str) -> str:
    stem = slug_of(title) or "priorisierung"
    taken = set(Round.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = next(n for n in range(1, len(taken) + 2) if _numbered(stem, n) not in taken)
    return _numbered(stem, number)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _put_items(round_: Round, measures: Iterable[Measure]) -> None:
    Item.objects.bulk_create(
        Item(
            round=round_,
            measure=measure,
            position=position,
            number=measure.number,
            title_de=measure.title_de,
            title_en=measure.title_en,
            is_additional=measure.is_additional,
        )
        for position, measure in enumerate(measures)
    )


def _settle_way(group: Group) -> None:
    # Where nobody counts hands there is one grade and no median.
    if group.way == Way.MAJORITY:
        group.counts_marks = False
    if not group.counts_marks:
        group.own_result = OwnResult.MAJORITY
