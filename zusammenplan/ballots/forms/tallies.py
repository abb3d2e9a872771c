"""Hands and paper votes as they are written down, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from zusammenplan.ballots.models import Item

MARKS_AT_MOST = 9_999


@dataclass(frozen=True, slots=True)
class Cell:
    """The number of hands for a grade, as typed or as stored."""

    grade: int
    name: str
    text: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One measure's hands: what is shown, and what is to be saved."""

    item: Item
    cells: tuple[Cell, ...]
    counts: dict[int, int]
    seen: str
    error: str
    warning: str

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def stored_row(
    item: Item, grades: Sequence[int], counts: Mapping[int, int], *, present: int | None
) -> TallyRow:
    """Show a measure's hands as they are written down."""
    cells = tuple(
        Cell(grade, _cell_name(item, grade), str(counts.get(grade) or ""), is_bad=False)
        for grade in grades
    )
    told = {grade: count for grade, count in counts.items() if count}
    return TallyRow(item, cells, told, tally_text(told), "", _too_many(told, present))


def typed_row(
    item: Item,
    grades: Sequence[int],
    data: QueryDict,
    *,
    counts_marks: bool,
    present: int | None,
) -> TallyRow:
    """Read a measure's hands from what was typed; a number that is none is named."""
    seen = data.get(f"seen_{item.pk}", "")
    if not counts_marks:
        return _typed_majority(item, grades, data, seen)
    cells, counts, bad = [], {}, []
    for grade in grades:
        name = _cell_name(item, grade)
        text = data.get(name, "").strip()
        count = _count(text)
        if count:
            counts[grade] = count
        if count is None:
            bad.append(grade)
        cells.append(Cell(grade, name, text, is_bad=count is None))
    error = ""
    if bad:
        error = gettext("Measure %(number)s: write whole numbers from 0 to %(most)s.") % {
            "number": item.number,
            "most": MARKS_AT_MOST,
        }
    return TallyRow(item, tuple(cells), counts, seen, error, _too_many(counts, present))


def tally_text(counts: Mapping[int, int]) -> str:
    """Write counts so that two states can be compared."""
    return ",".join(f"{grade}:{count}" for grade, count in sorted(counts.items()) if count)


def _typed_majority(item: Item, grades: Sequence[int], data: QueryDict, seen: str) -> TallyRow:
    chosen = data.get(f"g_{item.pk}", "")
    counts = {grade: 1 for grade in grades if str(grade) == chosen}
    error = ""
    if chosen and not counts:
        error = gettext("Measure %(number)s: choose a grade of the scale.") % {
            "number": item.number
        }
    cells = tuple(
        Cell(grade, _cell_name(item, grade), str(counts.get(grade) or ""), is_bad=False)
        for grade in grades
    )
    return TallyRow(item, cells, counts, seen, error, "")


def _cell_name(item: Item, grade: int) -> str:
    return f"n_{item.pk}_{grade}"


def _count(text: str) -> int | None:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) > MARKS_AT_MOST:
        return None
    return int(text[:9])


def _too_many(counts: Mapping[int, int], present: int | None) -> str:
    total = sum(counts.values())
    if present is None or total <= present:
        return ""
    told = ngettext(
        "%(total)s hands, but only %(present)s person present",
        "%(total)s hands, but only %(present)s persons present",
        present,
    )
    return told % {"total": total, "present": present}


class PresentForm(forms.Form):
    """How many were in the room."""

    present = forms.IntegerField(
        label=_("Persons present"), required=False, min_value=0, max_value=MARKS_AT_MOST
    )
