"""Changes of territory: what is different from a day on, areas merged, split, renamed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.places.actions.areas import add_area, lock_areas
from zusammenplan.places.actions.fitting import demand_fits
from zusammenplan.places.actions.refusals import (
    AreaReasonMissingError,
    NothingToChangeError,
    NotValidThenError,
    SharesTooLargeError,
    TransitionDayError,
    TransitionThereError,
)
from zusammenplan.places.actions.versions import ONE_DAY, mirror
from zusammenplan.places.choices import TransitionKind
from zusammenplan.places.domain.geometry import dissolved
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.queries.area_import import as_json, outline_of
from zusammenplan.places.queries.finder import covers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.contrib.auth.base_user import AbstractBaseUser

WHOLE = Decimal(1)
# What a version hands on to the next one of the same area.
HANDED_ON = (
    *("name", "kind", "ags", "ars", "association", "parent"),
    *("geometry", "area_km2", "source", "licence"),
)


@transaction.atomic
def change_from(
    area: Area,
    day: date,
    values: Mapping[str, Any],
    *,
    by: AbstractBaseUser | None,
    note: str = "",
) -> AreaVersion:
    """
    Let something be different from a day on: the version before ends, another one begins.

    :raises NotValidThenError: if no version was valid the day before and on the day
    :raises NothingToChangeError: if nothing would be different
    :raises AreaRefusedError: if the new version does not fit
    """
    lock_areas()
    before = version_to_end(area, day)
    changed = {name for name, value in values.items() if getattr(before, name) != value}
    if not changed:
        raise NothingToChangeError
    kind = TransitionKind.RENAME
    if changed & {"ags", "ars"}:
        kind = TransitionKind.REKEY
    elif "name" not in changed:
        kind = TransitionKind.MOVE
    after = succeed(before, day, values, by=by)
    note_transition(before, after, day, kind, by=by, note=note)
    mirror(area, by=by)
    raise_version()
    return after


@transaction.atomic
def merge(
    areas: Sequence[Area],
    into: Area,
    day: date,
    *,
    by: AbstractBaseUser | None,
    values: Mapping[str, Any] | None = None,
    note: str = "",
) -> AreaVersion:
    """
    Let areas become part of another one, which keeps its key or gets another.

    :raises NotValidThenError: if one of them was not valid the day before
    :raises AreaRefusedError: if the new version does not fit
    """
    lock_areas()
    others = [area for area in areas if area.pk != into.pk]
    if not others:
        raise NothingToChangeError
    before = version_to_end(into, day)
    ended = [version_to_end(area, day) for area in others]
    merged = {"area_km2": _sum_of([before, *ended]), **_joined([before, *ended])}
    for version in ended:
        _end(version, day, by=by)
    after = succeed(before, day, merged | dict(values or {}), by=by)
    for version in (before, *ended):
        note_transition(version, after, day, TransitionKind.MERGE, by=by, note=note)
    for area in (into, *others):
        mirror(area, by=by)
    raise_version()
    return after


@transaction.atomic
def split(
    area: Area,
    day: date,
    parts: Mapping[Area | str, Decimal],
    *,
    by: AbstractBaseUser | None,
    note: str = "",
) -> list[AreaVersion]:
    """
    Let parts of an area go to others, which are new if they are given by name.

    ``parts`` gives each its share of the population; what is left stays.

    :raises SharesTooLargeError: if the shares are more than the whole
    :raises NotValidThenError: if the area was not valid the day before
    """
    lock_areas()
    before = version_to_end(area, day)
    rest = WHOLE - sum(parts.values(), Decimal(0))
    if rest < 0 or any(share <= 0 for share in parts.values()):
        raise SharesTooLargeError(before)
    if not parts:
        raise NothingToChangeError
    unknown = {"geometry": None, "area_km2": None}
    made: list[AreaVersion] = []
    if rest > 0:
        stays = succeed(before, day, unknown, by=by)
        note_transition(before, stays, day, TransitionKind.SPLIT, by=by, share=rest, note=note)
        made.append(stays)
    else:
        _end(before, day, by=by)
    for part, share in parts.items():
        after = _part_of(before, part, day, by=by)
        note_transition(before, after, day, TransitionKind.SPLIT, by=by, share=share, note=note)
        made.append(after)
    for one in {version.area for version in (before, *made)}:
        mirror(one, by=by)
    raise_version()
    return made


def _part_of(
    before: AreaVersion, part: Area | str, day: date, *, by: AbstractBaseUser | None
) -> AreaVersion:
    """Give the version that takes the part: of a new area, or another one of an area there is."""
    if isinstance(part, Area):
        taker = version_to_end(part, day)
        after = succeed(taker, day, {"geometry": None, "area_km2": None}, by=by)
        note_transition(taker, after, day, TransitionKind.MERGE, by=by)
        return after
    area = add_area({"name": part, "kind": before.kind, "parent": before.parent}, by=by)
    version = area.versions.get()
    version.valid_from = day
    demand_fits(version)
    return keep(version, by=by, deed=_("Made by a split"), fields=["valid_from"])


# --- single transitions ------------------------------------------------------------------


@transaction.atomic
def add_transition(values: Mapping[str, Any], *, by: AbstractBaseUser | None) -> AreaTransition:
    """
    Note what became of one version in another, both of which are there.

    :raises TransitionDayError: if they do not meet on the day
    :raises TransitionThereError: if it is noted already
    :raises SharesTooLargeError: if the parts of a split are more than the whole
    """
    lock_areas()
    transition = AreaTransition(**values)
    _demand_transition(transition)
    keep(transition, by=by, deed=_("Change of territory noted"))
    raise_version()
    return transition


@transaction.atomic
def change_transition(
    transition: AreaTransition,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
) -> AreaTransition:
    """
    Correct what is noted of a change of territory.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises TransitionDayError: if its versions do not meet on the day
    :raises TransitionThereError: if another one says the same of them
    :raises SharesTooLargeError: if the parts of a split are more than the whole
    """
    lock_areas()
    transition.refresh_from_db()
    changed = [name for name, value in values.items() if getattr(transition, name) != value]
    if not changed:
        return transition
    for name in changed:
        setattr(transition, name, values[name])
    _demand_transition(transition)
    keep_unless_changed(
        transition,
        seen_version=seen_version,
        by=by,
        deed=_("Change of territory corrected"),
        fields=changed,
    )
    raise_version()
    return transition


@transaction.atomic
def remove_transition(
    transition: AreaTransition, *, reason: str, by: AbstractBaseUser | None
) -> None:
    """
    Take back a change of territory that was noted by mistake; the versions stay.

    :raises AreaReasonMissingError: if no reason is given
    """
    if not reason.strip():
        raise AreaReasonMissingError
    lock_areas()
    remove(transition, by=by, reason=reason)
    raise_version()


def _demand_transition(transition: AreaTransition) -> None:
    before, after, on = transition.before, transition.after, transition.on
    if not (covers(before, on - ONE_DAY) and not covers(before, on) and covers(after, on)):
        raise TransitionDayError(before, after, on)
    if before.went_to.filter(after=after).exclude(pk=transition.pk).exists():
        raise TransitionThereError
    if transition.kind == TransitionKind.SPLIT:
        others = before.went_to.filter(kind=TransitionKind.SPLIT).exclude(pk=transition.pk)
        given = others.aggregate(sum=Sum("share_population"))["sum"] or Decimal(0)
        if given + transition.share_population > WHOLE:
            raise SharesTooLargeError(before)


# --- the steps that all of them are made of ----------------------------------------------


def version_to_end(area: Area, day: date) -> AreaVersion:
    """
    Give the version that is valid the day before and would still be valid on the day.

    :raises NotValidThenError: if there is none
    """
    for version in area.versions.select_related("parent", "area"):
        if covers(version, day - ONE_DAY) and covers(version, day):
            return version
    raise NotValidThenError(area, day)


def succeed(
    before: AreaVersion, day: date, values: Mapping[str, Any], *, by: AbstractBaseUser | None
) -> AreaVersion:
    """End a version the day before and begin another one that says the same but for the values."""
    until = before.valid_to
    _end(before, day, by=by)
    handed_on = {name: getattr(before, name) for name in HANDED_ON}
    after = AreaVersion(
        area=before.area, valid_from=day, valid_to=until, **(handed_on | dict(values))
    )
    demand_fits(after)
    return keep(after, by=by, deed=_("Version added"))


def note_transition(
    before: AreaVersion,
    after: AreaVersion,
    day: date,
    kind: TransitionKind,
    *,
    by: AbstractBaseUser | None,
    share: Decimal = WHOLE,
    note: str = "",
) -> AreaTransition:
    """Note what became of a version."""
    transition = AreaTransition(
        before=before, after=after, on=day, kind=kind, share_population=share, note=note
    )
    return keep(transition, by=by, deed=_("Change of territory noted"))


def _end(version: AreaVersion, day: date, *, by: AbstractBaseUser | None) -> None:
    version.valid_to = day - ONE_DAY
    version.version += 1
    keep(version, by=by, deed=_("Version ended"), fields=["valid_to", "version"])


def _joined(versions: Sequence[AreaVersion]) -> dict[str, Any]:
    """Join outlines, and name who made each; none where one is not known, for half is wrong."""
    if not all(version.geometry for version in versions):
        return {"geometry": None}
    told = {
        name: " · ".join(dict.fromkeys(filter(None, (getattr(one, name) for one in versions))))
        for name in ("source", "licence")
    }
    return {
        "geometry": as_json(dissolved(outline_of(one.geometry) for one in versions)),
        "source": told["source"][:300],
        "licence": told["licence"][:120],
    }


def _sum_of(versions: Sequence[AreaVersion]) -> Decimal | None:
    sizes = [version.area_km2 for version in versions]
    return sum((size for size in sizes if size is not None), Decimal(0)) if all(sizes) else None
