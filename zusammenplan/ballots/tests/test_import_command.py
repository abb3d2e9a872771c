"""``zusammenplan import plan``: what it answers, and what it refuses."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.signals import post_save
from django.utils import translation

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.tests.test_tables import EXAMPLE, EXTERNAL, SMALL, released
from zusammenplan.plans.exports.lists import plan_document
from zusammenplan.plans.models import Measure, Plan
from zusammenplan.plans.tests.factories import make_plan

TITLE = "Sozialplan Hildburghausen 2025"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, SMALL)


def written(folder: Path, content: str | bytes, name: str = "Sozialplan_2027.tsv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def answer(path: Path, *options: str) -> dict[str, Any]:
    given: dict[str, Any] = json.loads(said(path, *options, "--json"))
    return given


def said(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_plan", str(path), *options, stdout=out)
    return out.getvalue()


# The answer


@pytest.mark.django_db
def test_the_example_is_answered_exactly_and_the_second_time_nothing_changed() -> None:
    options = ["--title", TITLE, "--marks-of", EXTERNAL]

    first = answer(EXAMPLE, *options)

    expected = {
        "plan": "sozialplan-hildburghausen-2025",
        "round": Round.objects.get().slug,
        "fields": 6,
        "goals": 0,
        "measures": 16,
        "indicators": 0,
        "changed": 22,
        "refused": [],
    }
    assert first == expected
    assert list(first) == list(expected)
    assert answer(EXAMPLE, *options) == {**expected, "changed": 0}


@pytest.mark.django_db
def test_a_dry_run_answers_the_same_and_writes_nothing() -> None:
    options = ["--title", TITLE, "--marks-of", EXTERNAL]

    dry = answer(EXAMPLE, *options, "--dry-run")

    assert not Plan.objects.exists()
    assert answer(EXAMPLE, *options) == dry


@pytest.mark.django_db
def test_rows_that_cannot_be_read_are_named_and_the_others_taken(tmp_path: Path) -> None:
    path = written(tmp_path, f"{SMALL}1.4\tBesuche\tx\tx\t\n\tNachbarschaft\tx\t\t\n")

    result = answer(path)

    assert (result["measures"], result["changed"], result["round"]) == (3, 4, None)
    assert [row["row"] for row in result["refused"]] == [6, 7]
    assert all(row["reason"].endswith(".") for row in result["refused"])


@pytest.mark.django_db
def test_people_get_sentences(tmp_path: Path) -> None:
    path = written(tmp_path, f"{SMALL}1.4\tBesuche\tx\tx\t\n")

    with translation.override("en"):
        words = said(path, "--title", "Sozialplan 2027", "--marks-of", EXTERNAL, "--dry-run")

    assert words.startswith("Sozialplan 2027 (sozialplan-2027)\n1 field of action, 3 measures; 4 ")
    assert "Row 5: No grade marked." in words
    assert "Not taken over:\nRow 6: Measure 1.4 has the mark “x” at the grades 1, 2" in words
    assert words.endswith("Nothing was written.\n")


# The plan


@pytest.mark.django_db
def test_without_a_title_the_heading_above_the_table_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, f"Gut leben am Rennsteig\n{SMALL}")

    assert answer(path)["plan"] == "gut-leben-am-rennsteig"


@pytest.mark.django_db
def test_without_a_title_and_a_heading_the_name_of_the_file_is_taken(file: Path) -> None:
    answer(file)

    assert Plan.objects.get().title_de == "Sozialplan 2027"


@pytest.mark.django_db
def test_an_existing_plan_is_named_by_its_address(file: Path) -> None:
    plan = make_plan(slug="sozialplan")

    assert answer(file, "--plan", "sozialplan")["plan"] == "sozialplan"
    assert plan.measures.count() == 3


# Whose marks


@pytest.mark.django_db
@pytest.mark.parametrize("given", [EXTERNAL, f"x={EXTERNAL}", f"X = {EXTERNAL}"])
def test_one_group_is_named_with_or_without_its_sign(file: Path, given: str) -> None:
    answer(file, "--marks-of", given)

    assert Round.objects.get().groups.get().name_de == EXTERNAL


@pytest.mark.django_db
def test_a_legend_tells_whose_sign_is_meant(tmp_path: Path) -> None:
    both = SMALL.replace("Gemeinde\tx\t\t", "Gemeinde\tx\t-\t")
    path = written(tmp_path, f"{EXTERNAL} (x)\nInterne Steuerungsgruppe (-)\n{both}")

    answer(path, "--title", "Plan", "--marks-of", "interne steuerungsgruppe")

    assert Round.objects.get().groups.get().mark == "-"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([EXTERNAL], "marks of several groups"),
        (["x=Beirat", "x=Jugendrat"], "one group for each sign"),
        (["x="], "one group for each sign"),
        (["o=Beirat"], "no marks “o”"),
    ],
)
def test_marks_that_nobody_can_own_are_refused(
    tmp_path: Path, given: list[str], sentence: str
) -> None:
    path = written(tmp_path, SMALL.replace("Gemeinde\tx\t\t", "Gemeinde\tx\t-\t"))
    options = [part for words in given for part in ("--marks-of", words)]

    with translation.override("en"), pytest.raises(CommandError, match=sentence):
        answer(path, *options)

    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_a_table_without_marks_has_no_group(tmp_path: Path) -> None:
    path = written(tmp_path, "Nr.\tMaßnahme\n1\tBeraten\n1.1\tPflegeberatung\n")

    with translation.override("en"), pytest.raises(CommandError, match="holds no marks"):
        answer(path, "--marks-of", EXTERNAL)


# What is refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is empty"),
        (b"%PDF-1.7\n1 0 obj", "is a PDF"),
        (b"1;2\n" * 3_000_000, "larger than 10 MB"),
        ("Name\tAmt\nVertretung\tJugendamt\n", "No column with the measures' numbers"),
        (f"{SMALL.splitlines()[0]}\n1\tBeraten\n1.1\tPflege\tx\tx\n", "Not a single measure"),
    ],
    ids=["empty", "pdf", "huge", "no plan", "no readable row"],
)
def test_a_file_of_no_use_is_refused_with_a_sentence(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with translation.override("en"), pytest.raises(CommandError, match=sentence):
        answer(written(tmp_path, content))

    assert not Plan.objects.exists()


@pytest.mark.django_db
def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    with translation.override("en"):
        with pytest.raises(CommandError, match="There is no file"):
            answer(tmp_path / "fehlt.tsv")
        with pytest.raises(CommandError, match="is a folder"):
            answer(tmp_path)
        with pytest.raises(CommandError, match="cannot be read"):
            answer(written(tmp_path, SMALL) / "darin.tsv")


@pytest.mark.django_db
def test_an_unknown_plan_and_an_endless_title_are_refused(file: Path) -> None:
    with translation.override("en"):
        with pytest.raises(CommandError, match="There is no plan “fehlt”"):
            answer(file, "--plan", "fehlt")
        with pytest.raises(CommandError, match="longer than 200 characters"):
            answer(file, "--title", "Plan " * 50)


@pytest.mark.django_db
def test_other_marks_than_the_released_ones_are_refused(tmp_path: Path) -> None:
    plan, _round = released()
    path = written(tmp_path, SMALL.replace("Gemeinde\tx\t", "Gemeinde\t\tx"))

    with translation.override("en"), pytest.raises(CommandError, match="released result"):
        answer(path, "--plan", plan.slug, "--marks-of", EXTERNAL)


# Goals


EISENACH = EXAMPLE.parents[1] / "eisenach-2021" / "massnahmen.tsv"


@pytest.mark.django_db
def test_a_table_of_goals_is_answered_exactly_and_the_second_time_nothing_changed() -> None:
    first = answer(EISENACH, "--title", "Sozialplan Eisenach")

    expected: dict[str, Any] = {
        "plan": "sozialplan-eisenach",
        "round": None,
        "fields": 1,
        "goals": 3,
        "measures": 4,
        "indicators": 8,
        "changed": 8,
        "refused": [],
    }
    assert first == expected
    assert answer(EISENACH, "--title", "Sozialplan Eisenach") == {**expected, "changed": 0}

    document = plan_document(Plan.objects.get())
    top, *below = document["goals"]
    assert [goal["level"] for goal in document["goals"]] == ["Oberziel", "Unterziel", "Unterziel"]
    assert {goal["parent"] for goal in below} == {top["id"]}
    assert [measure["number"] for measure in document["measures"]] == ["4.1", "4.2", "4.3", "4.4"]
    assert [len(measure["indicators"]) for measure in document["measures"]] == [1, 3, 2, 2]
    assert document["measures"][0]["goals"] == [below[0]["id"]]
    assert document["measures"][1]["period"]["starts_on"] == "2022-01-01"


@pytest.mark.django_db
@pytest.mark.parametrize(("rows_as", "goals", "measures"), [("goal", 7, 0), ("both", 7, 4)])
def test_action_goals_become_what_the_command_says(rows_as: str, goals: int, measures: int) -> None:
    found = answer(EISENACH, "--title", "Eisenach", "--action-goals", rows_as)

    assert (found["goals"], found["measures"]) == (goals, measures)
    assert answer(EISENACH, "--title", "Eisenach", "--action-goals", rows_as)["changed"] == 0


@pytest.mark.django_db
def test_a_long_list_of_rows_below_rows_is_taken_whole(tmp_path: Path) -> None:
    rows = ["Nr.\tTitel\tÜbergeordnet"]
    for top in range(1, 21):
        rows.append(f"{top}\tZiel {top}\t")
        rows += [f"{top}.{at}\tTun {top}.{at}\t{top}" for at in range(1, 21)]
    path = written(tmp_path, "\n".join(rows))

    found = answer(path, "--title", "Liste")

    assert (found["goals"], found["measures"], found["changed"]) == (20, 400, 420)
    assert found["refused"] == []
    assert answer(path, "--title", "Liste")["changed"] == 0


@pytest.mark.django_db
def test_what_breaks_in_the_middle_leaves_no_plan() -> None:
    def break_off(instance: Measure, **_rest: object) -> None:
        if instance.number == "4.3":
            raise RuntimeError("The power went off.")

    post_save.connect(break_off, sender=Measure)
    try:
        with pytest.raises(RuntimeError):
            answer(EISENACH, "--title", "Eisenach")
    finally:
        post_save.disconnect(break_off, sender=Measure)

    assert not Plan.objects.exists()
