"""The chart of values over time: what it draws, and what it does without."""

from datetime import date
from decimal import Decimal

import pytest

from zusammenplan.core.value_chart import Point, value_chart


def drawn(
    points: list[Point], *, target: Point | None = None, baseline: Point | None = None
) -> str:
    return value_chart(
        points,
        target=target,
        baseline=baseline,
        unit="Beratungen",
        title="Beratungen im Jahr",
        description="142 im Jahr 2023",
        key="k1",
    )


def test_values_become_a_line_that_leads_to_the_target() -> None:
    picture = drawn(
        [(date(2024, 12, 31), Decimal(168)), (date(2025, 12, 31), Decimal(155))],
        baseline=(date(2023, 12, 31), Decimal(142)),
        target=(date(2029, 12, 31), Decimal(500)),
    )

    assert picture.count('class="f-one"') == 3
    assert "stroke-dasharray" in picture
    assert ">500<" in picture
    assert ">2029<" in picture
    assert 'aria-labelledby="k1-t k1-d"' in picture


def test_nothing_is_drawn_without_a_value() -> None:
    assert drawn([]) == ""


@pytest.mark.parametrize("value", ["0", "-12.5", "0.0001", "123456789"])
def test_a_single_value_of_any_size_is_drawn(value: str) -> None:
    picture = drawn([(date(2026, 6, 30), Decimal(value))])

    assert picture.count('class="f-one"') == 1
    assert "nan" not in picture


def test_a_target_alone_is_drawn_without_a_line() -> None:
    picture = drawn([], target=(date(2029, 12, 31), Decimal(10)))

    assert 'class="s-one"' not in picture
    assert ">10<" in picture


def test_many_years_are_not_all_named() -> None:
    points: list[Point] = [(date(year, 12, 31), Decimal(year)) for year in range(1990, 2030)]

    assert drawn(points).count('y="208"') <= 8
