"""Take over the areas of a file: all that the preview shows, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.core.public import raise_version
from zusammenplan.places.actions.areas import lock_areas, next_position
from zusammenplan.places.actions.changes import note_transition, succeed
from zusammenplan.places.actions.fitting import demand_fits
from zusammenplan.places.actions.refusals import AreaRefusedError
from zusammenplan.places.actions.versions import free_name, mirror
from zusammenplan.places.choices import TransitionKind
from zusammenplan.places.models import Area, AreaImport, AreaVersion
from zusammenplan.places.queries.area_import import (
    ONE_DAY,
    Comparison,
    NotTaken,
    Proposal,
    Taken,
    compared,
    is_reference,
    own_prefix,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.contrib.auth.base_user import AbstractBaseUser

    from zusammenplan.places.domain.area_files import AreaFile


class ListChangedError(AreaRefusedError):
    """The list changed after the person saw what would happen; nothing was taken over."""

    def __init__(self) -> None:
        super().__init__(
            _("The list changed after this page was shown. Nothing was taken over. Look again.")
        )


@dataclass(frozen=True, slots=True)
class FileChoice:
    """What a person chose for the import of a file."""

    as_of: date
    only: str = ""
    keyless: str = ""
    # The keys of the proposals that are right.
    accepted: Collection[str] = frozenset()


@transaction.atomic
def take_areas(
    file: AreaFile,
    choice: FileChoice,
    *,
    name: str,
    checksum: str,
    seen: str | None,
    by: AbstractBaseUser | None,
    now: datetime,
) -> Comparison:
    """
    Write what is new or different, and remember where it came from.

    Areas that do not fit to those in the list are refused; the others are taken.

    :raises ListChangedError: if it would do something else than the person saw
    """
    lock_areas()
    comparison = compared(file, choice.as_of, only=choice.only, keyless=choice.keyless)
    if seen is not None and comparison.fingerprint != seen:
        raise ListChangedError
    writer = _Writer(comparison, by)
    writer.write()
    for proposal in comparison.proposals:
        if proposal.key in choice.accepted:
            writer.note(proposal)
    if writer.touched:
        raise_version()
    counts = {
        "added": comparison.count("new"),
        "changed": comparison.count("changed", "next"),
        "unchanged": comparison.count("unchanged"),
    }
    if writer.touched or not AreaImport.objects.filter(checksum=checksum).exists():
        AreaImport.objects.create(
            file_name=name[-200:],
            checksum=checksum,
            layout=file.layout.value,
            source=file.source,
            licence=file.licence,
            as_of=choice.as_of,
            imported_at=now,
            imported_by=by,  # type: ignore[misc] # the project has one model of users
            **counts,
        )
    return comparison


class _Writer:
    """Writes one comparison."""

    def __init__(self, comparison: Comparison, by: AbstractBaseUser | None) -> None:
        self.comparison = comparison
        self.by = by
        self.own = own_prefix()
        self.by_key: dict[str, AreaVersion] = {}
        self.touched: set[Area] = set()

    def write(self) -> None:
        kept: list[Taken] = []
        for taken in sorted(
            self.comparison.taken, key=lambda it: (not it.source.ags, len(it.source.ags))
        ):
            try:
                with transaction.atomic():
                    self._write(taken)
            except AreaRefusedError as refusal:
                source = taken.source
                self.comparison.refused.append(NotTaken(source.number, source.name, str(refusal)))
            else:
                kept.append(taken)
        self.comparison.taken = sorted(kept, key=lambda it: it.source.number)
        for area in sorted(self.touched, key=lambda one: one.position):
            mirror(area, by=self.by)

    def _write(self, taken: Taken) -> None:
        values = dict(taken.values)
        if taken.parent_key:
            above = self.by_key.get(taken.parent_key)
            values["parent"] = above.area if above else None
        version = taken.version
        if version is None:
            version = self._add(taken, values)
        elif taken.begins_anew:
            version = succeed(version, taken.begins_anew, values, by=self.by)
        elif values:
            for name, value in values.items():
                setattr(version, name, value)
            version.version += 1
            demand_fits(version)
            keep(version, by=self.by, deed=_("Taken from a file"), fields=[*values, "version"])
        self._adopt(version.area, taken.source.ags)
        if taken.fate != "unchanged":
            self.touched.add(version.area)
        if taken.source.ags:
            self.by_key[taken.source.ags] = version

    def _adopt(self, area: Area, ags: str) -> None:
        """Plan for an area of the municipality that figures alone had made known before."""
        if area.is_reference and ags and self.own and not is_reference(ags, self.own):
            area.is_reference = False
            keep(area, by=self.by, deed=_("Taken from a file"), fields=["is_reference"])
            self.touched.add(area)

    def _add(self, taken: Taken, values: dict[str, Any]) -> AreaVersion:
        area = taken.area or self._new_area(taken, values)
        version = AreaVersion(area=area, **values)
        demand_fits(version)
        return keep(version, by=self.by, deed=_("Taken from a file"))

    def _new_area(self, taken: Taken, values: dict[str, Any]) -> Area:
        source = taken.source
        area = Area(
            name=free_name(source.name, source.ags, beside=source.designation),
            kind=values["kind"],
            parent=values.get("parent"),
            is_reference=is_reference(source.ags, self.own),
        )
        area.position = next_position(area.parent)
        return keep(area, by=self.by, deed=_("Taken from a file"))

    def note(self, proposal: Proposal) -> None:
        """Note a change of territory that the person confirmed."""
        after = self.by_key.get(proposal.after_key)
        if after is None:
            return
        before = AreaVersion.objects.select_related("area").get(pk=proposal.before.pk)
        if proposal.ends and before.valid_to is None:
            before.valid_to = proposal.on - ONE_DAY
            before.version += 1
            keep(before, by=self.by, deed=_("Version ended"), fields=["valid_to", "version"])
        self.touched.add(before.area)
        note_transition(before, after, proposal.on, TransitionKind.MERGE, by=self.by)


def with_all_proposals(choice: FileChoice, comparison: Comparison) -> FileChoice:
    """Accept everything that the outlines tell."""
    return replace(choice, accepted={one.key for one in comparison.proposals})
