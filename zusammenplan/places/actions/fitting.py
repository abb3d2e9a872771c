"""What has to fit: a version to the others of its area, to its keys, and to the area it lies in."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate

from zusammenplan.places.actions.refusals import (
    AreaInItselfError,
    KeyOfOtherKindError,
    KeysDifferError,
    KeyTakenError,
    ParentNotThereError,
    ParentOfOtherKeyError,
    PeriodTurnedError,
    VersionsOverlapError,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.keys import ags_of, kind_of_key, parent_key
from zusammenplan.places.domain.tree import lies_in_itself
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.finder import meet
from zusammenplan.places.queries.words import kind_name

ARS_DIGITS = 12
# The kinds without official keys.
UNOFFICIAL = {AreaKind.PLANNING_AREA, AreaKind.DISTRICT}


def demand_fits(version: AreaVersion) -> None:
    """
    Check a version against the others of its area, its keys, and the area it lies in.

    :raises AreaRefusedError: if something does not fit
    """
    first, last = version.valid_from, version.valid_to
    if first and last and last < first:
        raise PeriodTurnedError
    for other in version.area.versions.exclude(pk=version.pk).defer("geometry"):
        if meet(version, other):
            raise VersionsOverlapError(other)
    _demand_keys(version)
    _demand_parent(version)


def _demand_keys(version: AreaVersion) -> None:
    ags, ars = version.ags, version.ars
    if len(ars) == ARS_DIGITS and (not ags or ags_of(ars) != ags):
        raise KeysDifferError(ags or "–", ars)
    if ags and version.kind not in UNOFFICIAL and kind_of_key(ags) != version.kind:
        meant = kind_name(kind_of_key(ags), ags)
        raise KeyOfOtherKindError(ags, kind_name(version.kind, ""), meant)
    if not ags:
        return
    for other in AreaVersion.objects.filter(ags=ags).exclude(pk=version.pk).defer("geometry"):
        if meet(version, other):
            raise KeyTakenError(ags, other)


def _demand_parent(version: AreaVersion) -> None:
    parent = version.parent
    if parent is None:
        return
    parents = dict(Area.objects.values_list("pk", "parent_id"))
    # What the tree says is of today; where a version that has ended lay is another matter.
    is_past = version.valid_to is not None and version.valid_to < localdate()
    if parent.pk == version.area_id or (
        not is_past and lies_in_itself(parents, version.area_id, parent.pk)
    ):
        raise AreaInItselfError(version.area, parent)
    versions = list(parent.versions.defer("geometry").select_related("parent"))
    then = [one for one in versions if meet(version, one)]
    if versions and not then:
        raise ParentNotThereError(parent, version.valid_from or version.valid_to)
    if version.kind == AreaKind.MUNICIPALITY and version.ags:
        _demand_county(version, then)


def _demand_county(version: AreaVersion, then: list[AreaVersion]) -> None:
    """Let a municipality lie only in a county whose digits its key begins with."""
    wrong: list[AreaVersion] = []
    for above in then:
        day = max(version.valid_from or date.min, above.valid_from or date.min)
        county = _county_of(above, day)
        if county is None or not county.ags or county.ags == parent_key(version.ags):
            return
        wrong.append(county)
    if wrong:
        raise ParentOfOtherKeyError(version.ags, wrong[0])


def _county_of(version: AreaVersion, day: date) -> AreaVersion | None:
    """Give the version itself, or the one above it on the day, that is a county."""
    here: AreaVersion | None = version
    for _level in AreaKind:
        if here is None or here.kind == AreaKind.COUNTY:
            return here
        above = here.parent.versions.all() if here.parent else AreaVersion.objects.none()
        here = above.valid_on(day).defer("geometry").select_related("parent").first()
    return None
