"""Chapters and blocks are written, moved and deleted by actions alone."""

import re
from pathlib import Path
from typing import Any

import pytest

from zusammenplan.core.history import ChangedMeanwhileError
from zusammenplan.core.picture_files import PictureRefusedError
from zusammenplan.core.plain_png import columns_png
from zusammenplan.core.public import current_version
from zusammenplan.core.tests.races import Race
from zusammenplan.people.tests.factories import NOW, make_user
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.actions.refusals import OtherPlanError, ReasonMissingError
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.models import Block, Chapter, Plan
from zusammenplan.plans.tests.factories import make_chapter, make_field, make_plan

pytestmark = pytest.mark.django_db


def outline(plan: Plan) -> dict[str, str | None]:
    chapters = plan.chapters.select_related("parent").order_by("position", "pk")
    return {one.title_de: one.parent.title_de if one.parent else None for one in chapters}


def add(plan: Plan, title: str, parent: Chapter | None = None) -> Chapter:
    return deeds.add_chapter(plan, {"title_de": title}, parent=parent, by=None)


def add_text(chapter: Chapter, html: str) -> Block:
    return deeds.add_block(chapter, BlockKind.TEXT, {"text_de": html}, by=None, now=NOW)


def keys(block: Block) -> dict[str, str]:
    return {text: key for key, text in re.findall(r'id="(\w+)">([^<]*)<', block.text_de)}


def test_chapters_are_moved_up_down_in_and_out() -> None:
    plan = make_plan()
    a, b = add(plan, "A"), add(plan, "B")

    assert deeds.move_chapter(b, "in", by=None)
    assert outline(plan) == {"A": None, "B": "A"}
    assert deeds.move_chapter(b, "out", by=None)
    assert outline(plan) == {"A": None, "B": None}
    assert deeds.move_chapter(b, "up", by=None)
    assert list(outline(plan)) == ["B", "A"]
    assert not deeds.move_chapter(b, "up", by=None)
    assert deeds.move_chapter(a, "up", by=None)
    assert list(outline(plan)) == ["A", "B"]


def test_a_fourth_level_is_refused() -> None:
    plan = make_plan()
    third = add(plan, "3", add(plan, "2", add(plan, "1")))

    with pytest.raises(deeds.TooDeepError):
        add(plan, "4", third)


def test_a_chapter_of_another_plan_is_no_place() -> None:
    with pytest.raises(deeds.TooDeepError):
        add(make_plan(), "Fremd", make_chapter())
    with pytest.raises(OtherPlanError):
        deeds.add_chapter(make_plan(), {"title_de": "X", "field": make_field()}, by=None)


def test_a_chapter_is_deleted_with_its_blocks_and_with_a_reason() -> None:
    plan = make_plan()
    chapter = add(plan, "Lage")
    below = add(plan, "Unter", chapter)
    block = add_text(below, "<p>Text</p>")

    with pytest.raises(deeds.ChapterNotEmptyError):
        deeds.delete_chapter(chapter, reason="doppelt", by=None)
    with pytest.raises(ReasonMissingError):
        deeds.delete_chapter(below, reason=" ", by=None)
    deeds.delete_chapter(below, reason="doppelt", by=make_user())

    assert not Block.objects.exists()
    assert Block.history.filter(id=block.pk).first().history_change_reason == "doppelt"


def test_the_usual_outline_is_added_once_and_keeps_what_is_there() -> None:
    plan = make_plan()
    add(plan, "Einleitung")

    first = deeds.add_usual_chapters(plan, by=None)

    assert first > 15
    assert plan.chapters.filter(title_de="Einleitung").count() == 1
    assert deeds.add_usual_chapters(plan, by=None) == 0


def test_a_chapter_with_blocks_does_not_become_a_generated_one() -> None:
    chapter = add(make_plan(), "Lage")
    add_text(chapter, "<p>Text</p>")

    with pytest.raises(deeds.BlocksInTheWayError):
        deeds.change_chapter(chapter, {"kind": ChapterKind.COSTS}, seen_version=1, by=None)


def test_a_generated_chapter_takes_no_block() -> None:
    chapter = deeds.add_chapter(
        make_plan(), {"title_de": "Kosten", "kind": ChapterKind.COSTS}, by=None
    )

    with pytest.raises(deeds.NoTextChapterError):
        add_text(chapter, "<p>Text</p>")
    chapter.kind = ChapterKind.TEXT  # as somebody sees it who looked before the kind was changed
    with pytest.raises(deeds.NoTextChapterError):
        add_text(chapter, "<p>Text</p>")


@pytest.mark.django_db(transaction=True)
def test_a_chapter_that_gets_a_block_meanwhile_does_not_fill_itself() -> None:
    chapter = make_chapter()

    outcomes = Race(deeds.BlocksInTheWayError).overlapping(
        lambda: add_text(Chapter.objects.get(), "<p>Text</p>"),
        lambda: deeds.change_chapter(chapter, {"kind": ChapterKind.COSTS}, seen_version=1, by=None),
    )

    assert outcomes == (None, deeds.BlocksInTheWayError)


def test_each_paragraph_keeps_its_address_over_edits() -> None:
    block = add_text(add(make_plan(), "Lage"), "<p>Erster Absatz.</p><p>Zweiter Absatz.</p>")
    before = keys(block)

    deeds.change_block(
        block,
        {"text_de": "<p>Neu davor, ganz anders.</p><p>Zweiter Absatz.</p><p>Erster Absatz!</p>"},
        seen_version=1,
        by=None,
        now=NOW,
    )

    after = keys(Block.objects.get(pk=block.pk))
    assert after["Zweiter Absatz."] == before["Zweiter Absatz."]
    assert after["Erster Absatz!"] == before["Erster Absatz."]
    assert after["Neu davor, ganz anders."] not in before.values()


def test_saving_without_a_change_changes_nothing() -> None:
    block = add_text(add(make_plan(), "Lage"), "<p>Erster Absatz.</p>")

    deeds.change_block(
        block, {"text_de": "<p>Erster Absatz.</p>"}, seen_version=1, by=None, now=NOW
    )

    assert Block.objects.get(pk=block.pk).version == 1


def test_the_second_editor_is_refused() -> None:
    block = add_text(add(make_plan(), "Lage"), "<p>Alt</p>")
    deeds.change_block(block, {"text_de": "<p>Neu</p>"}, seen_version=1, by=None, now=NOW)

    with pytest.raises(ChangedMeanwhileError):
        deeds.change_block(block, {"text_de": "<p>Anders</p>"}, seen_version=1, by=None, now=NOW)
    assert "Neu" in Block.objects.get(pk=block.pk).text_de


def test_what_is_hostile_is_not_stored() -> None:
    block = add_text(
        add(make_plan(), "Lage"), '<p onclick="x()">Text<script>alert(1)</script></p><svg/>'
    )

    assert re.fullmatch(r'<p id="\w{6}">Text</p>', block.text_de)


def test_a_figure_keeps_its_picture_with_the_plan() -> None:
    plan = make_plan()
    upload = deeds.Upload("bild.png", columns_png((1, 2), 40, 20))

    block = deeds.add_block(
        add(plan, "Lage"), BlockKind.FIGURE, {"alt_de": "Zwei"}, upload=upload, by=None, now=NOW
    )

    assert block.picture is not None
    assert block.picture.record == plan


def test_the_second_editor_of_a_figure_leaves_no_picture_behind(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    block = add_text(add(make_plan(), "Lage"), "<p>Alt</p>")
    upload = deeds.Upload("bild.png", columns_png((1, 2), 40, 20))

    with pytest.raises(ChangedMeanwhileError):
        deeds.change_block(block, {}, seen_version=0, upload=upload, by=None, now=NOW)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_svg_is_refused_and_nothing_is_kept() -> None:
    chapter = add(make_plan(), "Lage")

    with pytest.raises(PictureRefusedError):
        deeds.add_block(
            chapter,
            BlockKind.FIGURE,
            {},
            upload=deeds.Upload("bild.png", b"<svg/>"),
            by=None,
            now=NOW,
        )
    assert not Block.objects.exists()


def test_a_deed_on_a_public_plan_makes_public_pages_fresh() -> None:
    chapter = add(make_plan(), "Lage")
    version = current_version()

    block = add_text(chapter, "<p>Text</p>")
    deeds.delete_block(block, reason="doppelt", by=None)

    assert current_version() == version + 2


def test_blocks_change_places() -> None:
    chapter = add(make_plan(), "Lage")
    first, second = add_text(chapter, "<p>1</p>"), add_text(chapter, "<p>2</p>")

    assert deeds.move_block(second, "up", by=None)
    assert not deeds.move_block(second, "up", by=None)
    assert list(chapter.blocks.order_by("position")) == [second, first]


def test_an_abbreviation_stands_in_the_list_once() -> None:
    plan = make_plan()
    values = {"short": "LSZ", "long_de": "Solidarisches Zusammenleben", "long_en": ""}
    one = deeds.add_abbreviation(plan, values, by=None)

    with pytest.raises(deeds.AbbreviationTakenError):
        deeds.add_abbreviation(plan, values, by=None)
    other = deeds.add_abbreviation(plan, {**values, "short": "HF"}, by=None)
    with pytest.raises(deeds.AbbreviationTakenError):
        deeds.change_abbreviation(other, {"short": "LSZ"}, seen_version=1, by=None)
    deeds.delete_abbreviation(one, by=None)
    assert [one.short for one in plan.abbreviations.all()] == ["HF"]


def test_numbers_begin_where_the_plan_says() -> None:
    plan = make_plan()

    deeds.set_first_chapter(plan, 0, by=None)

    assert Plan.objects.get(pk=plan.pk).first_chapter == 0
