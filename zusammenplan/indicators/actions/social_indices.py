"""Add, change and delete social indices with their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.indicators.models import IndexPart, SocialIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from django.contrib.auth.base_user import AbstractBaseUser

METHOD = {"kind", "minimum_population", "classes", "class_method"}


class PartValues(NamedTuple):
    """An indicator in the index, as somebody entered it."""

    indicator: int
    weight: Decimal
    high_is_burden: bool


class IndexSlugTakenError(Exception):
    """Another index has this address."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            _("There is already an index with the address “%(slug)s”.") % {"slug": slug}
        )


class NoPartsError(Exception):
    """An index needs an indicator with a weight."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one indicator with a weight above zero."))


@transaction.atomic
def add_social_index(
    values: Mapping[str, Any], parts: Sequence[PartValues], *, by: AbstractBaseUser | None
) -> SocialIndex:
    """
    Add a social index.

    :raises NoPartsError: if no indicator has a weight
    :raises IndexSlugTakenError: if another index has the address
    """
    _demand_weight(parts)
    index = SocialIndex(**values)
    try:
        with transaction.atomic():
            keep(index, by=by, deed=_("Social index added"))
    except IntegrityError as clash:
        raise IndexSlugTakenError(index.slug) from clash
    _set_parts(index, parts, by)
    raise_version()
    return index


@transaction.atomic
def change_social_index(
    index: SocialIndex,
    values: Mapping[str, Any],
    parts: Sequence[PartValues],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
) -> SocialIndex:
    """
    Change a social index; other indicators, weights or classes are a new version of its method.

    :raises NoPartsError: if no indicator has a weight
    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises IndexSlugTakenError: if another index has the address
    """
    _demand_weight(parts)
    index = SocialIndex.objects.select_for_update().get(pk=index.pk)
    changed = [name for name, value in values.items() if getattr(index, name) != value]
    for name in changed:
        setattr(index, name, values[name])
    is_other_method = bool(METHOD & set(changed)) | (set(parts) != _parts_of(index))
    if not changed and not is_other_method:
        return index
    if is_other_method:
        index.method_version += 1
        changed.append("method_version")
    try:
        with transaction.atomic():
            keep_unless_changed(
                index,
                seen_version=seen_version,
                by=by,
                deed=_("New version of the method")
                if is_other_method
                else _("Social index changed"),
                fields=changed,
            )
    except IntegrityError as clash:
        raise IndexSlugTakenError(index.slug) from clash
    _set_parts(index, parts, by)
    raise_version()
    return index


@transaction.atomic
def delete_social_index(index: SocialIndex, *, reason: str, by: AbstractBaseUser | None) -> None:
    """Delete a social index; the history keeps what it was."""
    for part in index.parts.all():
        remove(part, by=by, reason=reason)
    remove(index, by=by, reason=reason)
    raise_version()


def _demand_weight(parts: Sequence[PartValues]) -> None:
    if not any(part.weight > 0 for part in parts):
        raise NoPartsError


def _parts_of(index: SocialIndex) -> set[PartValues]:
    return {
        PartValues(part.indicator_id, part.weight, part.high_is_burden)
        for part in index.parts.all()
    }


def _set_parts(
    index: SocialIndex, parts: Sequence[PartValues], by: AbstractBaseUser | None
) -> None:
    kept = {part.indicator_id: part for part in index.parts.all()}
    for values in parts:
        part = kept.pop(values.indicator, None) or IndexPart(
            index=index, indicator_id=values.indicator
        )
        old = PartValues(part.indicator_id, part.weight, part.high_is_burden)
        part.weight, part.high_is_burden = values.weight, values.high_is_burden
        if part._state.adding or old != values:
            keep(part, by=by, deed=_("Weight of an indicator"))
    for part in kept.values():
        remove(part, by=by, reason=_("No longer in the index"))
