"""Add, change, move and delete areas."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.places.actions.fitting import demand_fits
from zusammenplan.places.actions.refusals import (
    AreaInItselfError,
    AreaInUseError,
    AreaNameTakenError,
    AreaReasonMissingError,
)
from zusammenplan.places.domain.tree import lies_in_itself
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.tree import links_to_areas

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

Direction = Literal["up", "down"]
# What an area says of itself is what its version of today says.
VERSIONED = ("name", "kind", "parent")


@transaction.atomic
def add_area(values: Mapping[str, Any], *, by: "AbstractBaseUser | None") -> Area:
    """
    Add an area after its siblings; it is valid always until its versions say otherwise.

    :raises AreaNameTakenError: if another area has the name
    """
    lock_areas()
    area = Area(**values)
    area.position = next_position(area.parent)
    try:
        with transaction.atomic():
            keep(area, by=by, deed=_("Area added"))
    except IntegrityError as clash:
        raise AreaNameTakenError(area.name) from clash
    version = AreaVersion(area=area, name=area.name, kind=area.kind, parent=area.parent)
    keep(version, by=by, deed=_("Area added"))
    raise_version()
    return area


@transaction.atomic
def change_area(
    area: Area, values: Mapping[str, Any], *, seen_version: int, by: "AbstractBaseUser | None"
) -> Area:
    """
    Correct an area's name, kind, or the area in which it lies, and so its version of today.

    What is different only from a day on is a new version.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises AreaInItselfError: if it would lie in itself
    :raises AreaNameTakenError: if another area has the name
    :raises AreaRefusedError: if its version of today does not fit to it any more
    """
    parents = lock_areas()
    area.refresh_from_db()
    changed = [name for name, value in values.items() if getattr(area, name) != value]
    if not changed:
        return area
    for name in changed:
        setattr(area, name, values[name])
    if "parent" in changed:
        if area.parent and lies_in_itself(parents, area.pk, area.parent_id):
            raise AreaInItselfError(area, area.parent)
        area.position = next_position(area.parent)
        changed.append("position")
    try:
        with transaction.atomic():
            keep_unless_changed(
                area, seen_version=seen_version, by=by, deed=_("Area changed"), fields=changed
            )
    except IntegrityError as clash:
        raise AreaNameTakenError(area.name) from clash
    _correct_version(area, [name for name in changed if name in VERSIONED], by=by)
    raise_version()
    return area


@transaction.atomic
def move_area(area: Area, direction: Direction, *, by: "AbstractBaseUser | None") -> bool:
    """Change places with the area before or after in the same one; tell whether there was one."""
    lock_areas()
    area.refresh_from_db()
    siblings = list(Area.objects.filter(parent=area.parent_id).in_order())
    here = siblings.index(area)
    there = here + (-1 if direction == "up" else 1)
    if not 0 <= there < len(siblings):
        return False
    siblings[here], siblings[there] = siblings[there], siblings[here]
    for position, sibling in enumerate(siblings, start=1):
        sibling.position = position
    Area.objects.bulk_update(siblings, ["position"])
    deed = _("Moved up") if direction == "up" else _("Moved down")
    keep(siblings[there], by=by, deed=deed, fields=["position"])
    raise_version()
    return True


@transaction.atomic
def delete_area(area: Area, *, reason: str, by: "AbstractBaseUser | None") -> None:
    """
    Delete an area that nothing names.

    :raises AreaReasonMissingError: if no reason is given
    :raises AreaInUseError: if an area lies in it, or something is linked to it
    """
    if not reason.strip():
        raise AreaReasonMissingError
    lock_areas()
    if parts := area.parts.count():
        raise AreaInUseError(area, parts=parts)
    if uses := _uses(area):
        raise AreaInUseError(area, uses=uses)
    try:
        with transaction.atomic():
            remove(area, by=by, reason=reason)
    except ProtectedError as refusal:
        raise AreaInUseError(area, uses=len(refusal.protected_objects)) from refusal
    raise_version()


def lock_areas() -> dict[int, int | None]:
    """Let one person at a time decide on the tree; give for each area the one it lies in."""
    return dict(Area.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))


def next_position(parent: Area | None) -> int:
    last: int | None = Area.objects.filter(parent=parent).aggregate(last=models.Max("position"))[
        "last"
    ]
    return 1 if last is None else last + 1


def _correct_version(area: Area, changed: Sequence[str], *, by: "AbstractBaseUser | None") -> None:
    version = area.versions.valid_on(localdate()).first()
    different = [
        name for name in changed if version and getattr(version, name) != getattr(area, name)
    ]
    if version is None or not different:
        return
    for name in different:
        setattr(version, name, getattr(area, name))
    if different != ["name"]:
        demand_fits(version)
    version.version += 1
    keep(version, by=by, deed=_("Area changed"), fields=[*different, "version"])


def _uses(area: Area) -> int:
    return sum(links.filter(area_id=area.pk).count() for links in links_to_areas())
