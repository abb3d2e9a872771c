"""Put the municipalities of a county into planning areas: all of them at once, or none."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, remove
from zusammenplan.core.public import raise_version
from zusammenplan.places.actions.areas import add_area, lock_areas
from zusammenplan.places.actions.changes import note_transition, succeed
from zusammenplan.places.actions.fitting import demand_fits
from zusammenplan.places.actions.refusals import AreaRefusedError, NotValidThenError
from zusammenplan.places.actions.versions import ONE_DAY, mirror
from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.models import Area, AreaTransition, AreaVersion
from zusammenplan.places.queries.finder import covers
from zusammenplan.places.queries.planning import cut_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.contrib.auth.base_user import AbstractBaseUser

EIGHT_DECIMALS = Decimal("0.00000001")


class CutChangedError(AreaRefusedError):
    """Somebody else changed the planning areas after the page was shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else changed the planning areas meanwhile. Nothing was saved. "
                "Look at the list once more."
            )
        )


@transaction.atomic
def cut_planning_areas(
    county: Area,
    chosen: Mapping[Area, Area],
    day: date | None,
    *,
    seen: str,
    by: AbstractBaseUser | None,
) -> int:
    """
    Put municipalities into planning areas, or back into the county, from a day on or from always.

    ``chosen`` gives municipalities the planning area, or the county itself; a planning area that
    is not saved yet is added. ``seen`` is the fingerprint of today's cut that the person saw.
    Gives how many municipalities moved.

    :raises CutChangedError: if it is different now
    :raises AreaNameTakenError: if a new planning area has the name of another area
    :raises NotValidThenError: if a municipality or planning area was not there on the day
    """
    lock_areas()
    if cut_of(county, localdate()).fingerprint != seen:
        raise CutChangedError
    chosen = _with_new_areas(county, chosen, by=by)
    touched: set[Area] = set()
    if day is None:
        moved = _move_always(county, chosen, touched, by=by)
    else:
        moved = _move_from(chosen, day, touched, by=by)
    for area in sorted(touched, key=lambda one: one.name):
        mirror(area, by=by)
    if moved:
        raise_version()
    return moved


def _with_new_areas(
    county: Area, chosen: Mapping[Area, Area], *, by: AbstractBaseUser | None
) -> dict[Area, Area]:
    """Add the planning areas that are not there yet, each once."""
    made: dict[int, Area] = {}
    for target in chosen.values():
        if target._state.adding and id(target) not in made:
            made[id(target)] = add_area(
                {"name": target.name, "kind": AreaKind.PLANNING_AREA, "parent": county}, by=by
            )
    return {one: made.get(id(target), target) for one, target in chosen.items()}


def _move_always(
    county: Area,
    chosen: Mapping[Area, Area],
    touched: set[Area],
    *,
    by: AbstractBaseUser | None,
) -> int:
    """Correct all versions that lay in the county: the municipality was never anywhere else."""
    inside = {
        county.pk,
        *county.parts.filter(kind=AreaKind.PLANNING_AREA).values_list("pk", flat=True),
    }
    for municipality, target in chosen.items():
        for version in municipality.versions.select_related("area"):
            if version.parent_id in inside and version.parent_id != target.pk:
                _put(version, target, by=by)
                touched.add(municipality)
    return len(touched)


def _move_from(
    chosen: Mapping[Area, Area],
    day: date,
    touched: set[Area],
    *,
    by: AbstractBaseUser | None,
) -> int:
    leaves: defaultdict[Area, list[AreaVersion]] = defaultdict(list)
    comes: defaultdict[Area, list[AreaVersion]] = defaultdict(list)
    moving: list[tuple[AreaVersion, Area]] = []
    for municipality, target in chosen.items():
        version = _valid(municipality, day)
        if version.parent_id == target.pk:
            continue
        if version.parent:
            leaves[version.parent].append(version)
        comes[target].append(version)
        moving.append((version, target))
    newer = _new_planning_areas(leaves, comes, day, by=by)
    for version, target in moving:
        _move(version, target, newer.get(target.pk), day, by=by)
        touched.add(version.area)
    return len(moving)


def _move(
    version: AreaVersion,
    target: Area,
    taker: AreaVersion | None,
    day: date,
    *,
    by: AbstractBaseUser | None,
) -> None:
    """Let the municipality lie elsewhere from the day on, also in its later versions."""
    later = list(version.area.versions.filter(valid_from__gt=day).select_related("area"))
    if version.valid_from == day:
        left = version.parent_id
        _put(version, target, by=by)
        for came in _came_from(version, day):
            _take_back(came.before, left, day, by=by)
            if taker:
                note_transition(
                    came.before,
                    taker,
                    day,
                    TransitionKind.MERGE,
                    by=by,
                    share=came.share_population,
                )
    else:
        after = succeed(version, day, {"parent": target}, by=by)
        note_transition(version, after, day, TransitionKind.MOVE, by=by)
        if taker:
            note_transition(version, taker, day, TransitionKind.MERGE, by=by)
    for one in later:
        _put(one, target, by=by)


def _take_back(
    before: AreaVersion, left: int | None, day: date, *, by: AbstractBaseUser | None
) -> None:
    """Forget that it came to the planning area that it leaves again from the same day on."""
    for noted in before.went_to.filter(on=day, after__area=left):
        remove(noted, by=by, reason=_("Put into a planning area"))


def _new_planning_areas(
    leaves: Mapping[Area, list[AreaVersion]],
    comes: Mapping[Area, list[AreaVersion]],
    day: date,
    *,
    by: AbstractBaseUser | None,
) -> dict[int, AreaVersion]:
    """Begin another version of each planning area whose territory changes on the day."""
    newer: dict[int, AreaVersion] = {}
    for area in {*leaves, *comes}:
        if area.kind != AreaKind.PLANNING_AREA:
            continue
        before = _valid(area, day)
        parts = [
            part
            for part in AreaVersion.objects.filter(parent=area).defer("geometry")
            if covers(part, day - ONE_DAY)
        ]
        # One that begins on the day, or had no parts until then, has no other territory before.
        if before.valid_from == day or not parts:
            newer[area.pk] = before
            continue
        after = succeed(before, day, {"geometry": None, "area_km2": None}, by=by)
        share = _staying_share(parts, leaves.get(area, []), day)
        if share > 0:
            note = "" if share == 1 else _("share estimated by the size of the parts")
            kind = TransitionKind.MERGE if share == 1 else TransitionKind.PARTIAL
            note_transition(before, after, day, kind, by=by, share=share, note=note)
        newer[area.pk] = after
    return newer


def _staying_share(parts: list[AreaVersion], leaving: list[AreaVersion], day: date) -> Decimal:
    """Estimate which share of a planning area stays, by size, or by number without sizes."""
    gone = {version.pk for version in leaving}
    for version in leaving:
        if version.valid_from == day:
            gone |= {came.before_id for came in _came_from(version, day)}
    sizes = {part.pk: part.area_km2 for part in parts}
    weights = {
        pk: Decimal(size or 0) if all(sizes.values()) else Decimal(1) for pk, size in sizes.items()
    }
    whole = sum(weights.values(), Decimal(0))
    stays = sum((weight for pk, weight in weights.items() if pk not in gone), Decimal(0))
    return (stays / whole).quantize(EIGHT_DECIMALS) if whole else Decimal(1)


def _came_from(version: AreaVersion, day: date) -> list[AreaTransition]:
    """Give what became the version when it began on the day, such as those merged into it."""
    return list(version.came_from.filter(on=day).select_related("before"))


def _valid(area: Area, day: date) -> AreaVersion:
    for version in area.versions.select_related("area", "parent"):
        if covers(version, day):
            return version
    raise NotValidThenError(area, day)


def _put(version: AreaVersion, target: Area, *, by: AbstractBaseUser | None) -> None:
    version.parent = target
    version.version += 1
    demand_fits(version)
    keep(version, by=by, deed=_("Put into a planning area"), fields=["parent", "version"])
