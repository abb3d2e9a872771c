"""Formulas: what can be written, what they give, how they are told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from zusammenplan.indicators.domain.formula import (
    Binary,
    Count,
    FormulaError,
    FormulaProblem,
    Node,
    Number,
    division_of,
    quantities_of,
    read_formula,
)
from zusammenplan.indicators.domain.reckoning import (
    Datum,
    Gap,
    Group,
    Missing,
    Table,
    cover,
    evaluate,
    reckon,
)
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.domain.wording import Words, describe, with_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AGES = {"young": 20, "old": 65}
NAMES = frozenset(AGES)
TOTAL_RATIO = "100 * (population[:young] + population[old:]) / population[young:old]"
WORDS = Words(
    quantity=lambda code: {"population": "Bevölkerung", "births": "Geborene"}.get(code, code),
    number=lambda value: f"{value:f}".replace(".", ","),
    sexes={"m": "männlich", "f": "weiblich", "d": "divers"},
    under="unter %(to)s",
    since="ab %(from)s",
    between="von %(from)s bis unter %(to)s",
    total="insgesamt",
    per="%(above)s je %(number)s %(below)s",
    functions={"mean_age": "Durchschnittsalter der %(0)s", "earlier": "%(0)s vor %(1)s Jahren"},
    missing="fehlt",
)


class Place:
    """An area's counts, for tests."""

    def __init__(
        self,
        tables: Mapping[tuple[str, str], Table],
        years: Mapping[int, Place] | None = None,
        parts: Sequence[Place] = (),
    ) -> None:
        self.tables = tables
        self.years = years or {}
        self.within = parts
        self.memo: dict[tuple[str, str, Group], Datum | Missing] = {}

    def table(self, name: str, sex: str) -> Table | None:
        return self.tables.get((name, sex))

    def earlier(self, years: int) -> Place | None:
        return self.years.get(-years)

    def in_year(self, year: int) -> Place | None:
        return self.years.get(year)

    def parts(self) -> Sequence[Place]:
        return self.within


def place(groups: Mapping[Group, object], name: str = "population", sex: str = "") -> Place:
    return Place({(name, sex): table(groups)})


def table(groups: Mapping[Group, object]) -> Table:
    return Table(
        (group, value if isinstance(value, Datum) else Datum(Decimal(str(value))))
        for group, value in groups.items()
    )


def test_published_ratios_of_augsburg_come_from_counts_and_not_from_rounded_parts() -> None:
    augsburg = place({(0, 20): 49_420, (20, 65): 180_530, (65, ALL_AGES): 54_470})

    ratios = [
        evaluate(read_formula(f"100 * {above} / population[young:old]", NAMES), augsburg, AGES)
        for above in (
            "population[:young]",
            "population[old:]",
            "(population[:young] + population[old:])",
        )
    ]

    assert [round(ratio.value or 0, 1) for ratio in ratios] == [
        Decimal("27.4"),
        Decimal("30.2"),
        Decimal("57.5"),
    ]


def test_numerator_and_denominator_are_the_counts_beside_the_line() -> None:
    here = place({(0, 20): 24, (20, 65): 100, (65, ALL_AGES): 38})

    found = reckon(read_formula(TOTAL_RATIO, NAMES), here, AGES)

    counts = [found.outcome.value, found.numerator, found.denominator]
    assert counts == [62, 62, 100]


@pytest.mark.parametrize(
    ("formula", "above", "below"),
    [
        ("100 * births / population", "births", "population"),
        ("births / population * 1000", "births", "population"),
        ("100 * (population / earlier(population, 5) - 1)", "population", None),
    ],
)
def test_division_is_found_behind_constant_factors(
    formula: str, above: str, below: str | None
) -> None:
    division = division_of(read_formula(formula))

    assert division is not None
    assert isinstance(division[0], Count)
    assert division[0].name == above
    assert below is None or (isinstance(division[1], Count) and division[1].name == below)


def test_difference_has_no_denominator() -> None:
    assert division_of(read_formula("births - deaths")) is None


@pytest.mark.parametrize(
    ("formula", "problem", "at"),
    [
        ("", FormulaProblem.EMPTY, 1),
        ("population +", FormulaProblem.END, 13),
        ("(population", FormulaProblem.BRACKET, 1),
        ("population)", FormulaProblem.UNEXPECTED, 11),
        ("population ^ 2", FormulaProblem.SIGN, 12),
        ("population[young]", FormulaProblem.SEX, 17),
        ("population[18]", FormulaProblem.AGE, 14),
        ("population[65:18]", FormulaProblem.AGE_ORDER, 1),
        ("population[:200]", FormulaProblem.AGE, 13),
        ("population[:adult]", FormulaProblem.SEX, 13),
        ("__import__(population)", FormulaProblem.FUNCTION, 1),
        ("mean_age(population, 2)", FormulaProblem.ARGUMENTS, 1),
        ("mean_age(population[:18])", FormulaProblem.COUNT_EXPECTED, 1),
        ("earlier(population, births)", FormulaProblem.YEARS, 1),
        ("earlier(earlier(population, 1), 1)", FormulaProblem.NESTED, 1),
        ("100 * 2", FormulaProblem.NO_COUNT, 1),
        ("1234567890123 * population", FormulaProblem.NUMBER, 1),
        ("population.real", FormulaProblem.SIGN, 11),
        ("(" * 40 + "population" + ")" * 40, FormulaProblem.TOO_DEEP, 31),
        ("population" + " + population" * 40, FormulaProblem.TOO_DEEP, 404),
        ("population" + " " * 700, FormulaProblem.TOO_LONG, 600),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    formula: str, problem: FormulaProblem, at: int
) -> None:
    with pytest.raises(FormulaError) as refusal:
        read_formula(formula, NAMES)

    assert (refusal.value.problem, refusal.value.at) == (problem, at)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_formula(text, NAMES)
    except FormulaError as refusal:
        assert refusal.at >= 1  # noqa: PT017 - not every text is refused


def test_names_with_hyphens_stand_in_quotation_marks() -> None:
    tree = read_formula('"13111-erw032"[m, 18:] − births')

    assert quantities_of(tree) == ("13111-erw032", "births")


# Formulas over two counts, built beside the program's own trees.
plain_numbers = st.integers(1, 50)


@st.composite
def formulas(draw: st.DrawFn, depth: int = 0) -> tuple[str, Node, Fraction | None]:
    """Give a formula as text, as tree, and what it is worth where a = 7 and b = 3."""
    if depth > 3 or draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            number = draw(plain_numbers)
            return str(number), Number(Decimal(number)), Fraction(number)
        name = draw(st.sampled_from("ab"))
        return name, Count(name), Fraction({"a": 7, "b": 3}[name])
    left, right = draw(formulas(depth + 1)), draw(formulas(depth + 1))
    operation = draw(st.sampled_from("+-*/"))
    worth: Fraction | None = None
    if left[2] is not None and right[2] is not None and not (operation == "/" and right[2] == 0):
        worth = {
            "+": lambda x, y: x + y,
            "-": lambda x, y: x - y,
            "*": lambda x, y: x * y,
            "/": lambda x, y: x / y,
        }[operation](left[2], right[2])
    text = f"({left[0]}) {operation} ({right[0]})"
    return text, Binary(operation, left[1], right[1]), worth  # type: ignore[arg-type] # one of the four


@given(formulas())
def test_formula_is_worth_what_exact_fractions_say(
    formula: tuple[str, Node, Fraction | None],
) -> None:
    text, _tree, worth = formula
    here = Place({("a", ""): table({(0, ALL_AGES): 7}), ("b", ""): table({(0, ALL_AGES): 3})})
    try:
        tree = read_formula(text)
    except FormulaError as refusal:
        assert refusal.problem in {"no_count", "too_long"}  # noqa: PT017 - as above
        return

    outcome = evaluate(tree, here, {})

    if worth is None:
        assert outcome.missing is not None
        assert (outcome.value, outcome.missing.gap) == (None, Gap.ZERO)
    else:
        assert outcome.value is not None
        assert abs(Fraction(outcome.value) - worth) < Fraction(1, 10**20)


@given(
    st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True),
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 100)), max_size=6),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_ages_are_composed_only_of_groups_that_cover_them_exactly(
    limits: list[int], more: list[tuple[int, int]], start: int, end: int
) -> None:
    edges = [0, *sorted(limits), 100]
    groups = frozenset([*pairwise(edges), *(group for group in more if group[0] < group[1])])

    path = cover(groups, (start, end))

    def reachable(age: int) -> bool:
        return age == end or any(
            reachable(group[1]) for group in groups if group[0] == age and group[1] <= end
        )

    if path is None:
        assert start >= end or not reachable(start)
    else:
        assert set(path) <= groups
        assert [age for group in path for age in range(*group)] == list(range(start, end))


def test_missing_group_is_told_and_never_zero() -> None:
    here = place({(0, 20): Datum(None, "."), (20, ALL_AGES): 10})

    outcome = evaluate(read_formula("population[:20] / population[20:]"), here, {})

    assert outcome.value is None
    assert outcome.sign == "."
    assert outcome.missing is not None
    assert (outcome.missing.gap, outcome.missing.age_to) == (Gap.SIGN, 20)


def test_groups_that_overlap_are_not_added() -> None:
    here = place({(0, 18): 5, (15, 25): 4, (25, ALL_AGES): 10})

    outcome = evaluate(read_formula("population[:25]"), here, {})

    assert outcome.missing is not None
    assert outcome.missing.gap == Gap.AGES


def test_sexes_make_up_all_where_a_table_has_no_all() -> None:
    here = Place(
        {
            ("population", "m"): table({(0, ALL_AGES): 4}),
            ("population", "f"): table({(0, ALL_AGES): Datum(Decimal(5), quality="p")}),
        }
    )

    outcome = evaluate(read_formula("population"), here, {})

    assert [outcome.value, outcome.quality] == [9, "p"]


def test_hidden_count_hides_what_is_computed_from_it() -> None:
    here = place({(0, 18): Datum(Decimal(2), secrecy="p"), (18, ALL_AGES): 98, (0, ALL_AGES): 100})

    assert evaluate(read_formula("100 * population[:18] / population"), here, {}).secrecy == "p"
    assert evaluate(read_formula("population"), here, {}).secrecy == ""


def test_mean_and_median_age_come_from_single_years() -> None:
    here = place({(age, age + 1): 1 for age in range(90)} | {(90, ALL_AGES): 0})

    mean = evaluate(read_formula("mean_age(population)"), here, {})
    median = evaluate(read_formula("median_age(population)"), here, {})

    assert [mean.value, mean.quality] == [45, ""]
    assert [median.value, median.quality] == [45, ""]


def test_mean_age_from_wide_groups_is_an_estimate_and_from_an_early_open_one_none() -> None:
    wide = place({(0, 40): 10, (40, 80): 10, (80, ALL_AGES): 0})
    early = place({(0, 40): 10, (40, ALL_AGES): 10})

    assert evaluate(read_formula("mean_age(population)"), wide, {}).quality == "s"
    assert evaluate(read_formula("mean_age(population)"), early, {}).value is None


def test_change_over_time_needs_the_other_time() -> None:
    before = place({(0, ALL_AGES): 200})
    now = Place({("population", ""): table({(0, ALL_AGES): 150})}, {-5: before, 2015: before})

    change = read_formula("100 * (population / earlier(population, 5) - 1)")

    assert evaluate(change, now, {}).value == -25
    assert (
        evaluate(read_formula("100 * population / in_year(population, 2015)"), now, {}).value == 75
    )
    assert evaluate(change, before, {}).value is None


def test_segregation_is_the_share_that_would_have_to_move() -> None:
    def part(one: int, other: int) -> Place:
        return Place(
            {("a", ""): table({(0, ALL_AGES): one}), ("b", ""): table({(0, ALL_AGES): other})}
        )

    apart = Place({}, parts=[part(10, 0), part(0, 10)])
    even = Place({}, parts=[part(10, 20), part(5, 10)])
    tree = read_formula("segregation(a, b)")

    assert evaluate(tree, apart, {}).value == 100
    assert evaluate(tree, even, {}).value == 0
    assert evaluate(tree, Place({}), {}).value is None
    assert evaluate(read_formula("weighted(a, b)"), apart, {}).value == 0


def test_formula_is_told_as_people_write_it() -> None:
    told = describe(read_formula(TOTAL_RATIO, NAMES), WORDS, AGES)

    assert told == "(Bevölkerung unter 20 + ab 65) je 100 von 20 bis unter 65"


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("births - deaths", "Geborene − deaths"),
        ("1000 * births / population", "Geborene je 1000 Bevölkerung"),
        ("100 * population[f] / population", "Bevölkerung weiblich je 100 insgesamt"),
        ("mean_age(population)", "Durchschnittsalter der Bevölkerung"),
        ("a / (b / c)", "a ÷ (b ÷ c)"),
    ],
)
def test_other_formulas_are_told_too(formula: str, told: str) -> None:
    assert describe(read_formula(formula), WORDS, {}) == told


def test_share_is_told_in_per_cent() -> None:
    tree = read_formula("100 * population[:18] / population")

    told = describe(tree, WORDS, {}, is_percent=True)

    assert told == "Bevölkerung unter 18 ÷ Bevölkerung × 100 %"


def test_formula_is_told_with_its_numbers() -> None:
    here = place({(0, 20): 24, (20, 65): 100, (65, ALL_AGES): 38})

    told = with_numbers(read_formula(TOTAL_RATIO, NAMES), WORDS, AGES, here)

    assert told == "(24 + 38) ÷ 100 × 100"
