"""The geometry of a line over time."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st

from zusammenplan.core.charts import HEIGHT, WIDTH, LineChart, Point, line_chart

YEARS: list[Point] = [
    (date(2023, 12, 31), Decimal(142)),
    (date(2024, 12, 31), Decimal(168)),
    (date(2025, 12, 31), Decimal(155)),
    (date(2026, 12, 31), Decimal(201)),
]


def drawn(
    points: list[Point], target: Decimal | None = None, target_on: date | None = None
) -> LineChart | None:
    return line_chart(
        points,
        target=target,
        target_on=target_on,
        number=str,
        day=lambda day: day.strftime("%m.%Y"),
        target_word="Ziel",
    )


def test_without_a_value_there_is_no_picture() -> None:
    assert drawn([], Decimal(500), date(2029, 12, 31)) is None


def test_values_stand_above_their_years_and_the_way_leads_to_the_ring() -> None:
    chart = drawn(YEARS, Decimal(500), date(2029, 12, 31))

    assert chart is not None
    assert [tick.text for tick in chart.grid] == ["0", "200", "400", "600"]
    assert [tick.text for tick in chart.days] == [str(year) for year in range(2023, 2030)]
    assert [tick.text for tick in chart.days if tick.is_strong] == ["2026"]
    assert [dot.x for dot in chart.dots] == [tick.x for tick in chart.days[:4]]
    assert chart.last is not None
    assert chart.last.text == "201"
    assert chart.target is not None
    assert chart.target.ring is not None
    assert chart.target.label.text == "Ziel 500"
    assert chart.target.way.startswith(f"M{chart.dots[-1].x} {chart.dots[-1].y}L")
    assert chart.begins_at_nought


def test_a_target_without_a_day_is_a_level() -> None:
    chart = drawn(YEARS, Decimal(500))

    assert chart is not None
    assert chart.target is not None
    assert chart.target.ring is None
    assert "H" in chart.target.way


def test_a_target_whose_day_has_passed_is_a_level() -> None:
    chart = drawn(YEARS, Decimal(150), date(2024, 6, 30))

    assert chart is not None
    assert chart.target is not None
    assert chart.target.ring is None


def test_a_single_value_is_a_dot_without_a_line() -> None:
    chart = drawn(YEARS[:1])

    assert chart is not None
    assert chart.line == ""
    assert len(chart.dots) == 1


def test_a_line_far_from_nought_says_that_its_axis_begins_elsewhere() -> None:
    chart = drawn([(date(2025, 12, 31), Decimal(980)), (date(2026, 12, 31), Decimal(1000))])

    assert chart is not None
    assert not chart.begins_at_nought


def test_a_short_time_is_labelled_by_months() -> None:
    chart = drawn([(date(2027, 1, 31), Decimal(1)), (date(2027, 6, 30), Decimal(3))])

    assert chart is not None
    assert [tick.text for tick in chart.days] == ["01.2027", "06.2027"]


def test_many_values_are_drawn_as_a_line_alone() -> None:
    start = date(2020, 1, 1)
    chart = drawn([(start + timedelta(days=7 * n), Decimal(n)) for n in range(100)])

    assert chart is not None
    assert chart.dots == ()


values = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=4)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2199, 12, 31))


@given(
    st.dictionaries(days, values, min_size=1, max_size=50),
    st.none() | values,
    st.none() | days,
)
def test_whatever_the_numbers_everything_lies_within_the_picture(
    points: dict[date, Decimal], target: Decimal | None, target_on: date | None
) -> None:
    chart = drawn(list(points.items()), target, target_on)

    assert chart is not None
    ring = [chart.target.ring] if chart.target and chart.target.ring else []
    for dot in (*chart.dots, *ring):
        assert 0 <= float(dot.x) <= WIDTH
        assert 0 <= float(dot.y) <= HEIGHT
    assert 2 <= len(chart.grid) <= 8
    assert len({tick.text for tick in chart.days}) == len(chart.days) <= 9
