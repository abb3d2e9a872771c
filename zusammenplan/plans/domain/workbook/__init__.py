"""
A plan as a workbook to be edited and read back.

``records_of`` lays the plan out in sheets of records; each record has a key that stays. ``compare``
puts an edited workbook next to the plan as it is now and as it was when the workbook was made, so
that what a person changed, what the plan changed, and what both changed are told apart.
"""

from zusammenplan.plans.domain.workbook.compare import compare
from zusammenplan.plans.domain.workbook.records import labels_of, records_of
from zusammenplan.plans.domain.workbook.shapes import (
    ANYWHERE,
    ELSEWHERE,
    LONGEST_CELL,
    MOST_EVIDENCE,
    SHEETS,
    SIGN,
    Book,
    CellChange,
    Column,
    Difference,
    FileRow,
    GoneRow,
    Kind,
    NewRow,
    Record,
    Refusal,
    Sheet,
    Uncomputed,
    Value,
    Vocabulary,
    Why,
    digest,
    nothing_in,
)

__all__ = [
    "ANYWHERE",
    "ELSEWHERE",
    "LONGEST_CELL",
    "MOST_EVIDENCE",
    "SHEETS",
    "SIGN",
    "Book",
    "CellChange",
    "Column",
    "Difference",
    "FileRow",
    "GoneRow",
    "Kind",
    "NewRow",
    "Record",
    "Refusal",
    "Sheet",
    "Uncomputed",
    "Value",
    "Vocabulary",
    "Why",
    "compare",
    "digest",
    "labels_of",
    "nothing_in",
    "records_of",
]
