"""What of a plan everybody may read: the whole tree without names of persons and inner files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from zusammenplan.plans.domain.content import (
        EvaluationContent,
        FileContent,
        IndicatorContent,
        MeasureContent,
        PlanContent,
        RelationContent,
    )

    Shown = Callable[[RelationContent], bool]


def public_content(content: PlanContent, *, shows: Shown) -> PlanContent:
    """
    Leave out what is not for everybody.

    ``shows`` tells whether the other end of a relation is public: it may be in a plan that is not.
    """
    return replace(
        content,
        measures=tuple(_measure(one, shows) for one in content.measures),
        evaluations=tuple(_evaluation(one) for one in content.evaluations),
    )


def public_files(files: Iterable[FileContent]) -> tuple[FileContent, ...]:
    return tuple(one for one in files if one.is_public)


def _measure(measure: MeasureContent, shows: Shown) -> MeasureContent:
    return replace(
        measure,
        indicators=tuple(_indicator(one) for one in measure.indicators),
        relations=tuple(one for one in measure.relations if shows(one)),
        files=public_files(measure.files),
    )


def _indicator(indicator: IndicatorContent) -> IndicatorContent:
    return replace(indicator, files=public_files(indicator.files))


def _evaluation(evaluation: EvaluationContent) -> EvaluationContent:
    """Keep what came of it; who said so and why was written for the planner."""
    return replace(
        evaluation,
        ratings=tuple(replace(one, reason="", evidence="") for one in evaluation.ratings),
    )
