"""What becomes of records in the next plan: the pure rules."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.carrying import (
    Decision,
    cost_goes_along,
    demands_reason,
    is_over_before,
    nearest_kept,
    suggestion,
)

KEYS = st.integers(0, 8)


@pytest.mark.parametrize(
    ("kind", "standing", "reason", "suggested"),
    [
        ("measure", "running", "", Decision.CARRY),
        ("measure", "done", "", Decision.FINISHED),
        ("measure", "dropped", "zu teuer", Decision.DROP),
        ("measure", "dropped", "", Decision.CARRY),
        ("measure", "idea", "", Decision.POSTPONE),
        ("goal", "reached", "", Decision.FINISHED),
        ("need", "open", "", Decision.CARRY),
    ],
)
def test_a_suggestion_follows_from_where_a_record_stands(
    kind: str, standing: str, reason: str, suggested: Decision
) -> None:
    assert suggestion(kind, standing, reason) == suggested


@given(
    st.dictionaries(KEYS, st.none() | KEYS, max_size=8),
    st.sets(KEYS),
    KEYS,
)
def test_the_next_one_above_is_kept_and_above(
    parents: dict[int, int | None], kept: set[int], node: int
) -> None:
    above: list[int] = []
    here = parents.get(node)
    while here is not None and here not in above:
        above.append(here)
        here = parents.get(here)

    assert nearest_kept(node, parents, kept) == next((one for one in above if one in kept), None)


def test_a_cost_belongs_to_the_new_plan_by_its_year() -> None:
    start, end = date(2027, 1, 1), date(2031, 12, 31)

    assert [cost_goes_along(year, start, end) for year in (2026, 2027, 2031, 2032, None)] == [
        *(False, True, True, False, True)
    ]
    assert is_over_before(date(2026, 12, 31), start)
    assert not is_over_before(None, start)


def test_only_dropping_demands_a_reason() -> None:
    assert [one for one in Decision if demands_reason(one, " ")] == [Decision.DROP]
    assert not demands_reason(Decision.DROP, "kein Bedarf")
