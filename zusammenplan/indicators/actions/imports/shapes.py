"""What is asked of an import, and what would come of it."""

from __future__ import annotations

from dataclasses import dataclass, field as part
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal
    from pathlib import Path

    from zusammenplan.indicators.domain.own import OwnMapping, OwnTable
    from zusammenplan.indicators.domain.quantities import NewQuantity
    from zusammenplan.indicators.domain.shapes import Provenance
    from zusammenplan.indicators.models import StatisticsImport

# How many of each are told one by one; the rest is counted.
MOST_TOLD = 1_000
MOST_SHOWN = 100


class ImportRefusedError(Exception):
    """Nothing was taken over; the sentence says why."""


class ColumnsUnknownError(ImportRefusedError):
    """Nobody has said yet what the columns of an own table mean."""

    def __init__(self, sentence: str, *, file: int, table: OwnTable) -> None:
        super().__init__(sentence)
        self.file = file
        self.table = table


class OtherThanShownError(ImportRefusedError):
    """What would be taken over is not what the page showed."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read, and the name that people know it by."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Origin:
    """What a person says of a file's provenance; what is empty is taken from the file."""

    publisher: str = ""
    licence: str = ""
    url: str = ""
    retrieved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    How the files are to be taken over.

    ``mappings`` tells by a digest of the headings what the columns of own tables mean; ``names``
    which area is meant by a name that several have (its key here), or none of them (0).
    """

    known_areas_only: bool = False
    mappings: Mapping[str, OwnMapping] = part(default_factory=dict)
    names: Mapping[str, int] = part(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """A row or value that is not taken over, and why."""

    row: int
    column: int
    reason: str


@dataclass(slots=True)
class FileOutcome:
    """What became of one file."""

    name: str
    checksum: str
    about: Provenance
    known: StatisticsImport | None = None
    digest: str = ""
    values: dict[str, int] = part(default_factory=dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # Values that are left out on purpose, by why.
    skipped: dict[str, int] = part(default_factory=dict)
    refused: list[Fault] = part(default_factory=list)
    refused_count: int = 0
    areas_added: int = 0

    def refuse(self, row: int, column: int, reason: str) -> None:
        self.refused_count += 1
        if len(self.refused) < MOST_TOLD:
            self.refused.append(Fault(row, column, reason))

    def skip(self, why: str, count: int = 1) -> None:
        if count:
            self.skipped[why] = self.skipped.get(why, 0) + count

    @property
    def skipped_count(self) -> int:
        return sum(self.skipped.values())


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as the preview shows it."""

    file: int
    row: int
    quantity: str
    area: str
    starts_on: date
    ends_on: date
    whom: tuple[str, int, int, str]
    old: tuple[Decimal | None, str, str] | None
    new: tuple[Decimal | None, str, str]


@dataclass(frozen=True, slots=True)
class AmbiguousName:
    """A name that several areas have: who decides picks one."""

    name: str
    areas: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class NewArea:
    """A region of a file that the list does not know."""

    key: str
    ars: str
    name: str
    kind: str


@dataclass(slots=True)
class Outlook:
    """What would happen, or what happened: nothing else is said before and after."""

    files: list[FileOutcome]
    quantities: list[NewQuantity] = part(default_factory=list)
    areas: list[NewArea] = part(default_factory=list)
    ambiguous: list[AmbiguousName] = part(default_factory=list)
    contradictions: list[str] = part(default_factory=list)
    changed: list[Shown] = part(default_factory=list)
    added: list[Shown] = part(default_factory=list)
    imports: list[StatisticsImport] = part(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not any(file.new or file.changed for file in self.files)

    @property
    def knows_nothing(self) -> bool:
        """Tell whether not even one value was known before: all are refused or left out."""
        return not any(file.unchanged or file.known for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Give what tells this outlook from another, for what is taken must be what was shown."""
        counts = [
            (it.checksum[:12], it.new, it.changed, it.unchanged, it.refused_count, it.skipped_count)
            for it in self.files
        ]
        return "-".join(str(count) for counted in counts for count in counted)
