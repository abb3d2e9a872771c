"""What differs between two states of a plan, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format, localize, number_format
from django.utils.html import strip_tags
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext as _, gettext_lazy

from zusammenplan.core.german import like, together
from zusammenplan.core.money import number_text
from zusammenplan.plans.choices import (
    BlockKind,
    ChapterKind,
    DataKind,
    EvidenceKind,
    GoalState,
    IndicatorKind,
    MeasureStatus,
    NeedState,
    PlanStatus,
    RatingState,
    RelationKind,
    Strength,
)
from zusammenplan.plans.domain.attainment import percent
from zusammenplan.plans.domain.comparison import (
    FieldChange,
    Kind,
    Piece,
    What,
    line_differences,
    word_differences,
)
from zusammenplan.plans.domain.content import (
    AbbreviationContent,
    BlockContent,
    CostContent,
    DataContent,
    EvidenceContent,
    FileContent,
    IndicatorContent,
    MilestoneContent,
    PriorityContent,
    RatingContent,
    RelationContent,
    Span,
    Words,
)
from zusammenplan.plans.queries.citations import evidence_words
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.functional import Promise

    from zusammenplan.plans.domain.comparison import RecordChange
    from zusammenplan.plans.domain.content import (
        GoalContent,
        MeasureContent,
        NeedContent,
        PlanContent,
    )

KIND_LABELS: dict[Kind, str | Promise] = {
    Kind.PLAN: gettext_lazy("The plan itself"),
    Kind.RESOLUTION: gettext_lazy("Resolutions"),
    Kind.LEVEL: gettext_lazy("Levels of goals"),
    Kind.FIELD: gettext_lazy("Fields of action"),
    Kind.NEED: gettext_lazy("Needs"),
    Kind.GOAL: gettext_lazy("Goals"),
    Kind.MEASURE: gettext_lazy("Measures"),
    Kind.CHAPTER: gettext_lazy("Chapters"),
    Kind.ABBREVIATION: gettext_lazy("Abbreviations"),
    Kind.EVALUATION: gettext_lazy("Evaluations"),
}
WHAT_LABELS: dict[What, str | Promise] = {
    What.ADDED: gettext_lazy("new"),
    What.REMOVED: gettext_lazy("removed"),
    What.CHANGED: gettext_lazy("changed"),
    What.SAME: gettext_lazy("unchanged"),
}
FIELD_LABELS: dict[str, str | Promise] = {
    "address": gettext_lazy("Address"),
    "areas": gettext_lazy("Planning areas"),
    "blocks": gettext_lazy("Text of the chapter"),
    "body": gettext_lazy("Body"),
    "closed_at": gettext_lazy("Closed"),
    "costs": gettext_lazy("Costs"),
    "code": gettext_lazy("Code"),
    "decided_on": gettext_lazy("Decided on"),
    "ends_on": gettext_lazy("End"),
    "evidence": gettext_lazy("Evidence"),
    "field": gettext_lazy("Field of action"),
    "files": gettext_lazy("Attachments"),
    "first_chapter": gettext_lazy("Number of the first chapter"),
    "goals": gettext_lazy("Goals"),
    "indicators": gettext_lazy("Indicators"),
    "is_action": gettext_lazy("Action goals"),
    "is_additional": gettext_lazy("Proposed during a vote"),
    "is_adoption": gettext_lazy("Adopts the plan"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "life_situations": gettext_lazy("Life situations"),
    "long": gettext_lazy("Stands for"),
    "measures": gettext_lazy("Measures"),
    "milestones": gettext_lazy("Milestones"),
    "name": gettext_lazy("Name"),
    "needs": gettext_lazy("Needs"),
    "note": gettext_lazy("Note"),
    "number": gettext_lazy("Number"),
    "parent": gettext_lazy("Stands under"),
    "partners": gettext_lazy("Partners"),
    "period": gettext_lazy("Period"),
    "priority": gettext_lazy("Priority"),
    "ratings": gettext_lazy("Ratings"),
    "relations": gettext_lazy("Related measures"),
    "responsible": gettext_lazy("Responsible"),
    "scale": gettext_lazy("Scale"),
    "short": gettext_lazy("Abbreviation"),
    "source": gettext_lazy("Source"),
    "starts_on": gettext_lazy("Begin"),
    "state": gettext_lazy("State"),
    "state_reason": gettext_lazy("Reason of the state"),
    "status": gettext_lazy("Status"),
    "status_on": gettext_lazy("Status since"),
    "status_reason": gettext_lazy("Reason of the status"),
    "strength": gettext_lazy("Strength"),
    "summary": gettext_lazy("Summary"),
    "target_groups": gettext_lazy("Target groups"),
    "text": gettext_lazy("Text"),
    "text_easy": gettext_lazy("Text in easy language"),
    "title": gettext_lazy("Title"),
    "title_easy": gettext_lazy("Title in easy language"),
}
CHOICES: dict[tuple[Kind, str], Any] = {
    (Kind.PLAN, "status"): PlanStatus,
    (Kind.MEASURE, "status"): MeasureStatus,
    (Kind.NEED, "state"): NeedState,
    (Kind.NEED, "strength"): Strength,
    (Kind.GOAL, "state"): GoalState,
    (Kind.CHAPTER, "kind"): ChapterKind,
}
TEXTS = {"title", "text", "summary", "status_reason", "state_reason", "text_easy", "title_easy"}
SAME_SHOWN = 140
"""So much of an unchanged passage is shown beside what changed in it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its label, and line by line what went and what came."""

    label: str
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One record with what became of it, in words."""

    kind: Kind
    key: str
    what: What
    what_label: str
    number: str
    title: str
    moved: bool
    differences: tuple[Difference, ...]
    pk: int


class _Names:
    """What the records of one state are called."""

    def __init__(self, content: PlanContent, language: str) -> None:
        records: list[NeedContent | GoalContent | MeasureContent] = [
            *content.needs,
            *content.goals,
            *content.measures,
        ]
        self.records = {
            one.identity: _named(one.number, one.title.say(language)) for one in records
        }
        self.records |= {one.address: one.title.say(language) for one in content.chapters}
        self.fields = {one.code: _named(one.code, one.name.say(language)) for one in content.fields}
        self.levels = {one.depth: one.name.say(language) for one in content.levels}


class Speaker:
    """Puts values into words; each state has its own names for what its records refer to."""

    def __init__(self, before: PlanContent, after: PlanContent) -> None:
        self.language = get_language() or "de"
        self.before = _Names(before, self.language)
        self.after = self.before if after is before else _Names(after, self.language)

    def say(self, words: Words) -> str:
        return words.say(self.language)

    def record(self, change: RecordChange) -> ShownRecord:
        """Put a record and all its differences into words."""
        return ShownRecord(
            kind=change.kind,
            key=change.key,
            what=change.what,
            what_label=str(WHAT_LABELS[change.what]),
            number=str(getattr(change.record, "number", getattr(change.record, "code", "")) or "")
            if change.kind != Kind.RESOLUTION
            else "",
            title=self.name(change.kind, change.record),
            moved=change.moved,
            differences=self.differences(change.kind, change.fields),
            pk=getattr(change.record, "pk", 0),
        )

    def name(self, kind: Kind, record: Any) -> str:
        """Give what a record is called."""
        match kind:
            case Kind.RESOLUTION:
                return f"{record.body} {record.number}".strip()
            case Kind.LEVEL | Kind.FIELD:
                return self.say(record.name)
            case Kind.ABBREVIATION:
                return str(record.short)
            case _:
                return self.say(record.title)

    def differences(
        self, kind: Kind, changes: Iterable[FieldChange], *, own_language_only: bool = False
    ) -> tuple[Difference, ...]:
        """Put the changes into words; a paper in one language leaves out those of the other."""
        if own_language_only:
            read = map(self._as_read, changes)
            changes = [change for change in read if change.before != change.after]
        return tuple(one for change in changes for one in self._difference(kind, change))

    def _as_read(self, change: FieldChange) -> FieldChange:
        """Compare in the reader's language, or in German where only one side is translated."""
        before, after = change.before, change.after
        if isinstance(before, Words) and isinstance(after, Words):
            is_translated = all(one.en or not one.de for one in (before, after))
            before, after = (
                self.say(one if is_translated else Words(one.de)) for one in (before, after)
            )
        return FieldChange(change.name, before, after)

    def _difference(self, kind: Kind, change: FieldChange) -> Iterable[Difference]:
        label = str(FIELD_LABELS.get(change.name, change.name))
        before, after = change.before, change.after
        if isinstance(before, Words) and isinstance(after, Words):
            if before.de != after.de:
                pieces = text_pieces(self.say(Words(before.de)), self.say(Words(after.de)))
                yield Difference(label, (pieces,))
            if before.en != after.en:
                english = _("%(label)s (English)") % {"label": label}
                yield Difference(english, (text_pieces(before.en, after.en),))
            return
        if isinstance(before, tuple) and isinstance(after, tuple):
            old = [self.value(kind, change.name, one, self.before) for one in before]
            new = [self.value(kind, change.name, one, self.after) for one in after]
            lines = tuple(
                _pair(was, now) for was, now in line_differences(old, new) if was != now
            ) or ((Piece("same", _("The order changed.")),),)
            yield Difference(label, lines)
            return
        old_text = self.value(kind, change.name, before, self.before)
        new_text = self.value(kind, change.name, after, self.after)
        if change.name in TEXTS:
            yield Difference(label, (text_pieces(old_text, new_text),))
        else:
            yield Difference(label, (_pair(old_text, new_text, by_word=False),))

    def value(self, kind: Kind, name: str, value: Any, names: _Names) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each sort of value
        """Write any value of a record in words; nothing is an empty text."""
        if value is None or value == "":
            return ""
        if choices := CHOICES.get((kind, name)):
            return str(dict(choices.choices).get(value, value))
        if name == "field":
            return names.fields.get(str(value), str(value))
        if name == "level":
            return names.levels.get(int(value), str(value))
        if name in {"parent", "goals", "measures", "needs"}:
            return names.records.get(str(value), _("a record of another plan"))
        match value:
            case bool():
                return _("yes") if value else _("no")
            case Words():
                return self.say(value)
            case Span():
                return period_label(value.text, value.starts_on, value.ends_on)
            case datetime():
                return date_format(localtime(value), "DATE_FORMAT")
            case date():
                return date_format(value, "SHORT_DATE_FORMAT")
            case CostContent():
                return self._cost(value)
            case MilestoneContent():
                return self._milestone(value)
            case IndicatorContent():
                return self._indicator(value)
            case EvidenceContent():
                kind_label = dict(EvidenceKind.choices).get(value.kind, value.kind)
                return _joined(f"{kind_label}: {evidence_words(value)}", value.source, value.url)
            case RelationContent():
                relation = dict(RelationKind.choices).get(value.kind, value.kind)
                named = _("%(relation)s “%(measure)s”") % {
                    "relation": relation,
                    "measure": self.say(value.title),
                }
                return _joined(named, self.say(value.plan), value.note)
            case FileContent():
                return value.description or value.name
            case PriorityContent():
                return _joined(localize(value.degree), value.round_said(self.language))
            case RatingContent():
                return self._rating(value, names)
            case BlockContent():
                return self._block(value)
            case AbbreviationContent():
                return f"{value.short}: {self.say(value.long)}"
            case Decimal():
                return str(localize(value))
            case dict():
                return _("another scale")
        return str(value)

    def _cost(self, cost: CostContent) -> str:
        amount = _("€ %(amount)s") % {
            "amount": number_format(cost.amount, decimal_pos=2, force_grouping=True)
        }
        return _joined(str(cost.year) if cost.year else "", amount, cost.source, cost.note)

    def _milestone(self, one: MilestoneContent) -> str:
        days = ""
        if one.done_on:
            days = _("done on %(day)s") % {"day": date_format(one.done_on, "SHORT_DATE_FORMAT")}
        elif one.due_on:
            days = _("due on %(day)s") % {"day": date_format(one.due_on, "SHORT_DATE_FORMAT")}
        return _joined(self.say(one.title), days, one.moved_reason)

    def _indicator(self, one: IndicatorContent) -> str:
        if one.kind != IndicatorKind.NUMERIC:
            day = date_format(one.reached_on, "SHORT_DATE_FORMAT") if one.reached_on else ""
            reached = _("reached on %(day)s") % {"day": day} if day else ""
            return _joined(self.say(one.text), reached, one.evidence)
        parts = [self.say(one.text)]
        if one.baseline is not None:
            parts.append(_("baseline %(value)s") % {"value": number_text(one.baseline)})
        if one.target is not None:
            parts.append(_("target %(value)s") % {"value": number_text(one.target)})
        if one.values:
            parts.append(_("last %(value)s") % {"value": number_text(one.values[-1].value)})
        return _joined(*parts, one.unit_said(self.language))

    def _rating(self, one: RatingContent, names: _Names) -> str:
        name = names.records.get(one.identity, "")
        return f"{name}: {_joined(rating_text(one.state, one.share), one.reason)}"

    def _block(self, one: BlockContent) -> str:
        text = plain_text(self.say(one.text))
        cells = "; ".join(" | ".join(row) for row in one.cells)
        kind = "" if one.kind == BlockKind.TEXT else dict(BlockKind.choices).get(one.kind, "")
        looks = self._look(one.data) if one.data else ""
        body = _joined(self.say(one.caption), looks, text, cells, self.say(one.alt), one.source)
        return f"{kind}: {body}" if kind else body

    def _look(self, data: DataContent) -> str:
        """Say what a look at the data shows, with its numbers where they are kept."""
        what = dict(DataKind.choices).get(data.shows, data.shows)
        rows = [
            ": ".join((row[0], " | ".join(row[1:])))
            for one in data.drawn
            if one.language == self.language
            for row in one.rows
        ]
        return _joined(str(what), self.say(data.name), data.area, "; ".join(rows))


def text_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Mark word by word what went and what came; long unchanged passages are shortened."""
    pieces = word_differences(before, after)
    last = len(pieces) - 1
    told = []
    for place, (kind, text) in enumerate((piece.kind, piece.text) for piece in pieces):
        shown = (
            _shortened(text, is_first=place == 0, is_last=place == last) if kind == "same" else text
        )
        told.append(Piece(kind, like(before if kind == "removed" else after, shown)))
    return tuple(told)


def plain_text(html: str) -> str:
    """Give the text of a rich text without its tags."""
    return " ".join(unescape(strip_tags(html.replace("</", " </"))).split())


def rating_text(state: str, share: Decimal | None) -> str:
    """Say a rating in words: a share as percentage, or why there is none."""
    if share is None:
        return str(dict(RatingState.choices).get(state, state))
    return _("%(percent)s %% attained") % {"percent": percent(Fraction(share))}


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * SAME_SHOWN:
        return text
    head = "" if is_first else text[:SAME_SHOWN].rsplit(" ", 1)[0]
    tail = "" if is_last else text[-SAME_SHOWN:].split(" ", 1)[-1]
    return f"{head} … {tail}"


def _pair(before: str | None, after: str | None, *, by_word: bool = True) -> tuple[Piece, ...]:
    if before and after and by_word:
        return text_pieces(before, after)
    pieces = []
    if before:
        pieces.append(Piece("removed", before))
    if after:
        pieces.append(Piece("added", after))
    return tuple(pieces)


def _named(number: str, title: str) -> str:
    return like(title, f"{number} {title}".strip())


def _joined(*parts: str) -> str:
    return together(", ", filter(None, parts))


def shown_records(speaker: Speaker, changes: Sequence[RecordChange]) -> list[ShownRecord]:
    return [speaker.record(change) for change in changes]
