"""Random plans as plain values, for rules that must hold for every plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

from zusammenplan.plans.choices import (
    EvidenceKind,
    GoalState,
    IndicatorKind,
    MeasureStatus,
    NeedState,
    RelationKind,
    Strength,
)
from zusammenplan.plans.domain.content import (
    CostContent,
    EvidenceContent,
    FieldContent,
    GoalContent,
    IndicatorContent,
    LevelContent,
    MeasureContent,
    MilestoneContent,
    NeedContent,
    PlanContent,
    RelationContent,
    Span,
    ValueContent,
    Words,
)

AREAS = ("Nordkreis", "Innenstadt; West", "Rennsteig / Süd", "Ort\twest")
OTHER_TITLES = (Words("Beratung"), Words("1.1"), Words("=1+1\n; שלום"))
NASTY = (
    "=1+1",
    "+49 361 1",
    "-",
    "@summe",
    "1.10",
    "0123",
    "2027-01-01",
    "01.02.2027",
    "WAHR",
    "_x0041_",
    "a\r\nb\rc\x0bd",
    "  außen  ",
    "👩‍👩‍👧 Familie 🏡",
    "שלום עולם",
    "\u202eumgekehrt",
    "Zeile\n\nZeile",
    "x" * 300,
    "a;b;c",
    "\ufffe\uffff\x00\x1f",
    "1e400",
    "#REF!",
    "'",
    '"',
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.text(alphabet="abcÄß ;\n1.=", max_size=20),
)
filled = texts.map(lambda text: text if text.strip() else "Titel")
words = st.builds(Words, texts, texts)
titles = st.builds(Words, st.one_of(st.just("Titel"), filled), texts)
days = st.none() | st.dates(date(1850, 1, 1), date(2300, 12, 31))
numbers = st.decimals(
    Decimal(-999999999999), Decimal(999999999999), places=4, allow_nan=False
) | st.sampled_from([Decimal("0.0000"), Decimal("1.1"), Decimal("0.3"), Decimal("1E+3")])
money = st.decimals(Decimal(0), Decimal("9999999999.99"), places=2, allow_nan=False)


@st.composite
def spans(draw: Any) -> Span:
    starts_on, ends_on = draw(days), draw(days)
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    return Span(draw(texts), starts_on, ends_on)


def some(draw: Any, options: Any, most: int = 3) -> Any:
    if not options:
        return ()
    return tuple(draw(st.lists(st.sampled_from(options), unique=True, max_size=most)))


@st.composite
def plan_contents(draw: Any) -> PlanContent:
    """Make a plan with all that a workbook holds of it."""
    keys = count(1)
    terms = st.lists(st.builds(Words, filled, st.just("")), max_size=2).map(tuple)
    codes = draw(st.lists(st.sampled_from(["1", "2.2", "1.10", "A", "HF 3"]), unique=True))
    fields = tuple(FieldContent(code, draw(titles), Words()) for code in codes)
    levels = tuple(
        LevelContent(depth, Words(name))
        for depth, name in enumerate(("Leitziel", "Oberziel", "1.1"), start=1)
    )
    field = st.sampled_from([None, *codes])
    needs = tuple(
        NeedContent(
            identity=f"need-{at}",
            number=draw(st.sampled_from(["", "1", "B 2"])),
            field=draw(field),
            title=draw(titles),
            text=draw(words),
            strength=draw(st.sampled_from(Strength.values)),
            state=draw(st.sampled_from(NeedState.values)),
            state_reason=draw(texts),
            areas=some(draw, AREAS),
            target_groups=draw(terms),
            life_situations=draw(terms),
            evidence=tuple(
                EvidenceContent(
                    draw(st.sampled_from(EvidenceKind.values)),
                    draw(titles),
                    draw(st.sampled_from(NASTY)),
                    draw(st.sampled_from(NASTY)),
                    draw(days),
                    next(keys),
                )
                for _one in range(draw(st.integers(0, 1)))
            ),
            pk=at,
        )
        for at in range(draw(st.integers(0, 3)))
    )
    need_keys = [need.identity for need in needs]
    goals: list[GoalContent] = []
    for at in range(draw(st.integers(0, 4))):
        goals.append(
            GoalContent(
                identity=f"goal-{at}",
                parent=draw(st.sampled_from([None, *(goal.identity for goal in goals)])),
                level=draw(st.sampled_from([None, 1, 2, 3])),
                field=draw(field),
                number=draw(st.sampled_from(["", "1", "1.10", "Titel"])),
                title=draw(titles),
                text=draw(words),
                period=draw(spans()),
                state=draw(st.sampled_from(GoalState.values)),
                state_reason=draw(texts),
                needs=some(draw, need_keys),
                pk=at,
            )
        )
    numbered = draw(st.lists(st.sampled_from(["1.1", "1.10", "A 3", "01.02.2027"]), unique=True))
    others = [(f"measure-{at}", "sozialplan") for at in range(len(numbered))]
    # A measure has the same identity in the plan before.
    others += [("measure-0", "vorgaenger"), ("other", "vorgaenger"), ("far", "anderswo")]
    measures = tuple(
        MeasureContent(
            identity=f"measure-{at}",
            number=number,
            field=draw(field),
            title=draw(titles),
            text=draw(words),
            status=draw(st.sampled_from(MeasureStatus.values)),
            period=draw(spans()),
            title_easy=draw(texts),
            text_easy=draw(texts),
            responsible=draw(texts),
            partners=tuple(draw(st.lists(texts, max_size=3))),
            status_reason=draw(texts),
            status_on=draw(days),
            source=draw(texts),
            goals=some(draw, [goal.identity for goal in goals]),
            needs=some(draw, need_keys),
            areas=some(draw, AREAS),
            target_groups=draw(terms),
            life_situations=draw(terms),
            costs=tuple(
                CostContent(
                    draw(st.none() | st.integers(1990, 2199)),
                    draw(money),
                    draw(texts),
                    draw(texts),
                    next(keys),
                )
                for _one in range(draw(st.integers(0, 2)))
            ),
            milestones=tuple(
                MilestoneContent(
                    draw(titles), draw(days), None, draw(texts), draw(days), next(keys)
                )
                for _one in range(draw(st.integers(0, 2)))
            ),
            indicators=tuple(
                IndicatorContent(
                    kind=draw(st.sampled_from(IndicatorKind.values)),
                    text=draw(titles),
                    reached_on=draw(days),
                    evidence=draw(texts),
                    unit=draw(texts),
                    baseline=draw(st.none() | numbers),
                    target=draw(st.none() | numbers),
                    target_on=draw(days),
                    values=tuple(
                        ValueContent(date(2026, month, 1), draw(numbers), draw(texts), next(keys))
                        for month in range(1, draw(st.integers(1, 3)))
                    ),
                    pk=next(keys),
                )
                for _one in range(draw(st.integers(0, 2)))
            ),
            relations=tuple(
                RelationContent(
                    draw(st.sampled_from(RelationKind.values)),
                    identity,
                    draw(st.sampled_from(OTHER_TITLES)),
                    Words("Plan 2021"),
                    draw(st.sampled_from(NASTY)),
                    next(keys),
                    slug,
                )
                for identity, slug in some(draw, others, most=2)
                if (identity, slug) != (f"measure-{at}", "sozialplan")
            ),
            pk=at,
        )
        for at, number in enumerate(numbered)
    )
    return PlanContent(
        slug="sozialplan",
        title=Words("Sozialplan"),
        summary=Words(),
        starts_on=None,
        ends_on=None,
        status="draft",
        levels=levels,
        fields=fields,
        needs=needs,
        goals=tuple(goals),
        measures=measures,
    )
