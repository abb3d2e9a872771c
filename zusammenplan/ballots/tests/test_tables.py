"""A plan's table is taken over: fields, measures and the marks that groups set on paper."""

import io
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from docx import Document

from zusammenplan.ballots.actions import (
    AlreadyReleasedError,
    OtherThanShownError,
    Shown,
    TableRefusedError,
    TakenOver,
    add_group,
    create_round,
    look_ahead,
    open_group,
    release,
    take_over,
)
from zusammenplan.ballots.choices import OwnResult, Pooling, Stage, Way
from zusammenplan.ballots.forms.tables import MEANINGS
from zusammenplan.ballots.models import Group, Round
from zusammenplan.ballots.queries import result_of, result_record, written_tally
from zusammenplan.ballots.tests.factories import make_open_group, make_round, make_voter
from zusammenplan.core.public import current_version
from zusammenplan.core.tables import read_tables
from zusammenplan.core.tests.races import Race
from zusammenplan.core.uploads import drop_upload, keep_upload, kept_upload, sweep_uploads
from zusammenplan.meetings.tests.factories import make_body
from zusammenplan.people.models import User
from zusammenplan.people.tests.factories import make_planner
from zusammenplan.plans.domain.plan_table import ColumnMeaning, PlanTable, best_table
from zusammenplan.plans.domain.plan_table.header import meaning_of
from zusammenplan.plans.models import Measure, Plan

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
REPOSITORY = Path(__file__).parents[3]
EXAMPLE = REPOSITORY / "examples" / "hildburghausen-2025" / "prioritaeten.tsv"
SHARED = REPOSITORY.parent / "shared"
EXTERNAL = "Externe Steuerungsgruppe"
MARKS = {
    1: ["2.1", "2.2", "2.3", "5.1", "6.3", "6.4"],
    2: ["3.1", "3.2", "4.2", "5.2", "6.2"],
    3: ["1.1", "1.3", "4.1", "6.1"],
}
SMALL = """\
Nr.\tMaßnahme\t1\t2\t3
1\tGut beraten sein\t\t\t
1.1\tPflegeberatung in jeder Gemeinde\tx\t\t
1.2\tSprechstunde im Rathaus\t\tx\t
1.3\tTelefon für Angehörige\t\t\t
"""
COUNTED = """\
Nr.\tMaßnahme\t1\t2\t3
1\tGut beraten sein\t\t\t
1.1\tPflegeberatung in jeder Gemeinde\t9\t2\t1
1.2\tSprechstunde im Rathaus\t\t4\t8
"""


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_heading_may_say_what_the_page_calls_its_meaning(language: str) -> None:
    named = set(MEANINGS) - {ColumnMeaning.GRADE, ColumnMeaning.IGNORED}

    with translation.override(language):
        assert {meaning: meaning_of(str(MEANINGS[meaning])) for meaning in named} == {
            meaning: meaning for meaning in named
        }


def table_in(content: str | bytes, name: str = "tabelle.tsv") -> PlanTable:
    read = read_tables(name, content if isinstance(content, bytes) else content.encode())
    return best_table([[(row.number, row.cells) for row in table.rows] for table in read]).plan


def taken(
    content: str | bytes = SMALL,
    *,
    plan: Plan | None = None,
    title: str = "Sozialplan 2027",
    marks_of: dict[str, str] | None = None,
    by: User | None = None,
    seen: Shown | None = None,
) -> TakenOver:
    return take_over(
        table_in(content),
        plan=plan,
        title=title,
        marks_of={"x": EXTERNAL} if marks_of is None else marks_of,
        source="tabelle.tsv",
        by=by,
        now=NOW,
        seen=seen,
    )


def shown(
    content: str,
    *,
    plan: Plan | None = None,
    title: str = "",
    marks_of: dict[str, str] | None = None,
) -> Shown:
    """Note what the page that checks would have shown."""
    table, marks_of = table_in(content), {"x": EXTERNAL} if marks_of is None else marks_of
    outlook = look_ahead(table, plan=plan, title=title, marks_of=marks_of)
    return Shown(table, plan, title, marks_of, outlook.fingerprint)


def marks_by_number(group: Group) -> dict[str, dict[int, int]]:
    numbers = {item.pk: item.measure.number for item in group.round.items.all()}
    return {numbers[item]: tally for item, tally in written_tally(group).items()}


def state() -> tuple[int, ...]:
    """Count everything that a second run must leave alone."""
    histories: list[Any] = [Plan, Measure, Round, Group]
    entries = [model.history.count() for model in histories]
    return (*entries, current_version(), *Measure.objects.values_list("version", flat=True))


# The plan


def test_a_table_makes_a_plan_with_fields_measures_and_a_round() -> None:
    planner = make_planner()

    result = taken(by=planner)

    assert (result.plan.title_de, result.plan.slug) == ("Sozialplan 2027", "sozialplan-2027")
    assert (result.fields.new, result.measures.new, result.changed) == (1, 3, 4)
    assert list(result.plan.measures.in_order().values_list("number", flat=True)) == [
        "1.1",
        "1.2",
        "1.3",
    ]
    assert result.plan.history.get().history_user == planner
    assert result.round is not None
    assert (result.round.stage, result.round.lowest, result.round.highest) == (Stage.FIRST, 1, 3)
    assert not result.round.is_released


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("Sozialplan Eisenach 2021–2022", (2021, 2022)),
        ("Sozialplan 2027 bis 2031", (2027, 2031)),
        ("Pflegeplan 2027/28", (2027, 2028)),
        ("Sozialplan 2027", None),
        ("Sozialplan 2031-2027", None),
        ("Beschluss 2027-1234", None),
    ],
)
def test_the_period_of_a_new_plan_is_read_from_its_title(
    title: str, years: tuple[int, int] | None
) -> None:
    plan = taken(title=title, marks_of={}).plan

    begin, end = (date(years[0], 1, 1), date(years[1], 12, 31)) if years else (None, None)
    assert (plan.starts_on, plan.ends_on) == (begin, end)


def test_without_marks_of_there_is_no_round() -> None:
    result = taken(marks_of={})

    assert result.round is None
    assert not Round.objects.exists()


def test_the_same_title_finds_the_plan_even_after_it_was_renamed() -> None:
    plan = taken().plan
    Plan.objects.filter(pk=plan.pk).update(title_de="Integrierter Sozialplan 2027 bis 2031")

    again = taken()

    assert again.plan == plan
    assert again.changed == 0


def test_a_second_run_changes_nothing() -> None:
    taken()
    before = state()

    again = taken()

    assert again.changed == 0
    assert (again.measures.new, again.measures.changed, again.measures.unchanged) == (0, 0, 3)
    assert state() == before


def test_a_second_table_adds_and_changes_and_leaves_the_rest() -> None:
    first = taken()
    more = SMALL.replace("im Rathaus", "in jeder Gemeinde") + "1.4\tBesuche zu Hause\tx\t\t\n"

    result = taken(more, plan=first.plan)

    assert (result.measures.new, result.measures.changed, result.measures.unchanged) == (1, 1, 2)
    assert result.changed == 2
    assert result.round == first.round
    titles = first.plan.rounds.get().items.order_by("position").values_list("title_de", flat=True)
    assert list(titles) == [
        "Pflegeberatung in jeder Gemeinde",
        "Sprechstunde in jeder Gemeinde",
        "Telefon für Angehörige",
        "Besuche zu Hause",
    ]


def test_all_or_nothing_if_the_marks_cannot_be_taken() -> None:
    with pytest.raises(TableRefusedError):
        taken(marks_of={"-": EXTERNAL})

    assert not Plan.objects.exists()


def test_a_value_that_is_too_long_costs_its_row_and_no_other() -> None:
    content = (
        "Nr.\tMaßnahme\tVerantwortlich\tZeitraum\n1\tBeraten\t\t\n"
        f"1.1\tPflegeberatung\tSozialamt\t2027\n1.2\tSprechstunde\t{'Amt ' * 60}\t2027\n"
        f"1.3\tTelefon\tSozialamt\t{'bald ' * 20}\n"
    )

    result = taken(content, marks_of={})

    assert [refused.row for refused in result.refused] == [4, 5]
    assert result.plan.measures.get().number == "1.1"


def test_words_for_the_status_are_understood_and_others_left_out() -> None:
    content = (
        "Nr.\tMaßnahme\tStatus\n1\tBeraten\t\n1.1\tPflegeberatung\tläuft\n"
        "1.2\tSprechstunde\tabgeschlossen\n1.3\tTelefon\tmal sehen\n1.4\tBriefe\t50 %\n"
        "1.5\tHefte\t100 Prozent\n1.6\tBusse\t50\n"
    )

    result = taken(content, marks_of={})

    statuses = result.plan.measures.in_order().values_list("status", flat=True)
    assert list(statuses) == ["running", "done", "planned", "running", "done", "planned"]


def test_a_plan_that_changed_since_it_was_shown_is_not_written_over() -> None:
    plan = taken().plan
    changed = SMALL.replace("im Rathaus", "in der Bücherei")
    seen = shown(changed, plan=plan)
    Measure.objects.filter(number="1.2").update(title_de="Sprechstunde am Abend")

    with pytest.raises(OtherThanShownError):
        taken(changed, plan=plan, seen=seen)

    assert Measure.objects.get(number="1.2").title_de == "Sprechstunde am Abend"


def test_other_groups_than_shown_are_taken_as_the_choice() -> None:
    plan = taken(marks_of={}).plan

    result = taken(plan=plan, seen=shown(SMALL, plan=plan, marks_of={}))

    assert result.round
    assert [group.name_de for group in result.round.groups.all()] == [EXTERNAL]


def test_other_groups_than_shown_do_not_hide_what_others_changed() -> None:
    plan = taken(marks_of={}).plan
    seen = shown(SMALL, plan=plan, marks_of={})
    Measure.objects.filter(number="1.2").update(title_de="Sprechstunde am Abend")

    with pytest.raises(OtherThanShownError):
        taken(plan=plan, seen=seen)

    assert Measure.objects.get(number="1.2").title_de == "Sprechstunde am Abend"


def test_a_release_meanwhile_is_not_written_over_by_another_choice() -> None:
    plan = taken().plan
    other = SMALL.replace("Gemeinde\tx\t", "Gemeinde\t\tx")
    seen = shown(other, plan=plan)
    release(plan.rounds.get(), by=make_planner(), now=NOW)

    with pytest.raises(OtherThanShownError):
        taken(other, plan=plan, marks_of={}, seen=seen)


def test_a_title_that_names_another_plan_than_shown_is_shown_first() -> None:
    taken(marks_of={}, title="Pflegeplan")
    seen = shown(SMALL, title="Sozialplan 2027")

    with (
        translation.override("en"),
        pytest.raises(OtherThanShownError, match="names another plan"),
    ):
        taken(title="Pflegeplan", seen=seen)


# The marks


def test_signs_alone_name_only_the_majority() -> None:
    make_body(name_de=EXTERNAL, name_en="External steering group")

    round_ = taken().round

    assert round_ is not None
    group = round_.groups.get()
    assert (group.name_de, group.name_en, group.mark) == (EXTERNAL, "External steering group", "x")
    assert group.body is not None
    assert (group.way, group.own_result, group.counts_marks) == (
        Way.TABLE,
        OwnResult.MAJORITY,
        False,
    )
    assert marks_by_number(group) == {"1.1": {1: 1}, "1.2": {2: 1}}


def test_numbers_of_marks_are_counted_and_have_a_median() -> None:
    round_ = taken(COUNTED, marks_of={"#": EXTERNAL}).round

    assert round_ is not None
    group = round_.groups.get()
    assert (group.own_result, group.counts_marks, group.mark) == (OwnResult.MEDIAN, True, "x")
    assert marks_by_number(group) == {"1.1": {1: 9, 2: 2, 3: 1}, "1.2": {2: 4, 3: 8}}


def test_a_group_that_named_the_majority_is_counted_when_the_table_counts() -> None:
    first = taken()

    second = taken(COUNTED, marks_of={"#": EXTERNAL}, plan=first.plan)

    assert second.round == first.round
    group = Group.objects.get()
    assert (group.own_result, group.counts_marks) == (OwnResult.MEDIAN, True)
    assert taken(COUNTED, marks_of={"#": EXTERNAL}, plan=first.plan).changed == 0


def test_only_changed_marks_count_and_measures_outside_the_table_keep_theirs() -> None:
    plan = taken().plan
    part = "Nr.\tMaßnahme\t1\t2\t3\n1\tGut beraten sein\n1.2\tSprechstunde im Rathaus\t\t\tx\n"

    result = taken(part, plan=plan)

    assert result.changed == 1
    assert marks_by_number(Group.objects.get()) == {"1.1": {1: 1}, "1.2": {3: 1}}


def test_a_mark_taken_off_the_table_is_taken_off_the_round() -> None:
    plan = taken().plan

    result = taken(SMALL.replace("Rathaus\t\tx", "Rathaus\t\t"), plan=plan)

    assert result.changed == 1
    assert marks_by_number(Group.objects.get()) == {"1.1": {1: 1}}


def test_two_groups_of_one_table_go_into_one_round() -> None:
    content = SMALL.replace("Gemeinde\tx\t\t", "Gemeinde\tx\t-\t").replace(
        "Rathaus\t\tx", "Rathaus\t-\tx"
    )

    result = taken(content, marks_of={"x": EXTERNAL, "-": "Interne Steuerungsgruppe"})

    assert result.round is not None
    marks = {it.mark: marks_by_number(it) for it in result.round.groups.all()}
    assert marks == {"x": {"1.1": {1: 1}, "1.2": {2: 1}}, "-": {"1.1": {2: 1}, "1.2": {1: 1}}}


def test_one_group_for_two_signs_is_refused() -> None:
    content = SMALL.replace("Gemeinde\tx\t\t", "Gemeinde\tx\t-\t")

    with pytest.raises(TableRefusedError):
        taken(content, marks_of={"x": EXTERNAL, "-": EXTERNAL})


def test_a_name_that_is_too_long_for_a_group_is_refused() -> None:
    with pytest.raises(TableRefusedError):
        taken(marks_of={"x": "Gruppe " * 20})


def test_a_group_of_a_body_is_found_again_under_another_name() -> None:
    make_body(name_de=EXTERNAL, short_name="ESG")
    plan = taken().plan
    Group.objects.update(name_de="Steuerungsgruppe am 31. Januar")

    assert taken(plan=plan, marks_of={"x": "esg"}).changed == 0
    assert Group.objects.count() == 1


# The round


def test_the_newest_running_round_gets_the_group() -> None:
    plan = taken(marks_of={}).plan
    older = make_round(plan, highest=3, created_at=NOW - timedelta(days=9))
    newer = make_round(plan, highest=3, created_at=NOW - timedelta(days=1))

    result = taken(plan=plan)

    assert result.round == newer
    assert newer.items.count() == 3
    assert not older.groups.exists()


def test_a_round_with_another_scale_is_left_alone() -> None:
    plan = taken(marks_of={}).plan
    other = make_round(plan, highest=6)

    result = taken(plan=plan)

    assert result.round not in {None, other}


def test_a_round_over_persons_gets_no_group_that_names_only_the_majority() -> None:
    plan = taken(marks_of={}).plan
    other = make_round(plan, highest=3, pooling=Pooling.PERSONS)

    assert taken(plan=plan).round not in {None, other}


def test_a_prepared_group_with_another_scale_is_refused() -> None:
    plan = taken(marks_of={}).plan
    round_ = make_round(plan, highest=6)
    add_group(round_, {"name_de": EXTERNAL, "way": Way.TABLE}, by=None)

    with pytest.raises(TableRefusedError):
        taken(plan=plan)


def test_a_group_that_votes_in_another_way_is_refused() -> None:
    plan = taken(marks_of={}).plan
    add_group(make_round(plan, highest=3), {"name_de": EXTERNAL, "way": Way.HANDS}, by=None)

    with pytest.raises(TableRefusedError):
        taken(plan=plan)

    assert Round.objects.count() == 1


def test_a_ballot_that_people_vote_by_does_not_grow() -> None:
    plan = taken(marks_of={}).plan
    round_ = create_round(plan, {"title_de": "Abend", "highest": 3}, by=None, now=NOW)
    add_group(round_, {"name_de": EXTERNAL, "way": Way.TABLE}, by=None)
    make_voter(make_open_group(round_))

    with pytest.raises(TableRefusedError):
        taken(f"{SMALL}1.4\tBesuche zu Hause\tx\t\t\n", plan=plan)

    assert not plan.measures.filter(number="1.4").exists()
    assert taken(plan=plan).round == round_


def test_a_ballot_that_people_vote_by_keeps_its_words() -> None:
    plan = taken(marks_of={}).plan
    round_ = create_round(plan, {"title_de": "Abend", "highest": 3}, by=None, now=NOW)
    group = add_group(round_, {"name_de": "Beirat", "way": Way.HANDS}, by=None)
    open_group(group, by=None, now=NOW)

    taken(SMALL.replace("im Rathaus", "in der Bücherei"), plan=plan)

    assert round_.items.get(number="1.2").title_de == "Sprechstunde im Rathaus"


def released() -> tuple[Plan, Round]:
    first = taken()
    assert first.round is not None
    release(first.round, by=make_planner(), now=NOW)
    return first.plan, Round.objects.get()


def test_other_marks_than_those_of_a_released_result_are_refused() -> None:
    plan, _round = released()
    before = state()

    with translation.override("en"), pytest.raises(AlreadyReleasedError, match="corrects it"):
        taken(SMALL.replace("Gemeinde\tx\t", "Gemeinde\t\tx"), plan=plan)

    assert state() == before


def test_the_marks_of_a_released_result_once_more_change_nothing() -> None:
    plan, round_ = released()
    before = state()

    again = taken(plan=plan)

    assert (again.round, again.changed) == (round_, 0)
    assert state() == before


def test_marks_that_correct_a_released_result_go_into_the_round_that_corrects_it() -> None:
    plan, round_ = released()
    correction = make_round(plan, highest=3, corrects=round_)

    result = taken(SMALL.replace("Gemeinde\tx\t", "Gemeinde\t\tx"), plan=plan)

    assert result.round == correction
    assert marks_by_number(correction.groups.get()) == {"1.1": {2: 1}, "1.2": {2: 1}}


@pytest.mark.django_db(transaction=True)
def test_a_table_taken_over_twice_at_once_makes_one_plan() -> None:
    outcomes = Race(OtherThanShownError).at_once(*[lambda: taken(marks_of={})] * 2)

    assert None in outcomes
    assert Plan.objects.count() == 1
    assert Measure.objects.count() == 3


# Uploaded files


@pytest.fixture
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.usefixtures("_own_folder")
def test_an_upload_is_kept_for_its_owner_alone() -> None:
    owner, other = make_planner(), make_planner()

    upload = keep_upload("Tischvorlage.docx", b"eins\nzwei", by=owner, now=NOW)

    assert kept_upload(upload.key, by=owner) == upload
    assert kept_upload(upload.key, by=other) is None
    assert kept_upload("../../etc/passwd", by=owner) is None
    drop_upload(upload, by=owner)
    assert kept_upload(upload.key, by=owner) is None


@pytest.mark.usefixtures("_own_folder")
@pytest.mark.parametrize("occasion", ["next upload", "start of the server"])
def test_what_is_left_lying_goes_after_a_day(occasion: str) -> None:
    owner = make_planner()
    old = keep_upload("alt.tsv", b"1", by=owner, now=NOW)
    path = next((Path(settings.MEDIA_ROOT) / "imports").iterdir())
    yesterday = (NOW - timedelta(hours=25)).timestamp()
    os.utime(path, (yesterday, yesterday))

    if occasion == "next upload":
        keep_upload("neu.tsv", b"2", by=owner, now=NOW)
    else:
        sweep_uploads(now=NOW)

    assert kept_upload(old.key, by=owner) is None


# The real case


def as_xlsx(text: str) -> bytes:
    """Save the table as people do: two header lines, the grades' heading merged above them."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Prioritäten")
        for row, line in enumerate(text.splitlines()):
            for column, cell in enumerate(line.split("\t")):
                if cell:
                    sheet.write_string(row, column, cell)
        sheet.merge_range(0, 2, 0, 7, "Priorisierungsgrad")
        for row, line in enumerate(text.splitlines()):
            cells = line.split("\t")
            if cells[0].isdecimal():
                sheet.merge_range(row, 1, row, 7, cells[1])
    return content.getvalue()


def as_docx(text: str) -> bytes:
    rows = [line.split("\t") for line in text.splitlines()]
    document = Document()
    document.add_paragraph("Tischvorlage")
    table = document.add_table(rows=len(rows), cols=8)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=False):
            cell.text = words
    table.cell(0, 2).merge(table.cell(0, 7))
    table.cell(0, 0).merge(table.cell(1, 0))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def real(path: str) -> bytes:
    found = sorted(SHARED.glob(path))
    if not found:
        pytest.skip("The shared folder with the real tables is not beside the repository.")
    return found[0].read_bytes()


TSV = "data/founding_tables/hildburghausen_prioritaeten_2025.tsv"


@pytest.mark.parametrize("kind", ["example", "tsv", "xlsx", "docx", "text"])
def test_the_evening_of_hildburghausen_gives_its_priorities_whatever_the_file(kind: str) -> None:
    content = {
        "example": EXAMPLE.read_bytes,
        "tsv": lambda: real(TSV),
        "xlsx": lambda: as_xlsx(real(TSV).decode()),
        "docx": lambda: as_docx(real(TSV).decode()),
        "text": lambda: real("founding/000*.txt"),
    }[kind]()

    result = taken(content)

    assert (result.fields.new, result.measures.new, result.changed) == (6, 16, 22)
    assert result.refused == ()
    assert result.round is not None
    expected = {number: {grade: 1} for grade, numbers in MARKS.items() for number in numbers}
    assert marks_by_number(result.round.groups.get()) == expected
    degrees: dict[Any, Any] = {
        row["number"]: row["degree"]
        for row in result_record(result_of(result.round))["measures"]  # type: ignore[attr-defined] # JSON
    }
    assert degrees == {
        "1.2": None,
        **{number: grade for grade, numbers in MARKS.items() for number in numbers},
    }
    assert taken(content).changed == 0


def test_the_result_command_shows_what_was_imported(capsys: pytest.CaptureFixture[str]) -> None:
    round_ = taken(EXAMPLE.read_bytes()).round
    assert round_ is not None

    call_command("result", round_.slug, "--json")

    assert f'"round": "{round_.slug}"' in capsys.readouterr().out
