"""The chapters that a plan of integrated social planning in Thuringia usually has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.content import ChapterContent, PlanContent, Words
from zusammenplan.plans.domain.document_checks import filled_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Usual:
    """A chapter to begin with. ``kind`` is one of the kinds of chapters."""

    title: Words
    kind: str = "text"
    below: tuple[Usual, ...] = ()


USUAL_OUTLINE = (
    Usual(
        Words("Einleitung", "Introduction"),
        below=(
            Usual(Words("Auftrag und rechtlicher Rahmen", "Mandate and legal frame")),
            Usual(Words("Wie der Plan entstanden ist", "How the plan came about")),
        ),
    ),
    Usual(Words("Wer plant: Organisation und Gremien", "Who plans: organisation and bodies")),
    Usual(
        Words("Was die Daten sagen", "What the data say"),
        below=(
            Usual(Words("Die Kommune im Überblick", "The municipality at a glance")),
            Usual(Words("Die Planungsräume", "The planning areas")),
            Usual(Words("Lebenslagen", "Life situations")),
        ),
    ),
    Usual(Words("Was es schon gibt: Bestand", "What there is: existing services")),
    Usual(Words("Was fehlt: Bedarfe", "What is missing: needs"), "needs"),
    Usual(
        Words("Ziele und Maßnahmen", "Goals and measures"),
        below=(
            Usual(Words("Handlungsfelder und ihre Ziele", "Fields of action and goals"), "fields"),
            Usual(Words("Die Maßnahmen im Einzelnen", "The measures in full"), "measures"),
        ),
    ),
    Usual(Words("Was zuerst kommt: Prioritäten", "What comes first: priorities"), "priorities"),
    Usual(
        Words("Umsetzung", "Carrying it out"),
        below=(
            Usual(Words("Zeitplan", "Timeline"), "timeline"),
            Usual(Words("Kosten und Finanzierung", "Costs and funding"), "costs"),
        ),
    ),
    Usual(Words("Was erreicht wurde", "What was attained"), "evaluation"),
    Usual(
        Words("Verzeichnisse", "Lists"),
        below=(
            Usual(Words("Abbildungen", "Figures"), "figures"),
            Usual(Words("Tabellen", "Tables"), "tables"),
            Usual(Words("Abkürzungen", "Abbreviations"), "abbreviations"),
        ),
    ),
)


def with_chapters(content: PlanContent) -> PlanContent:
    """
    Give a plan for which nobody laid out chapters those that make themselves.

    A version is frozen to stay readable, also where nobody had written a document yet.
    """
    if content.chapters:
        return content
    filled = filled_kinds(content)
    chapters = tuple(
        ChapterContent(address=one.kind, parent=None, kind=one.kind, title=one.title)
        for one in _flat(USUAL_OUTLINE)
        if one.kind in filled
    )
    return replace(content, chapters=chapters)


def _flat(outline: Iterable[Usual]) -> Iterator[Usual]:
    for one in outline:
        yield one
        yield from _flat(one.below)
