"""
What differs between two states of a plan, record by record and field by field.

Records are known by what stays when they change: needs, goals and measures by their identity,
fields of action by their code, chapters by their address. So the same rules compare two frozen
versions, a version with today, and a plan with its successor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from zusammenplan.plans.domain.content import PlanContent


class Kind(StrEnum):
    """What sort of record differs, in the order in which they are shown."""

    PLAN = "plan"
    RESOLUTION = "resolution"
    LEVEL = "level"
    FIELD = "field"
    NEED = "need"
    GOAL = "goal"
    MEASURE = "measure"
    CHAPTER = "chapter"
    ABBREVIATION = "abbreviation"
    EVALUATION = "evaluation"


class What(StrEnum):
    """What became of a record."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its two values."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record with what became of it; ``before`` or ``after`` is None where there is none."""

    kind: Kind
    key: str
    what: What
    before: Any
    after: Any
    fields: tuple[FieldChange, ...] = ()
    moved: bool = False

    @property
    def record(self) -> Any:
        """The record as it stands last."""
        return self.before if self.after is None else self.after


@dataclass(frozen=True, slots=True)
class Comparison:
    """All records of both states; the ones that stayed the same are among them."""

    records: tuple[RecordChange, ...]

    @property
    def changes(self) -> tuple[RecordChange, ...]:
        return tuple(one for one in self.records if one.what != What.SAME)

    @property
    def is_empty(self) -> bool:
        return not self.changes

    def of(self, kind: Kind) -> tuple[RecordChange, ...]:
        return tuple(one for one in self.records if one.kind == kind)

    def find(self, kind: Kind, key: str) -> RecordChange | None:
        return next((one for one in self.of(kind) if one.key == key), None)


@dataclass(frozen=True, slots=True)
class _Sort:
    """How records of a kind are told apart, and within what their order counts."""

    kind: Kind
    part: str
    key: tuple[str, ...]
    within: str = ""
    has_order: bool = True


SORTS = (
    _Sort(Kind.RESOLUTION, "resolutions", ("body", "number", "decided_on"), has_order=False),
    _Sort(Kind.LEVEL, "levels", ("depth",), has_order=False),
    _Sort(Kind.FIELD, "fields", ("code",)),
    _Sort(Kind.NEED, "needs", ("identity",), within="field"),
    _Sort(Kind.GOAL, "goals", ("identity",), within="parent"),
    _Sort(Kind.MEASURE, "measures", ("identity",), within="field"),
    _Sort(Kind.CHAPTER, "chapters", ("address",), within="parent"),
    _Sort(Kind.ABBREVIATION, "abbreviations", ("short",), has_order=False),
    _Sort(Kind.EVALUATION, "evaluations", ("slug",), has_order=False),
)
PLAN_FIELDS = ("title", "summary", "starts_on", "ends_on", "status", "first_chapter")
NOT_COMPARED = {"pk", "identity"}


def compare(before: PlanContent, after: PlanContent) -> Comparison:
    """Tell what became of each record between the two states."""
    records = [_compare_facts(before, after)]
    for sort in SORTS:
        records += _compare_records(sort, getattr(before, sort.part), getattr(after, sort.part))
    return Comparison(tuple(records))


def differing_fields(before: object, after: object) -> tuple[FieldChange, ...]:
    """Give the fields in which two records of the same kind differ."""
    return tuple(
        FieldChange(one.name, old, new)
        for one in fields(before)  # type: ignore[arg-type] # records are dataclasses
        if one.name not in NOT_COMPARED
        and (old := getattr(before, one.name)) != (new := getattr(after, one.name))
    )


def applied(record: Any, changes: Iterable[FieldChange]) -> Any:
    """Give the record with its fields changed."""
    return replace(record, **{change.name: change.after for change in changes})


def _compare_facts(before: PlanContent, after: PlanContent) -> RecordChange:
    changes = tuple(
        FieldChange(name, old, new)
        for name in PLAN_FIELDS
        if (old := getattr(before, name)) != (new := getattr(after, name))
    )
    what = What.CHANGED if changes else What.SAME
    return RecordChange(Kind.PLAN, "plan", what, before, after, changes)


def _compare_records(
    sort: _Sort, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[RecordChange]:
    """Give the records in the order of the later state, each vanished one where it stood."""
    old, new = _by_key(sort, before), _by_key(sort, after)
    moved = _moved(sort, old, new) if sort.has_order else set()
    for key in _in_one_order(list(old), list(new)):
        was, now = old.get(key), new.get(key)
        if was is None:
            yield RecordChange(sort.kind, key, What.ADDED, None, now)
        elif now is None:
            yield RecordChange(sort.kind, key, What.REMOVED, was, None)
        else:
            changes = differing_fields(was, now)
            what = What.CHANGED if changes or key in moved else What.SAME
            yield RecordChange(sort.kind, key, what, was, now, changes, moved=key in moved)


def _by_key(sort: _Sort, records: Sequence[Any]) -> dict[str, Any]:
    """Give the records by their key; one that stands there twice is told apart by its count."""
    found: dict[str, Any] = {}
    seen: Counter[str] = Counter()
    for record in records:
        key = "|".join(str(getattr(record, name)) for name in sort.key)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key}|{seen[key]}"] = record
    return found


def _in_one_order(old: list[str], new: list[str]) -> list[str]:
    """Put both lists into one: the new order, and what vanished behind what stood before it."""
    there = set(new)
    behind: defaultdict[str | None, list[str]] = defaultdict(list)
    last: str | None = None
    for key in old:
        if key in there:
            last = key
        else:
            behind[last].append(key)
    order = list(behind[None])
    for key in new:
        order += [key, *behind[key]]
    return order


def _moved(sort: _Sort, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Give the keys of the records that changed places among their neighbours."""

    def group(record: Any) -> Hashable:
        return getattr(record, sort.within) if sort.within else ""

    places: defaultdict[Any, list[str]] = defaultdict(list)
    for key, record in old.items():
        if key in new and group(record) == group(new[key]):
            places[group(record)].append(key)
    place_now = {key: number for number, key in enumerate(new)}
    return {
        key for keys in places.values() for key in out_of_order(keys, [place_now[k] for k in keys])
    }


def out_of_order(keys: Sequence[str], places: Sequence[int]) -> set[str]:
    """
    Give the keys that moved: all but those that keep their order in every longest such series.

    One that was pulled to another place is alone; of two that changed places both moved. Asked the
    other way round, the answer is the same.
    """
    up = _longest_up_to(places)
    down = _longest_up_to([-place for place in reversed(places)])[::-1]
    longest = max(up, default=0)
    on_a_longest = [a + b - 1 == longest for a, b in zip(up, down, strict=True)]
    at_length = Counter(length for length, is_on in zip(up, on_a_longest, strict=True) if is_on)
    return {
        key
        for key, length, is_on in zip(keys, up, on_a_longest, strict=True)
        if not is_on or at_length[length] > 1
    }


def _longest_up_to(places: Sequence[int]) -> list[int]:
    """Give for each place the length of the longest rising series that ends there."""
    ends: list[int] = []
    lengths = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        lengths.append(at + 1)
    return lengths


# Words of a text

PieceKind = Literal["same", "removed", "added"]
TOO_LONG = 6000
"""Longer texts are compared sentence by sentence, because word by word takes too long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that stayed, went or came."""

    kind: PieceKind
    text: str


def word_differences(before: str, after: str) -> tuple[Piece, ...]:
    """Tell word by word how a text became another one."""
    pattern = r"\s+|[^\s]+" if max(len(before), len(after)) <= TOO_LONG else r"[^.!?\n]+[.!?\n]*\s*"
    old, new = re.findall(pattern, before), re.findall(pattern, after)
    if "".join(old) != before or "".join(new) != after:
        old, new = [before], [after]
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("added", "".join(new[c:d])))
    return _without_crumbs(pieces)


def line_differences(
    before: Sequence[str], after: Sequence[str]
) -> tuple[tuple[str | None, str | None], ...]:
    """Pair the lines of two lists: both where a line became another, one where it came or went."""
    pairs: list[tuple[str | None, str | None]] = []
    opcodes = SequenceMatcher(None, list(before), list(after), autojunk=False).get_opcodes()
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            continue
        old, new = list(before[a:b]), list(after[c:d])
        both = min(len(old), len(new))
        pairs += zip(old[:both], new[:both], strict=True)
        pairs += [(line, None) for line in old[both:]]
        pairs += [(None, line) for line in new[both:]]
    return tuple(pairs)


def _without_crumbs(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Join changes that only white space keeps apart, so that they can be read."""
    joined: list[Piece] = []
    removed = added = ""

    def finish() -> None:
        nonlocal removed, added
        if removed:
            joined.append(Piece("removed", removed))
        if added:
            joined.append(Piece("added", added))
        removed = added = ""

    for place, piece in enumerate(pieces):
        is_gap = piece.kind == "same" and not piece.text.strip()
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        elif is_gap and (removed or added) and place < len(pieces) - 1:
            removed, added = removed + piece.text, added + piece.text
        else:
            finish()
            joined.append(piece)
    finish()
    return tuple(joined)
