"""Add, change, end and delete versions of areas; the area itself says what today's version says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, ProtectedError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.places.actions.areas import lock_areas, next_position
from zusammenplan.places.actions.fitting import demand_fits
from zusammenplan.places.actions.refusals import (
    AreaInUseError,
    AreaReasonMissingError,
    LastVersionError,
)
from zusammenplan.places.models import Area, AreaVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.base_user import AbstractBaseUser

ONE_DAY = timedelta(days=1)
LONGEST_NAME = 120


@transaction.atomic
def add_version(
    area: Area, values: Mapping[str, Any], *, by: AbstractBaseUser | None
) -> AreaVersion:
    """
    Add a version of an area for days on which it has none.

    :raises AreaRefusedError: if it does not fit to the other versions, keys and areas
    """
    lock_areas()
    version = AreaVersion(area=area, **values)
    demand_fits(version)
    keep(version, by=by, deed=_("Version added"))
    mirror(area, by=by)
    raise_version()
    return version


@transaction.atomic
def change_version(
    version: AreaVersion,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
    deed: str = "",
) -> AreaVersion:
    """
    Correct what a version says; what is true only from a day on is another version.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises AreaRefusedError: if it does not fit to the other versions, keys and areas
    """
    lock_areas()
    version.refresh_from_db()
    changed = [name for name, value in values.items() if getattr(version, name) != value]
    if not changed:
        return version
    for name in changed:
        setattr(version, name, values[name])
    demand_fits(version)
    keep_unless_changed(
        version,
        seen_version=seen_version,
        by=by,
        deed=deed or _("Version changed"),
        fields=changed,
    )
    mirror(version.area, by=by)
    raise_version()
    return version


@transaction.atomic
def delete_version(version: AreaVersion, *, reason: str, by: AbstractBaseUser | None) -> None:
    """
    Delete a version that was a mistake, with the changes of territory from and to it.

    :raises AreaReasonMissingError: if no reason is given
    :raises LastVersionError: if it is the area's only one
    :raises AreaInUseError: if figures belong to it
    """
    if not reason.strip():
        raise AreaReasonMissingError
    lock_areas()
    if not version.area.versions.exclude(pk=version.pk).exists():
        raise LastVersionError(version.area)
    area = version.area
    try:
        with transaction.atomic():
            remove(version, by=by, reason=reason)
    except ProtectedError as refusal:
        raise AreaInUseError(version, uses=len(refusal.protected_objects)) from refusal
    mirror(area, by=by)
    raise_version()


@transaction.atomic
def follow_today() -> int:
    """Let areas follow versions that were entered before and began since; give how many did."""
    lock_areas()
    areas = Area.objects.annotate(number=Count("versions")).filter(number__gt=1).order_by("pk")
    followed = sum(mirror(area, by=None) for area in areas)
    if followed:
        raise_version()
    return followed


def mirror(area: Area, *, by: AbstractBaseUser | None) -> bool:
    """Let the area say what its version of today says; tell whether it said anything else."""
    version = area.versions.valid_on(localdate()).select_related("parent").first()
    if version is None:
        return False
    values = {
        "name": free_name(version.name, version.ags, area=area),
        "kind": version.kind,
        "parent": version.parent,
    }
    changed = [name for name, value in values.items() if getattr(area, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(area, name, values[name])
    if "parent" in changed:
        area.position = next_position(area.parent)
        changed.append("position")
    area.version += 1
    keep(area, by=by, deed=_("Version of today taken over"), fields=[*changed, "version"])
    return True


def free_name(name: str, key: str, *, area: Area | None = None, beside: str = "") -> str:
    """Give a name that no other area has: the name, or with what stands beside it, or the key."""
    if area and (area.name == name or area.name.startswith(f"{name} (")):
        return area.name
    taken = Area.objects.exclude(pk=area.pk) if area else Area.objects.all()
    candidates = [name, *(f"{name} ({more})" for more in (beside, key) if more)]
    for candidate in candidates:
        if len(candidate) <= LONGEST_NAME and not taken.filter(name=candidate).exists():
            return candidate
    return _numbered(name, taken.filter(name__startswith=name).values_list("name", flat=True))


def _numbered(name: str, taken: Any) -> str:
    names = set(taken)
    return next(
        candidate
        for number in range(2, len(names) + 3)
        if (candidate := f"{name} ({number})") not in names
    )
