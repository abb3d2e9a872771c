"""Add, change and delete indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep, keep_unless_changed, remove
from zusammenplan.core.public import raise_version
from zusammenplan.indicators.actions.figures import recompute_indicator
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.models import Indicator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.auth.base_user import AbstractBaseUser

STEP = 10
# What makes other values of the same counts: then the method has a new version.
METHOD = {"formula", "parameters"}


class IndicatorCodeTakenError(Exception):
    """Another indicator has this short name."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _("There is already an indicator “%(code)s”. Choose another short name.")
            % {"code": code}
        )


class IndicatorInUseError(Exception):
    """Something upper needs the indicator, such as a social index or a measure."""

    def __init__(self, indicator: Indicator, uses: int) -> None:
        super().__init__(
            _("“%(indicator)s” is used in other places (%(uses)s). Take the links away first.")
            % {"indicator": indicator, "uses": uses}
        )


@transaction.atomic
def add_indicator(values: Mapping[str, Any], *, by: AbstractBaseUser | None) -> Indicator:
    """
    Add an indicator of one's own, and compute its figures.

    :raises IndicatorCodeTakenError: if another indicator has the short name
    """
    last = Indicator.objects.aggregate(last=models.Max("position"))["last"] or 0
    indicator = Indicator(**values, is_own=True, position=last + STEP)
    try:
        with transaction.atomic():
            keep(indicator, by=by, deed=_("Indicator added"))
    except IntegrityError as clash:
        raise IndicatorCodeTakenError(indicator.code) from clash
    recompute_indicator(indicator)
    return indicator


@transaction.atomic
def change_indicator(
    indicator: Indicator,
    values: Mapping[str, Any],
    *,
    seen_version: int,
    by: AbstractBaseUser | None,
) -> Indicator:
    """
    Change an indicator; another formula or other limits of age are a new version of its method.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises IndicatorCodeTakenError: if another indicator has the short name
    """
    # Not its key: an import that writes figures of it goes on, and is waited for.
    indicator = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
    changed = [name for name, value in values.items() if getattr(indicator, name) != value]
    if not changed:
        return indicator
    for name in changed:
        setattr(indicator, name, values[name])
    is_other_method = bool(METHOD & set(changed))
    if is_other_method:
        indicator.method_version += 1
        changed.append("method_version")
    try:
        with transaction.atomic():
            keep_unless_changed(
                indicator,
                seen_version=seen_version,
                by=by,
                deed=_("New version of the method") if is_other_method else _("Indicator changed"),
                fields=changed,
            )
    except IntegrityError as clash:
        raise IndicatorCodeTakenError(indicator.code) from clash
    if is_other_method:
        recompute_indicator(indicator)
    raise_version()
    return indicator


@transaction.atomic
def delete_indicator(indicator: Indicator, *, reason: str, by: AbstractBaseUser | None) -> None:
    """
    Delete an indicator with its figures; the history keeps what it was.

    :raises IndicatorInUseError: if something is tied to it
    """
    # An import that goes on could add figures that this deed does not know of.
    figures_alone()
    try:
        with transaction.atomic():
            remove(indicator, by=by, reason=reason)
    except ProtectedError as refusal:
        raise IndicatorInUseError(indicator, len(refusal.protected_objects)) from refusal
    raise_version()
