"""A random table, written in any layout, is read back value by value."""

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given, settings, strategies as st

from zusammenplan.indicators.domain.files import opened_table, plain_rows, quoted_rows
from zusammenplan.indicators.domain.own import propose
from zusammenplan.indicators.domain.shapes import Layout, Reading
from zusammenplan.indicators.domain.sides import whom
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.files import Value

SIGNS = ["-", ".", "/", "x", "..."]
texts = st.one_of(
    st.integers(0, 10**9).map(str),
    st.decimals(-(10**6), 10**6, places=2, allow_nan=False).map(
        lambda it: f"{it:f}".replace(".", ",")
    ),
    st.sampled_from(SIGNS),
    st.integers(1, 10**6).map(lambda it: f"({it})"),
    st.integers(1, 10**6).map(lambda it: f"{it}p"),
)


@st.composite
def tables(draw: st.DrawFn) -> list[Value]:
    keys = draw(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True))
    years = draw(st.lists(st.integers(1995, 2030), min_size=1, max_size=3, unique=True))
    sexes = draw(st.lists(st.sampled_from(["", "m", "f"]), min_size=1, max_size=3, unique=True))
    return [
        Value(
            f"16{key:03}",
            f"Kreis {chr(65 + key % 26)}ltenrod {chr(97 + key // 26)}",
            year,
            sex,
            draw(texts),
        )
        for key in keys
        for year in years
        for sex in sexes
    ]


def read(
    content: bytes,
) -> tuple[Layout, dict[tuple[str, int, str], tuple[Decimal | None, str, str]]]:
    found = {}
    with opened_table(io.BytesIO(content), "tabelle.csv") as opened:
        readings = opened.readings
        if readings is None:
            assert opened.own is not None
            readings = opened.read_as(propose(opened.own))
        for one in readings:
            assert isinstance(one, Reading), one
            of = one.region.key or one.region.name
            cell = one.cell
            found[of, one.time.ends_on.year, whom(one.kind.breakdown).sex] = (
                cell.value,
                cell.sign,
                cell.quality,
            )
    return opened.about.layout, found


def said(
    values: list[Value], *, by_name: bool = False
) -> dict[tuple[str, int, str], tuple[Decimal | None, str, str]]:
    found = {}
    for it in values:
        text, quality = it.text, ""
        if text.startswith("("):
            text, quality = text.strip("()"), "()"
        elif text.endswith("p"):
            text, quality = text[:-1], "p"
        is_sign = text in SIGNS
        value = None if is_sign else Decimal(text.replace(",", "."))
        found[it.name if by_name else it.key, it.year, it.sex] = (
            value,
            text if is_sign else "",
            quality,
        )
    return found


@pytest.mark.parametrize(
    ("write", "layout"),
    [
        (files.flat, Layout.FLAT),
        (files.flat_old, Layout.FLAT_OLD),
        (files.classic, Layout.CLASSIC),
        (lambda values: files.classic(values, time_first=True), Layout.CLASSIC),
        (files.own, Layout.OWN),
    ],
    ids=["flat", "flat-old", "classic", "classic, time first", "own"],
)
@settings(max_examples=40)
@given(values=tables())
def test_table_with_keys_is_read_back(
    write: Callable[[list[Value]], str], layout: Layout, values: list[Value]
) -> None:
    assert read(write(values).encode()) == (layout, said(values))


@settings(max_examples=40)
@given(values=tables(), separator=st.sampled_from(["\t", ";"]))
@example(values=[Value("16001", "Kreis Altenrod", 1995, "", "1000")], separator="\t")
def test_table_with_names_is_read_back(values: list[Value], separator: str) -> None:
    content = files.named(values, separator=separator).encode()

    assert read(content) == (Layout.NAMED, said(values, by_name=True))


@settings(max_examples=25)
@given(values=tables())
def test_encoding_and_packing_change_nothing(values: list[Value]) -> None:
    expected = said(values)

    assert read(files.zipped(files.flat(values)))[1] == expected
    assert read(files.classic(values).encode("cp1252"))[1] == expected
    assert read(files.classic(values).encode("utf-16"))[1] == expected
    assert read(files.flat(values).replace("\n", "\r\n").encode())[1] == expected


@settings(max_examples=10)
@given(values=tables())
def test_workbook_is_read_like_text(values: list[Value]) -> None:
    assert read(files.workbook(files.named(values), separator="\t"))[1] == said(
        values, by_name=True
    )
    assert read(files.workbook(files.own(values)))[1] == said(values)


LETTERS = [*"a1ü; ,\t\u2028\x0b", "\n", "\r\n"]


@given(text=st.lists(st.sampled_from(LETTERS), max_size=60).map("".join))
def test_without_quotation_marks_lines_are_parted_as_with_them(text: str) -> None:
    content = text.encode()
    wrapper = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    plain = [
        (line, [cell.decode() for cell in cells])
        for line, cells in plain_rows(io.BytesIO(content), b";")
    ]

    assert plain == list(quoted_rows(wrapper, ";"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
@pytest.mark.parametrize("is_quoted", [True, False])
def test_flat_file_is_the_same_in_any_encoding_with_any_ends_of_lines(
    end: str, encoding: str, is_quoted: bool
) -> None:
    values = [
        Value("16063", "Wartburgkreis", 2024, "m", "59987"),
        Value("16069", "Hildburghausen", 2024, "f", "."),
    ]
    text = files.flat(values).lstrip("\ufeff")
    if is_quoted:
        text = text.replace("männlich", '"männlich"')

    _layout, found = read(text.replace("\n", end).encode(encoding))

    assert found == said(values)


def test_thousands_are_parted_by_blanks_and_a_minus_may_stand_apart() -> None:
    text = (
        "Wanderungssaldo der Kreise in Thüringen\n"
        "Gebiet\t2022\t2023\n"
        "Landkreis Eichsfeld\t1\u00a0620\u202f239\t- 12 530\n"
        "Erfurt, Stadt\t−\u00a07\t–\n"
        "Weimar, Stadt\t‑5,5\t… \n"  # noqa: RUF001 - as above
        "Gera, Stadt\t+12\t+ 1 003\n"
    )

    _layout, found = read(text.encode())

    assert [(value, sign) for value, sign, _ in found.values()] == [
        (Decimal(1620239), ""),
        (Decimal(-12530), ""),
        (Decimal(-7), ""),
        (None, "-"),
        (Decimal("-5.5"), ""),
        (None, "..."),
        (Decimal(12), ""),
        (Decimal(1003), ""),
    ]


def test_quality_in_its_own_column_is_kept() -> None:
    lines = files.flat([Value("16069", "Hildburghausen", 2024, "m", "59987")]).splitlines()
    text = "\n".join([f"{lines[0]};value_q", f"{lines[1]};e"])

    assert next(iter(read(text.encode())[1].values())) == (Decimal(59987), "", "e")


def test_census_names_municipalities_by_twelve_digits() -> None:
    text = (
        "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;"
        "1_variable_label;1_variable_attribute_code;1_variable_attribute_label;value;value_unit;"
        "value_variable_code;value_variable_label\n"
        "1000A;Bevölkerung kompakt;STAG;Stichtag;2022-05-15;GEOGM4;Gemeinden;160715051069;"
        "Obertrebra;243;Anzahl;PRS018;Personen\n"
    )

    assert ("160715051069", 2022, "") in read(text.encode())[1]
