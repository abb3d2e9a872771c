"""Needs, each with what shows it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.core.german import together
from zusammenplan.plans.choices import EvidenceKind, NeedState, Strength
from zusammenplan.plans.queries.citations import evidence_words
from zusammenplan.reports.queries.generated.building import (
    Task,
    addressed_paragraphs,
    below,
    facts_of,
    items_of,
    lead_line,
    mark_of,
)
from zusammenplan.reports.queries.generated.wording import (
    chosen_fields,
    day_text,
    field_heading,
    goal_title,
    joined,
    named,
    upper,
)
from zusammenplan.reports.queries.model import Heading, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zusammenplan.plans.domain.content import NeedContent
    from zusammenplan.reports.queries.model import Block


def needs_in_full(task: Task) -> Iterator[Block]:
    content, chapter, level = task.content, task.chapter, task.level
    goals: defaultdict[str, list[str]] = defaultdict(list)
    for goal in content.goals:
        for identity in goal.needs:
            goals[identity].append(goal_title(goal))
    for code, name, _field in chosen_fields(content, chapter):
        needs = [need for need in content.needs if need.field == code]
        if not needs:
            continue
        if chapter.field is None:
            yield Heading(below(level), field_heading(name, code), f"nf-{mark_of(code or '')}")
        deeper = below(level, 1 if chapter.field else 2)
        for need in needs:
            yield from _need(need, goals[need.identity], deeper)


def _need(need: NeedContent, goals: Sequence[str], level: int) -> Iterator[Block]:
    anchor = f"n-{need.identity}"
    yield Heading(level, named(need.number, need.title), anchor)
    yield from addressed_paragraphs(need.text, anchor)
    state = NeedState(need.state).label if need.state != NeedState.OPEN else ""
    yield from facts_of(
        (_("Strength"), Strength(need.strength).label if need.strength else ""),
        (_("State"), f"{state}: {need.state_reason}" if need.state_reason else state),
        (_("Areas"), ", ".join(need.areas)),
        (_("Target groups"), joined(need.target_groups)),
        (_("Life situations"), joined(need.life_situations)),
        (_("Goals"), together("; ", goals)),
    )
    if need.evidence:
        lines: list[tuple[str, tuple[Span, ...]]] = []
        for one in need.evidence:
            origin = ", ".join(
                filter(None, (one.source, day_text(one.dated_on) if one.dated_on else ""))
            )
            told = f"{upper(EvidenceKind(one.kind).label)}: {evidence_words(one)}"
            spans = [Span(f"{told} ({origin})" if origin else told)]
            if one.url:
                spans += [Span(" "), Span(one.url, href=one.url)]
            lines.append((evidence_words(one), tuple(spans)))
        yield lead_line(_("What shows the need:"), f"{anchor}-e")
        yield items_of(lines, f"{anchor}-e")
