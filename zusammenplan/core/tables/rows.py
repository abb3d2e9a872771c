"""A table as it was read: rows with the numbers that people count."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["tsv", "csv", "xlsx", "docx", "text"]


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row; ``number`` is how a person counts it in the file."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    rows: tuple[Row, ...]
    kind: Kind
    encoding: str | None = None
    separator: str | None = None
