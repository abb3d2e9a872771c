"""What the page of one measure shows: its readability, milestones, indicators and files."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.files import kind_label
from zusammenplan.core.models import Attachment
from zusammenplan.core.money import number_text
from zusammenplan.plans.choices import IndicatorKind
from zusammenplan.plans.domain.indicators import is_reached, percent, progress
from zusammenplan.plans.domain.milestones import Due, move_of, states
from zusammenplan.plans.domain.readability import Ease, readability
from zusammenplan.plans.models import (
    IndicatorValue,
    Measure,
    MeasureIndicator,
    Milestone,
)
from zusammenplan.plans.queries.actual_values import values_of
from zusammenplan.plans.queries.days import due_label
from zusammenplan.plans.queries.indicator_values import (
    ValueRow,
    told_values,
    value_chart,
    value_rows,
    value_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.utils.functional import Promise

    from zusammenplan.core.charts.drawing import Table
    from zusammenplan.core.charts.line import LineChart

EASE_TEXTS: dict[Ease, str | Promise] = {
    Ease.VERY_EASY: gettext_lazy("Very easy to read"),
    Ease.EASY: gettext_lazy("Easy to read"),
    Ease.MEDIUM: gettext_lazy("Moderately hard to read"),
    Ease.HARD: gettext_lazy("Hard to read"),
    Ease.VERY_HARD: gettext_lazy("Very hard to read"),
}
# Readability


@dataclass(frozen=True, slots=True)
class EaseLine:
    """How easily a text is read, in words, and the figures behind it."""

    text: str
    figures: str
    is_hard: bool


def ease_line(text: str, *, is_easy_language: bool = False) -> EaseLine | None:
    """Say how easily a German text is read; nothing for a text too short to say."""
    found = readability(text)
    if found is None:
        return None
    figures = _(
        "Wiener Sachtextformel %(year)s, LIX %(lix)s; words: %(words)d, sentences: %(sentences)d"
    ) % {
        "year": _one_decimal(found.school_year),
        "lix": _one_decimal(found.lix),
        "words": found.words,
        "sentences": found.sentences,
    }
    said = _("%(ease)s, about school year %(year)d") % {
        "ease": EASE_TEXTS[found.ease],
        "year": found.year,
    }
    is_hard = found.ease is not Ease.VERY_EASY if is_easy_language else found.year > 10  # noqa: PLR2004 - what most adults read without effort
    if is_hard and is_easy_language:
        said += ". " + _("Leichte Sprache should be read with ease in school year 5")
    return EaseLine(f"{said}.", f"{figures}.", is_hard)


def _one_decimal(value: float) -> str:
    return number_text(Decimal(f"{value:.1f}"))


# Milestones


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone in words; ``state`` chooses its sign."""

    pk: int
    title: str
    state: str
    state_label: str
    when: str
    moved: str
    reason: str

    @property
    def is_done(self) -> bool:
        return self.state == "done"

    @property
    def is_overdue(self) -> bool:
        return self.state == "overdue"

    @property
    def is_near(self) -> bool:
        """Tell whether it is likely to be reached soon: it is late, or the next one."""
        return self.state in {"overdue", "next"}


@dataclass(frozen=True, slots=True)
class Milestones:
    lines: tuple[MilestoneLine, ...]

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)


STATE_LABELS: dict[str, str | Promise] = {
    "done": gettext_lazy("reached"),
    "overdue": gettext_lazy("overdue"),
    "next": gettext_lazy("next"),
    "open": gettext_lazy("open"),
}


def milestones_of(measure: Measure, *, today: date) -> Milestones:
    """Give the milestones in order, each with its state and what moved."""
    found = list(measure.milestones.order_by("position", "pk"))
    known = states([Due(one.due_on, one.done_on) for one in found], today=today)
    return Milestones(
        tuple(_milestone_line(one, state) for one, state in zip(found, known, strict=True))
    )


def _milestone_line(milestone: Milestone, state: str) -> MilestoneLine:
    if milestone.done_on:
        when = due_label(milestone.done_on)
    elif milestone.due_on is None:
        when = _("without a day")
    elif state == "overdue":
        when = _("overdue since %(day)s") % {"day": due_label(milestone.due_on)}
    else:
        when = _("planned: %(day)s") % {"day": due_label(milestone.due_on)}
    moved = ""
    if move := move_of(milestone.first_due_on, milestone.due_on):
        moved = _("first due %(first)s, moved to %(now)s") % {
            "first": due_label(move.first),
            "now": due_label(move.now) or _("no day"),
        }
    return MilestoneLine(
        milestone.pk,
        milestone.title,
        state,
        str(STATE_LABELS[state]),
        when,
        moved,
        milestone.moved_reason,
    )


# Indicators


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """An indicator in words, with its picture if it is one in numbers."""

    pk: int
    is_numeric: bool
    text: str
    unit: str
    when: str
    is_reached: bool
    is_overdue: bool
    evidence: str
    source: str
    finding: str
    told: str
    chart: LineChart | None
    rows: tuple[ValueRow, ...]
    table: Table
    files: tuple[FileLine, ...]
    tie: str = ""
    tie_code: str = ""

    @property
    def state(self) -> str:
        if self.is_reached:
            return "done"
        return "overdue" if self.is_overdue else "open"

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[self.state])

    @property
    def key(self) -> str:
        """Tell this indicator's picture from others of the page."""
        return f"chart-{self.pk}"


def indicators_of(measure: Measure, *, today: date) -> tuple[IndicatorLine, ...]:
    """Give the indicators in order, those in numbers with their values drawn."""
    found = list(
        measure.indicators.order_by("position", "pk")
        .select_related("tied_indicator", "tied_area")
        .prefetch_related(Prefetch("values", IndicatorValue.objects.order_by("on")))
    )
    files = _files_of_indicators([one.pk for one in found])
    values = values_of(found)
    return tuple(
        indicator_line(one, values[one.pk], files.get(one.pk, ()), today=today) for one in found
    )


def indicator_line(
    indicator: MeasureIndicator,
    values: Sequence[IndicatorValue],
    files: Sequence[FileLine],
    *,
    today: date,
) -> IndicatorLine:
    """Put an indicator and its values into words."""
    is_numeric = indicator.kind == IndicatorKind.NUMERIC
    last = values[-1].value if values else None
    if is_numeric:
        reached = is_reached(indicator.baseline, indicator.target, last)
    else:
        reached = indicator.reached_on is not None
    rows = tuple(value_rows(indicator, values)) if is_numeric else ()
    late = indicator.target_on is not None and indicator.target_on < today
    return IndicatorLine(
        pk=indicator.pk,
        is_numeric=is_numeric,
        text=indicator.text,
        unit=indicator.unit_said,
        when=_indicator_when(indicator),
        is_reached=reached,
        is_overdue=late and not reached,
        evidence=indicator.evidence,
        source=indicator.source,
        finding=_finding(indicator, last, is_reached=reached) if is_numeric else "",
        told=told_values(indicator, values) if is_numeric else "",
        chart=value_chart(indicator, values) if is_numeric else None,
        rows=rows,
        table=value_table(indicator, rows),
        files=tuple(files),
        tie=tie_text(indicator),
        tie_code=indicator.tied_indicator.code if indicator.tied_indicator else "",
    )


def tie_text(indicator: MeasureIndicator) -> str:
    """Say of which indicator and area of the data the values are."""
    if not indicator.tied_indicator or not indicator.tied_area:
        return ""
    return f"{indicator.tied_indicator.name}, {indicator.tied_area.name}"


def _indicator_when(indicator: MeasureIndicator) -> str:
    if indicator.kind == IndicatorKind.VERBAL and indicator.reached_on:
        return _("reached: %(day)s") % {"day": due_label(indicator.reached_on)}
    if indicator.target_on:
        return _("by %(day)s") % {"day": due_label(indicator.target_on)}
    return ""


def _finding(indicator: MeasureIndicator, last: Decimal | None, *, is_reached: bool) -> str:
    """Say in a sentence how far the number has come."""
    if last is None:
        return _("No value has been entered yet")
    if indicator.target is None:
        return _("%(value)s so far; there is no target") % {"value": _with_unit(indicator, last)}
    words = {
        "value": number_text(last),
        "target": _with_unit(indicator, indicator.target),
    }
    if is_reached:
        return _("The target is reached: %(value)s of %(target)s") % words
    share = progress(indicator.baseline, indicator.target, last)
    if share is None:
        return _("%(value)s of %(target)s") % words
    if share < 0:
        return _("%(value)s of %(target)s: further from the target than at the beginning") % words
    return _("%(value)s of %(target)s: %(percent)d %% of the way is done") % {
        **words,
        "percent": percent(share),
    }


def _with_unit(indicator: MeasureIndicator, value: Decimal) -> str:
    return f"{number_text(value)} {indicator.unit_said}".strip()


# Files


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in words."""

    pk: int
    title: str
    name: str
    facts: str
    is_public: bool


def file_line(attachment: Attachment) -> FileLine:
    return FileLine(
        attachment.pk,
        attachment.description or attachment.name,
        attachment.name,
        ", ".join(
            (
                kind_label(attachment.kind),
                filesizeformat(attachment.size),
                date_format(localtime(attachment.added_at), "SHORT_DATE_FORMAT"),
            )
        ),
        attachment.is_public,
    )


def files_of_record(record: Measure | MeasureIndicator) -> tuple[FileLine, ...]:
    """Give the files of the measure itself, or of one of its indicators."""
    return tuple(file_line(one) for one in _attachments(type(record), [record.pk]))


def attachments_near(measure: Measure) -> list[Attachment]:
    """Give the files of the measure and of its indicators that were not removed."""
    indicators = measure.indicators.values_list("pk", flat=True)
    return [
        *_attachments(Measure, [measure.pk]),
        *_attachments(MeasureIndicator, list(indicators)),
    ]


def _files_of_indicators(pks: Sequence[int]) -> dict[int, list[FileLine]]:
    found: defaultdict[int, list[FileLine]] = defaultdict(list)
    for one in _attachments(MeasureIndicator, pks):
        found[one.object_id].append(file_line(one))
    return found


def _attachments(
    model: type[Measure | MeasureIndicator], pks: Sequence[int]
) -> Iterable[Attachment]:
    return Attachment.objects.of(model, pks).select_related("content_type")
