"""The geometry of charts, and how they are written as SVG."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from django.template.loader import render_to_string
from hypothesis import given, strategies as st

from zusammenplan.core.chart_samples import chart_figures
from zusammenplan.core.charts import line as lines
from zusammenplan.core.charts.axis import WIDTH, Style, reaching, scale, spread
from zusammenplan.core.charts.bars import Bar, Reference, Stack, bar_chart, stacked_chart
from zusammenplan.core.charts.choropleth import Choropleth, Region, choropleth
from zusammenplan.core.charts.classes import class_of, tones
from zusammenplan.core.charts.drawing import STYLES, Around, Figure, class_labels, svg, svg_file
from zusammenplan.core.charts.line import (
    Break,
    LineChart,
    Point,
    Series,
    Target,
    line_chart,
)
from zusammenplan.core.charts.pyramid import AgeGroup, Pyramid, pyramid
from zusammenplan.core.charts.strip import strip
from zusammenplan.core.money import number_text

values = st.integers(-(10**16), 10**16).map(lambda number: Decimal(number).scaleb(-4))
shares = st.integers(0, 10**11).map(lambda number: Decimal(number).scaleb(-2))
people = st.none() | shares
days = st.integers(0, 76_000).map(lambda number: date(1990, 1, 1) + timedelta(days=number))
words = st.sampled_from(["", "A", "Gebietsreform 1.1.2019", "sehr lang " * 8])


def numbers_in(path: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+\.?\d*", path)]


# The axis


@pytest.mark.parametrize(
    ("reach", "ticks"),
    [
        ([142, 500], [0, 200, 400, 600]),
        ([0], [0, "0.5", 1]),
        ([-3, 8], [-5, 0, 5, 10]),
        (["0.02", "0.07"], ["0", "0.025", "0.05", "0.075"]),
        ([12_000_000], [0, 5_000_000, 10_000_000, 15_000_000]),
    ],
)
def test_an_axis_has_round_numbers_from_nought(reach: list[str], ticks: list[str]) -> None:
    found = scale([Decimal(one) for one in reach])

    assert found.ticks == tuple(Decimal(one) for one in ticks)


def test_an_axis_of_a_line_may_leave_out_nought_if_it_is_far() -> None:
    far = [Decimal(980), Decimal(1000)]

    assert 0 in scale(far).ticks
    assert 0 not in scale(far, from_nought=False).ticks


@given(found=st.lists(values, max_size=20), from_nought=st.booleans())
def test_an_axis_holds_all_values_in_few_steps(found: list[Decimal], *, from_nought: bool) -> None:
    axis = scale(found, from_nought=from_nought)

    assert 2 <= len(axis.ticks) <= 6
    assert axis.ticks[-1] == axis.high
    assert all(axis.low <= value <= axis.high for value in found)
    assert all(0 <= axis.at(value) <= 1 for value in found)
    if from_nought:
        assert 0 in axis.ticks


@given(st.lists(values, max_size=20))
def test_bars_reach_from_nought_to_the_end_of_their_room(found: list[Decimal]) -> None:
    axis = reaching(found, 10, 110)

    assert all(9.999 <= axis.at(value) <= 110.001 for value in [*found, Decimal(0)])


@given(st.lists(st.floats(0, 100), max_size=5))
def test_labels_are_spread_until_none_lies_over_another(wanted: list[float]) -> None:
    places = sorted(spread(wanted, apart=18, low=0, high=100))

    assert all(after - before > 17.999 for before, after in pairwise(places))


# Lines

YEARS: list[Point] = [
    (date(2023, 12, 31), Decimal(142)),
    (date(2024, 12, 31), Decimal(168)),
    (date(2025, 12, 31), Decimal(155)),
    (date(2026, 12, 31), Decimal(201)),
]


def drawn(
    points: list[Point],
    target: Decimal | None = None,
    target_on: date | None = None,
    breaks: list[Break] | None = None,
) -> LineChart | None:
    return line_chart(
        [Series("Beratungen", points)],
        target=None if target is None else Target(target, target_on, "Ziel"),
        breaks=breaks or [],
        number=str,
        day=lambda day: day.strftime("%m.%Y"),
    )


def one_line(points: list[Point], breaks: list[Break] | None = None) -> lines.Line:
    chart = drawn(points, breaks=breaks)
    assert chart is not None
    return chart.lines[0]


def test_without_a_value_there_is_no_picture() -> None:
    assert drawn([], Decimal(500), date(2029, 12, 31)) is None
    assert drawn([(date(2026, 12, 31), None)]) is None


def test_values_stand_above_their_years_and_the_way_leads_to_the_ring() -> None:
    chart = drawn(YEARS, Decimal(500), date(2029, 12, 31))

    assert chart is not None
    assert [tick.text for tick in chart.grid] == ["0", "200", "400", "600"]
    assert [tick.text for tick in chart.days] == [str(year) for year in range(2023, 2030)]
    assert [tick.text for tick in chart.days if tick.is_strong] == ["2026"]
    (line,) = chart.lines
    assert [dot.x for dot in line.dots] == [tick.x for tick in chart.days[:4]]
    assert line.label.text == "201"
    assert chart.target is not None
    assert chart.target.ring is not None
    assert chart.target.label.text == "Ziel 500"
    assert chart.target.way.startswith(f"M{line.dots[-1].x} {line.dots[-1].y}L")
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
    line = one_line(YEARS[:1])

    assert line.path == ""
    assert len(line.dots) == 1


def test_a_missing_value_is_a_gap_and_not_nought() -> None:
    line = one_line([*YEARS[:2], (date(2025, 12, 31), None), YEARS[3]])

    assert line.path.count("M") == 1
    assert line.path.count("L") == 1
    assert len(line.dots) == 3


def test_a_line_is_never_joined_over_a_break() -> None:
    reform = Break(date(2025, 1, 1), "Gebietsreform 1.1.2025", "Neuwerk kommt hinzu")
    chart = drawn(YEARS, breaks=[reform])

    assert chart is not None
    assert chart.lines[0].path.count("M") == 2
    (upright,) = chart.breaks
    assert [word.text for word in upright.words] == [reform.title, reform.text]
    place = numbers_in(upright.path)[0]
    assert float(chart.lines[0].dots[1].x) < place < float(chart.lines[0].dots[2].x)


def test_a_break_outside_of_the_time_shown_is_not_drawn() -> None:
    chart = drawn(YEARS, breaks=[Break(date(2019, 1, 1), "Gebietsreform")])

    assert chart is not None
    assert chart.breaks == ()


def test_several_lines_are_named_at_their_ends() -> None:
    chart = line_chart(
        [
            Series("Ilsetal", YEARS),
            Series("Landkreis", [(on, Decimal(202)) for on, _value in YEARS], "two"),
            Series("früher", YEARS[:2], "rest"),
        ],
        number=str,
        day=str,
    )

    assert chart is not None
    assert [one.label.text for one in chart.lines] == ["Ilsetal 201", "Landkreis 202", "früher"]
    assert abs(float(chart.lines[0].label.y) - float(chart.lines[1].label.y)) >= 17.99
    assert chart.keys == ()


def test_names_too_long_for_the_end_of_a_line_stand_in_a_key() -> None:
    names = ["Verwaltungsgemeinschaft Oberer Grund", "Landkreis Rennsteiggrund"]
    styles: list[Style] = ["one", "two"]
    chart = line_chart(
        [Series(name, YEARS, style) for name, style in zip(names, styles, strict=True)],
        number=str,
        day=str,
    )

    assert chart is not None
    assert [key.text for key in chart.keys] == names
    assert [one.label.text for one in chart.lines] == ["201", "201"]


def test_a_name_that_would_run_over_a_break_stands_in_a_key() -> None:
    years = [(date(year, 12, 31), Decimal(200 + year % 7)) for year in range(2016, 2026)]

    def told(until: int) -> tuple[list[str], list[str]]:
        chart = line_chart(
            [Series("amtlich", years), Series("umgerechnet", years[: until - 2016], "rest")],
            number=str,
            day=str,
            breaks=[Break(date(until, 1, 1), "Gebietsreform")],
        )
        assert chart is not None
        return [key.text for key in chart.keys], [one.label.text for one in chart.lines]

    assert told(2018) == (["amtlich", "umgerechnet"], ["202", ""])
    assert told(2024) == ([], ["amtlich 202", "umgerechnet"])


def test_lines_that_look_alike_are_told_apart_by_their_values() -> None:
    names = ["Verwaltungsgemeinschaft Oberer Grund", "Verwaltungsgemeinschaft Unterer Grund"]
    chart = line_chart([Series(name, YEARS, "rest") for name in names], number=str, day=str)

    assert chart is not None
    assert [key.text for key in chart.keys] == [f"{name} 201" for name in names]


def test_a_line_far_from_nought_says_that_its_axis_begins_elsewhere() -> None:
    chart = drawn([(date(2025, 12, 31), Decimal(980)), (date(2026, 12, 31), Decimal(1000))])

    assert chart is not None
    assert not chart.begins_at_nought


def test_a_short_time_is_labelled_by_months() -> None:
    chart = drawn([(date(2027, 1, 31), Decimal(1)), (date(2027, 6, 30), Decimal(3))])

    assert chart is not None
    assert [tick.text for tick in chart.days] == ["01.2027", "06.2027"]


def test_many_values_are_drawn_as_a_line_alone_and_a_lonely_one_as_a_dot() -> None:
    start = date(2020, 1, 1)
    many: list[Point] = [(start + timedelta(days=7 * n), Decimal(n)) for n in range(100)]

    assert one_line(many).dots == ()
    many[1] = (many[1][0], None)
    assert len(one_line(many).dots) == 1


@given(
    st.lists(st.dictionaries(days, st.none() | values, max_size=15), min_size=1, max_size=3),
    st.none() | values,
    st.none() | days,
    st.lists(st.builds(Break, days, words, words), max_size=3),
)
def test_whatever_the_numbers_everything_lies_within_the_picture(
    series: list[dict[date, Decimal | None]],
    target: Decimal | None,
    target_on: date | None,
    breaks: list[Break],
) -> None:
    chart = line_chart(
        [Series("eine Reihe", list(points.items())) for points in series],
        target=None if target is None else Target(target, target_on, "Ziel"),
        breaks=breaks,
        number=str,
        day=str,
    )

    known = [value for points in series for value in points.values() if value is not None]
    assert (chart is None) == (not known)
    if chart is None:
        return
    wide, high = float(chart.width), float(chart.height)
    ring = [chart.target.ring] if chart.target and chart.target.ring else []
    for dot in (*(dot for line in chart.lines for dot in line.dots), *ring):
        assert 0 <= float(dot.x) <= wide
        assert 0 <= float(dot.y) <= high
    assert 2 <= len(chart.grid) <= 8
    assert len({tick.text for tick in chart.days}) == len(chart.days) <= 9
    runs = sum(line.path.count("M") for line in chart.lines)
    assert runs <= len(chart.lines) * (1 + len(chart.breaks)) + sum(
        value is None for points in series for value in points.values()
    )


# Bars


def box_of(path: str) -> tuple[float, float]:
    """Give where a bar begins and ends."""
    begin, _top, end, _thick, _back = numbers_in(path)
    return begin, end


def test_bars_are_as_long_as_their_values_and_begin_at_nought() -> None:
    chart = bar_chart([Bar("A", Decimal(10)), Bar("B", Decimal(5))], number=str)

    assert chart is not None
    (begin, end), (also, half) = (box_of(row.path) for row in chart.rows)
    assert begin == also == numbers_in(chart.axis)[0]
    assert half - begin == pytest.approx((end - begin) / 2, abs=0.02)


def test_a_missing_bar_shows_its_sign_and_no_length() -> None:
    chart = bar_chart([Bar("A", Decimal(10)), Bar("Tannhain", None, sign="x")], number=str)

    assert chart is not None
    assert chart.rows[1].path == ""
    assert chart.rows[1].value.text == "x"


def test_own_bars_stand_out_by_weight_and_colour() -> None:
    chart = bar_chart([Bar("A", Decimal(1), is_own=True), Bar("B", Decimal(1))], number=str)

    assert chart is not None
    assert [row.style for row in chart.rows] == ["one", "rest"]
    assert [row.label.is_strong for row in chart.rows] == [True, False]


def test_long_names_stand_above_their_bars() -> None:
    short, long = (
        bar_chart([Bar(name, Decimal(1))], number=str)
        for name in ("Ilsetal", "Verwaltungsgemeinschaft Oberer Grund")
    )

    assert short is not None
    assert long is not None
    assert short.rows[0].label.anchor == "end"
    assert long.rows[0].label.anchor == "start"
    # The axis runs beside the bar alone, not through the name above it.
    assert float(long.rows[0].label.y) < float(long.axis.split()[1].split("v")[0])


def test_no_bar_is_drawn_without_a_value() -> None:
    assert bar_chart([Bar("A", None)], number=str) is None
    assert bar_chart([], number=str) is None


@given(
    st.lists(st.builds(Bar, words, st.none() | values), min_size=1, max_size=30),
    st.none() | values,
)
def test_bars_lie_within_the_picture_in_the_order_of_their_values(
    bars: list[Bar], compared: Decimal | None
) -> None:
    reference = None if compared is None else Reference(compared, "Landkreis")
    chart = bar_chart(bars, number=str, reference=reference)

    if chart is None:
        assert all(bar.value is None for bar in bars)
        return
    ends = sorted(
        (bar.value, box_of(row.path)[1])
        for bar, row in zip(bars, chart.rows, strict=True)
        if bar.value is not None
    )
    assert all(0 <= end <= WIDTH for _value, end in ends)
    assert all(before[1] <= after[1] for before, after in pairwise(ends))


def test_stacked_shares_fill_the_whole_and_a_missing_part_leaves_it_open() -> None:
    chart = stacked_chart(
        ["unter 18", "ab 18"],
        [
            Stack("A", [Decimal(1), Decimal(3)]),
            Stack("B", [Decimal(20), Decimal(20)]),
            Stack("C", [None, Decimal(3)], "x"),
        ],
        number=str,
    )

    assert chart is not None
    first, second, third = chart.rows
    assert box_of(first.segments[-1].path)[1] == box_of(second.segments[-1].path)[1]
    assert third.segments == ()
    assert third.missing is not None
    assert third.missing.text == "x"
    assert [key.text for key in chart.keys] == ["unter 18", "ab 18"]


@given(
    parts=st.lists(st.lists(shares, min_size=3, max_size=3), min_size=1, max_size=8),
    as_shares=st.booleans(),
)
def test_stacked_parts_follow_each_other_without_a_hole(
    parts: list[list[Decimal]], *, as_shares: bool
) -> None:
    stacks = [Stack("A", one) for one in parts]
    chart = stacked_chart(["a", "b", "c"], stacks, number=str, as_shares=as_shares)

    if chart is None:
        assert not any(map(any, parts))
        return
    for row in chart.rows:
        boxes = [box_of(segment.path) for segment in row.segments]
        assert all(before[1] == after[0] for before, after in pairwise(boxes))
        assert all(end <= WIDTH + 0.01 for _begin, end in boxes)


def test_a_part_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be -1"):
        stacked_chart(["a"], [Stack("A", [Decimal(-1)])], number=str)


# The pyramid


def ages(*groups: AgeGroup) -> Pyramid:
    found = pyramid(groups, men="Männer", women="Frauen", number=str)
    assert found is not None
    return found


def test_men_lie_left_women_right_the_youngest_at_the_bottom() -> None:
    found = ages(
        AgeGroup("0–4", Decimal(10), Decimal(5)), AgeGroup("5–9", Decimal(10), Decimal(10))
    )

    young, old = found.rows
    begin, end = box_of(young.men)
    assert end < begin
    assert box_of(young.women)[1] - box_of(young.women)[0] == pytest.approx((begin - end) / 2, 0.01)
    assert numbers_in(young.men)[1] > numbers_in(old.men)[1]


def test_missing_people_show_a_sign_and_a_gap_in_the_outline() -> None:
    found = ages(
        AgeGroup("0–4", Decimal(1), Decimal(1), Decimal(1), Decimal(1)),
        AgeGroup("5–9", None, Decimal(1), None, Decimal(1), sign="x"),
        AgeGroup("10–14", Decimal(1), Decimal(1), Decimal(1), Decimal(1)),
    )

    assert found.rows[1].men == ""
    assert [sign.text for sign in found.rows[1].missing] == ["x"]
    assert found.outline.count("M") == 3


def test_people_below_nought_are_refused() -> None:
    with pytest.raises(ValueError, match="below nought"):
        ages(AgeGroup("0–4", Decimal(-1), None))


@given(
    st.lists(
        st.tuples(people, people, people, people),
        min_size=1,
        max_size=30,
    )
)
def test_a_pyramid_of_any_size_lies_within_the_picture(
    rows: list[tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]],
) -> None:
    groups = [AgeGroup(str(age), *row) for age, row in enumerate(rows)]
    found = pyramid(groups, men="Männer", women="Frauen", number=str)

    if found is None:
        assert not any(one is not None for row in rows for one in row)
        return
    assert sum(row.label is not None for row in found.rows) <= 12
    wide, high = float(found.width), float(found.height)
    for row in found.rows:
        for path in filter(None, (row.men, row.women)):
            begin, top, end, _thick, _back = numbers_in(path)
            assert min(begin, end) >= 0
            assert max(begin, end) <= wide
            assert 0 <= top <= high


# Classes and maps


def test_up_to_seven_classes_have_tones_of_their_own_from_light_to_dark() -> None:
    for count in range(1, 8):
        numbers = [tone.number for tone in tones(count)]
        assert numbers == sorted(set(numbers))
        assert len(numbers) == count
    with pytest.raises(ValueError, match="not for 8"):
        tones(8)


def test_a_bound_belongs_to_the_class_above_it() -> None:
    bounds = [Decimal(26), Decimal(28)]

    assert [class_of(Decimal(one), bounds) for one in ("25.9", "26", "28")] == [0, 1, 2]
    assert class_labels(bounds, str) == ["unter 26", "26 bis unter 28", "28 und mehr"]
    assert class_labels([], str) == ["alle Werte"]


SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def beside(places: list[tuple[float, float]], by: float) -> list[tuple[float, float]]:
    return [(x + by, y) for x, y in places]


def mapped(*regions: Region) -> Choropleth:
    found = choropleth(
        regions,
        [Decimal(10)],
        number=str,
        labels=["unter 10", "10 und mehr"],
        missing="kein Wert",
    )
    assert found is not None
    return found


def test_areas_get_the_tone_of_their_class_and_missing_ones_are_hatched() -> None:
    found = mapped(
        Region("A", [SQUARE], Decimal(5)),
        Region("B", [beside(SQUARE, 1)], Decimal(10)),
        Region("C", [beside(SQUARE, 2)], None, sign="x"),
    )

    few, many, none = found.shapes
    assert few.tone is not None
    assert many.tone is not None
    assert few.tone.number < many.tone.number
    assert none.tone is None
    assert none.value is not None
    assert none.value.text == "x"
    assert [key.text for key in found.keys] == ["unter 10", "10 und mehr", "kein Wert"]


def test_the_key_explains_hatching_only_where_there_is_some() -> None:
    found = mapped(Region("A", [SQUARE], Decimal(5)))

    assert [key.text for key in found.keys] == ["unter 10", "10 und mehr"]


def test_north_is_up_and_nothing_is_bent() -> None:
    found = mapped(
        Region("Nord", [[(x, y + 1) for x, y in SQUARE]], Decimal(5)),
        Region("Süd", [SQUARE], Decimal(5)),
    )

    north, south = (numbers_in(shape.path) for shape in found.shapes)
    assert max(north[1::2]) <= min(south[1::2])
    assert max(north[::2]) - min(north[::2]) == pytest.approx(
        max(north[1::2]) - min(north[1::2]), abs=0.2
    )


def test_own_areas_are_outlined_together() -> None:
    found = mapped(
        Region("A", [SQUARE], Decimal(5), is_own=True),
        Region("B", [beside(SQUARE, 1)], Decimal(5), is_own=True),
    )

    assert found.own.count("M") == 6


def test_a_value_is_written_only_where_it_fits() -> None:
    found = mapped(
        Region("groß", [[(x * 100, y * 100) for x, y in SQUARE]], Decimal(5)),
        Region("klein", [beside(SQUARE, 200)], Decimal(5)),
    )

    large, small = found.shapes
    assert large.value is not None
    assert small.value is None
    assert small.path


def test_a_value_stands_inside_of_its_area() -> None:
    # The middle of this area's box lies outside of it.
    bow = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 8.0), (8.0, 8.0), (8.0, 2.0)]
    found = mapped(Region("A", [[*bow, (0.0, 2.0)]], Decimal(5)))

    written = found.shapes[0].value
    assert written is not None
    # Ten units of the plane are 448 of the picture.
    x, y = (float(written.x) - 6) / 44.8, (float(written.y) - 6) / 44.8
    assert not (x < 8 and 2.2 < y < 7.8)


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.floats(-1e7, 1e7, allow_subnormal=False),
                st.floats(-1e7, 1e7, allow_subnormal=False),
            ),
            max_size=12,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_polygons_fit_into_the_picture(rings: list[list[tuple[float, float]]]) -> None:
    regions = [Region("A", [ring], Decimal(1)) for ring in rings]
    found = choropleth(regions, [], number=str, labels=["alle"], missing="")

    if found is None:
        assert not any(rings)
        return
    for shape in found.shapes:
        places = numbers_in(shape.path)
        assert all(0 <= x <= 460.1 for x in places[::2])
        assert all(0 <= y <= 620.1 for y in places[1::2])


# Written as SVG


@pytest.fixture(params=[figure.key for figure in chart_figures()])
def figure(request: pytest.FixtureRequest) -> Figure:
    return next(one for one in chart_figures() if one.key == request.param)


def test_a_figure_tells_its_picture_and_has_its_table_beside_it(figure: Figure) -> None:
    html = render_to_string("components/charts/figure.html", {"figure": figure})

    assert f'aria-labelledby="{figure.key}-title {figure.key}-told"' in html
    assert f'<title id="{figure.key}-title">{figure.heading}</title>' in html
    assert f'<desc id="{figure.key}-told">{figure.told}</desc>' in html
    assert 'role="img"' in html
    assert "style=" not in html
    assert html.count("<tr>") == len(figure.table.rows) + 1


def test_a_file_needs_no_sheet_and_is_well_formed(figure: Figure) -> None:
    assert figure.chart is not None
    content = svg_file(figure.chart, title="Süd & <Nord>\x08", told='"so"')

    root = ET.fromstring(content)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["font-family"] == "'Fira Sans', sans-serif"
    assert root[0].text == "Süd & <Nord>"
    assert b"class=" not in content
    assert b"style=" not in content


def test_the_file_knows_every_class_of_the_drawings(figure: Figure) -> None:
    html = render_to_string("components/charts/figure.html", {"figure": figure})
    drawing = html[html.index("<svg") : html.index("</svg>")]
    used = {name for found in re.findall(r'class="([^"]*)"', drawing) for name in found.split()}

    assert {name for name in used if not name.startswith("zp-")} <= set(STYLES)


@given(st.text(max_size=40))
def test_whatever_a_title_holds_the_file_is_well_formed(title: str) -> None:
    chart = drawn(YEARS)
    assert chart is not None

    ET.fromstring(svg_file(chart, title=title, told=title))
    ET.fromstring(svg_file(chart, title=title, told="", around=Around(title, title, [title])))


def test_a_file_says_what_it_shows_and_where_it_comes_from(figure: Figure) -> None:
    assert figure.chart is not None
    long = "Zahl der Menschen im Landkreis, die in einem Jahr eine Beratung zur Pflege suchten"

    root = ET.fromstring(
        svg_file(figure.chart, title="", told="", around=Around("Kopf", "2026", [long, "Lizenz"]))
    )

    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[:2] == ["Kopf", "2026"]
    _left, top, _wide, high = (float(number) for number in root.attrib["viewBox"].split())
    places = [float(one.attrib["y"]) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert all(top < y < top + high for y in places)


def test_map_of_many_areas_is_drawn_on_a_grid_in_one_pass() -> None:
    size = 12
    regions = [
        Region(f"Gebiet {at}", [square(at % size, at // size)], Decimal(at % 5))
        for at in range(size * size)
    ]
    bounds = [Decimal(2)]

    drawn = choropleth(
        regions, bounds, number=number_text, labels=["unter 2", "2 und mehr"], missing="kein Wert"
    )

    assert drawn is not None
    assert drawn.is_fine
    # Four corners and nothing between them, steps instead of places.
    assert re.fullmatch(r"M[\d.]+ [\d.]+l(?:[ -]?[\d.]+){8}z", drawn.shapes[0].path)
    written = svg(drawn, key="karte", title="Karte", told="Karte")
    assert written.count("<path") == len(regions) + 1
    assert "area-thin" in written


def square(column: int, row: int) -> list[tuple[float, float]]:
    """Draw a square with needless points on its sides."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return [
        (column + x + (x2 - x) * part / 4, row + y + (y2 - y) * part / 4)
        for (x, y), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True)
        for part in range(4)
    ]


def test_quiet_lines_have_no_name_and_no_value() -> None:
    years = [date(2023, 12, 31), date(2024, 12, 31)]
    series = [
        Series("Landkreis", [(day, Decimal(5)) for day in years]),
        Series("", [(day, Decimal(4)) for day in years], "rest"),
    ]

    drawn = line_chart(series, number=number_text, day=str)

    assert drawn is not None
    assert [line.label.text for line in drawn.lines] == ["Landkreis 5", ""]
    assert len(drawn.lines) == 2


@pytest.mark.parametrize(
    ("own", "others", "reference", "told"),
    [
        (Decimal(5), [Decimal(0), Decimal(10)], None, ("150", ("8", "292"), "")),
        (Decimal(3), [Decimal(3)], None, ("150", ("150",), "")),
        (Decimal(0), [], Decimal(4), ("8", (), "292")),
    ],
)
def test_strip_lies_between_the_least_and_the_greatest(
    own: Decimal,
    others: list[Decimal],
    reference: Decimal | None,
    told: tuple[str, tuple[str, ...], str],
) -> None:
    drawn = strip(own, others, reference)

    assert drawn is not None
    assert (drawn.own, drawn.others, drawn.reference) == told


def test_strip_needs_something_to_compare() -> None:
    assert strip(Decimal(1), []) is None
    assert strip(None, [Decimal(1)]) is None
