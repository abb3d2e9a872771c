"""``zusammenplan result``: for scripts and for people."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from zusammenplan.ballots.choices import Way
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.factories import make_closed_group, make_round, make_tally

pytestmark = pytest.mark.django_db


def answer(*arguments: str) -> str:
    out = StringIO()
    call_command("result", *arguments, stdout=out)
    return out.getvalue()


def voted_round(**fields: Any) -> Round:
    round_ = make_round(measures=2, **fields)
    first, second = (
        make_closed_group(round_, way=Way.HANDS, name_de=name) for name in ("Extern", "Intern")
    )
    item = round_.items.order_by("position").first()
    assert item
    make_tally(first, item, {1: 6, 3: 1})
    make_tally(second, item, {2: 4})
    return round_


def test_result_is_answered_as_json_with_the_promised_keys() -> None:
    round_ = voted_round()

    told = json.loads(answer(round_.slug, "--json"))

    assert (told["round"], told["released"]) == (round_.slug, False)
    rated, unrated = told["measures"]
    assert {"number", "title", "degree", "rank", "agreement", "groups"} <= rated.keys()
    assert (rated["degree"], rated["rank"]) == (1.5, 1)
    assert rated["groups"][0] == {
        "name": "Extern",
        "marks": {"1": 6, "2": 0, "3": 1, "4": 0, "5": 0, "6": 0},
        "majority": 1,
        "median": 1,
    }
    assert (unrated["degree"], unrated["rank"], unrated["agreement"]) == (None, None, None)


def test_result_is_a_table_for_people() -> None:
    round_ = voted_round()

    lines = answer(round_.slug).splitlines()

    item = round_.items.order_by("position")[0]
    assert lines[0] == round_.title
    assert lines[4].split(maxsplit=3) == ["1", "1,5", item.number, item.title]


def test_hidden_result_tells_why() -> None:
    round_ = make_round(measures=1, is_secret=True)
    make_closed_group(round_)

    told = json.loads(answer(round_.slug, "--json"))

    assert told["hidden"]
    assert told["measures"] == []
    assert told["hidden"] in answer(round_.slug)


def test_unknown_round_names_those_that_exist() -> None:
    round_ = make_round()

    with pytest.raises(CommandError, match=round_.slug):
        answer("gibt-es-nicht")
