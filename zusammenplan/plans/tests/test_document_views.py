"""The pages on which the document is written."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zusammenplan.core.plain_png import columns_png
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.domain.document_checks import filled_kinds
from zusammenplan.plans.models import Block, Chapter, Plan
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.document import filled_kinds_of
from zusammenplan.plans.tests.factories import (
    make_block,
    make_chapter,
    make_field,
    make_goal,
    make_measure,
    make_plan,
)
from zusammenplan.plans.tests.test_rich_text import HOSTILE

pytestmark = pytest.mark.django_db
PNG = columns_png((1, 2), 40, 20)


@pytest.fixture
def plan() -> Plan:
    return make_plan(slug="sozialplan", is_public=False)


@pytest.fixture
def planner(client: Client) -> Client:
    client.force_login(make_user(Role.PLANNER))
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"plans:{name}", args=["sozialplan", *args])


def words(response: Any) -> str:
    return str(response.content.decode())


def test_document_without_chapters_offers_the_usual_outline(planner: Client, plan: Plan) -> None:
    page = words(planner.get(url("document")))
    assert url("outline-suggest") in page
    assert "Das Dokument hat noch kein Kapitel." in page

    assert not plan.chapters.exists()
    shown = words(planner.get(url("outline-suggest")))
    assert "Handlungsfelder und ihre Ziele" in shown
    assert not plan.chapters.exists()
    planner.post(url("outline-suggest"))
    assert plan.chapters.count() > 15


@pytest.mark.usefixtures("plan")
def test_outline_numbers_its_chapters_and_moves_them(planner: Client) -> None:
    planner.post(url("first-chapter"), {"first": "0"})
    planner.post(url("chapter-add"), {"title_de": "Einleitung", "kind": "text"})
    planner.post(url("chapter-add"), {"title_de": "Lage", "kind": "text"})
    lage = Chapter.objects.get(title_de="Lage")

    response = planner.post(url("chapter-move", lage.pk), {"step": "in"}, follow=True)

    assert '<span class="zp-outline__no">0.1</span>' in words(response)
    lage.refresh_from_db()
    assert lage.parent is not None
    before = (lage.parent_id, lage.position)
    assert planner.post(url("chapter-move", lage.pk), {"step": "sideways"}).status_code == 302
    lage.refresh_from_db()
    assert (lage.parent_id, lage.position) == before


def test_a_new_chapter_may_stand_under_another_one(planner: Client, plan: Plan) -> None:
    above = make_chapter(plan)

    planner.post(url("chapter-add"), {"title_de": "Unter", "kind": "text", "parent": str(above.pk)})

    assert Chapter.objects.get(title_de="Unter").parent == above


@pytest.mark.usefixtures("plan")
def test_a_chapter_without_title_is_asked_for_it(planner: Client) -> None:
    response = planner.post(url("chapter-add"), {"title_de": "", "kind": "text"})

    assert response.status_code == 200
    assert 'aria-invalid="true"' in words(response)


def test_text_with_marks_is_previewed_and_saved_without_script(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    add = url("block-add", chapter.pk, "text")
    typed = {"text_de": "# Lage\n\nEin **fetter** Satz.", "text_de-format": "marks"}

    preview = words(planner.post(add, {**typed, "preview": "1"}))
    assert "<h3>Lage</h3><p>Ein <strong>fetter</strong> Satz.</p>" in preview
    assert not Block.objects.exists()

    response = planner.post(add, typed, follow=True)
    assert "<strong>fetter</strong>" in words(response)
    block = Block.objects.get()
    assert "Ein **fetter** Satz." in words(planner.get(url("block-change", block.pk)))


def test_text_of_the_editor_is_html(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)

    planner.post(
        url("block-add", chapter.pk, "text"),
        {"text_de": "<h3>Lage</h3><p>Ein <em>Satz</em>.</p>", "text_de-format": "html"},
    )

    assert "<em>Satz</em>" in Block.objects.get().text_de


@pytest.mark.parametrize("form", ["html", "marks"])
@pytest.mark.one_database
def test_hostile_text_is_harmless_on_every_page(planner: Client, plan: Plan, form: str) -> None:
    chapter = make_chapter(plan)
    for html in HOSTILE:
        planner.post(
            url("block-add", chapter.pk, "text"),
            {"text_de": f"Text {html}", "text_de-format": form},
        )
    assert chapter.blocks.count() == len(HOSTILE)
    pages = [
        url("chapter", chapter.pk),
        reverse("reports:plan-reading", args=["sozialplan"]),
        *(url("block-change", block.pk) for block in chapter.blocks.all()),
    ]

    for address in pages:
        page = planner.get(address)
        assert page.status_code == 200
        text = words(page)
        for bad in (
            "<script>alert",
            "<img src=x",
            "<iframe",
            "<svg><",
            "<form action='//",
            "<math",
        ):
            assert bad not in text, address
        assert not re.search(r"<a [^>]*href=.(javascript|data):", text, re.IGNORECASE), address


def test_a_table_is_pasted_from_excel(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)

    response = planner.post(
        url("block-add", chapter.pk, "table"),
        {"caption_de": "Zahlen", "cells": "Jahr\tZahl\r\n2026\t=1+1\r\n"},
        follow=True,
    )

    assert Block.objects.get().cells == [["Jahr", "Zahl"], ["2026", "=1+1"]]
    assert '<th scope="col">Jahr</th>' in words(response)


def test_a_table_of_too_many_columns_is_refused(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)

    response = planner.post(
        url("block-add", chapter.pk, "table"), {"cells": "\t".join("abcdefghijklmn")}
    )

    assert "breit genug" in words(response)
    assert not Block.objects.exists()


def test_a_figure_is_uploaded_shown_and_warned_about(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    file = SimpleUploadedFile("bild.png", PNG, content_type="image/png")

    planner.post(
        url("block-add", chapter.pk, "figure"), {"picture": file, "caption_de": "Zwei Säulen"}
    )
    block = Block.objects.get()

    shown: Any = planner.get(url("block-picture", block.pk))
    assert b"".join(shown.streaming_content) == PNG
    assert block.picture is not None
    block.picture.file.delete(save=False)
    assert planner.get(url("block-picture", block.pk)).status_code == 404
    page = words(planner.get(url("document")))
    assert "Eine Abbildung hat keinen Alternativtext." in page
    assert f"#baustein-{block.address}" in page
    assert "Darauf wartet das PDF." in page


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"kein Bild"]
)
def test_an_upload_that_is_no_picture_is_refused(
    planner: Client, plan: Plan, content: bytes
) -> None:
    chapter = make_chapter(plan)
    file = SimpleUploadedFile("bild.png", content, content_type="image/png")

    response = planner.post(url("block-add", chapter.pk, "figure"), {"picture": file})

    assert "SVG nicht" in words(response)
    assert not Block.objects.exists()


def test_the_second_editor_of_a_block_loses_nothing(planner: Client, plan: Plan) -> None:
    block = make_block(make_chapter(plan), text_de='<p id="abc">Alt</p>')
    change = url("block-change", block.pk)
    planner.post(change, {"text_de": "Neu", "version": "1"})

    response = planner.post(change, {"text_de": "Ganz anders", "version": "1"})

    page = words(response)
    assert "Ganz anders" in page
    assert "schneller" in page
    assert "Neu" in Block.objects.get().text_de
    planner.post(change, {"text_de": "Ganz anders", "version": "2"})
    assert "Ganz anders" in Block.objects.get().text_de


def test_the_second_editor_of_a_chapter_loses_nothing(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    change = url("chapter-change", chapter.pk)
    planner.post(change, {"title_de": "Neu", "kind": "text", "version": "1"})

    response = planner.post(change, {"title_de": "Anders", "kind": "text", "version": "1"})

    assert "Anders" in words(response)
    assert Chapter.objects.get().title_de == "Neu"


def test_a_quote_names_its_source(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    add = url("block-add", chapter.pk, "quote")

    assert planner.post(add, {"text_de": "So ist es."}).status_code == 200
    response = planner.post(add, {"text_de": "So ist es.", "source": "Gast, 2026"}, follow=True)

    assert re.search(r"<footer>\s*Gast, 2026\s*</footer>", words(response))


def test_blocks_are_moved_and_deleted(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    first, second = make_block(chapter), make_block(chapter)

    planner.post(url("block-move", second.pk), {"direction": "up"})
    assert list(chapter.blocks.order_by("position")) == [second, first]
    planner.get(url("block-delete", first.pk))
    planner.post(url("block-delete", first.pk), {"reason": ""})
    assert chapter.blocks.count() == 2
    planner.post(url("block-delete", first.pk), {"reason": "doppelt"})
    assert chapter.blocks.count() == 1


def test_a_chapter_is_deleted_with_a_reason(planner: Client, plan: Plan) -> None:
    above = make_chapter(plan)
    below = make_chapter(plan, parent=above)

    refused = planner.post(url("chapter-delete", above.pk), {"reason": "weg"})
    assert "Unter diesem Kapitel stehen andere." in words(refused)
    planner.post(url("chapter-delete", below.pk), {"reason": "weg"})
    assert list(plan.chapters.all()) == [above]


def test_abbreviations_are_listed_changed_and_deleted(planner: Client, plan: Plan) -> None:
    planner.post(url("abbreviation-list"), {"short": "HF", "long_de": "Handlungsfeld"})
    one = plan.abbreviations.get()
    again = planner.post(url("abbreviation-list"), {"short": "HF", "long_de": "noch einmal"})
    assert "steht schon in der Liste" in words(again)

    planner.post(
        url("abbreviation-change", one.pk),
        {"short": "HF", "long_de": "Handlungsfelder", "version": "1"},
    )
    assert "Handlungsfelder" in words(planner.get(url("abbreviation-list")))
    planner.post(url("abbreviation-change", one.pk), {"delete": "1"})
    assert not plan.abbreviations.exists()


def test_a_generated_chapter_leads_to_where_it_is_read(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan, kind=ChapterKind.MEASURES)

    page = words(planner.get(url("chapter", chapter.pk)))

    assert f"#k-{chapter.address}" in page
    assert planner.get(url("block-add", chapter.pk, "text")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["document", "abbreviation-list"])
@pytest.mark.one_database
def test_pages_need_the_same_queries_for_any_length(
    planner: Client, plan: Plan, django_assert_num_queries: Any, name: str, count: int
) -> None:
    for _ in range(count):
        chapter = make_chapter(plan)
        make_block(chapter)
        make_block(chapter, kind=BlockKind.TABLE, cells=[["a"], ["b"]])
        make_measure(plan)
        plan.abbreviations.create(short=f"A{chapter.pk}", long_de="Abkürzung")
    planner.get(url(name))

    with django_assert_num_queries({"document": 8, "abbreviation-list": 6}[name]):
        planner.get(url(name))


def test_readers_read_and_do_not_write(client: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    block = make_block(chapter)
    client.force_login(make_user(Role.READER))

    assert url("chapter-add") not in words(client.get(url("document")))
    assert client.get(url("chapter", chapter.pk)).status_code == 200
    assert client.get(url("block-change", block.pk)).status_code == 403
    assert client.post(url("chapter-add"), {"title_de": "X", "kind": "text"}).status_code == 403
    assert client.post(url("abbreviation-list"), {"short": "X"}).status_code == 403


def test_odd_signs_and_long_titles_are_kept(planner: Client, plan: Plan) -> None:
    chapter = make_chapter(plan)
    text = "Spielplatz 🛝 مركز الأسرة \u202eevil"

    planner.post(url("block-add", chapter.pk, "text"), {"text_de": text})
    refused = planner.post(url("chapter-add"), {"title_de": "x" * 300, "kind": "text"})

    assert "🛝 مركز الأسرة evil" in Block.objects.get().text_de
    assert refused.status_code == 200
    assert plan.chapters.count() == 1


def test_a_chapter_is_found_at_its_own_page(plan: Plan) -> None:
    chapter = make_chapter(plan=plan)

    assert chapter.get_absolute_url() == url("chapter", chapter.pk)


@pytest.mark.parametrize("what", ["field", "goal", "nothing"])
def test_a_chapter_of_fields_has_something_where_the_document_has_it(plan: Plan, what: str) -> None:
    make_chapter(plan, kind=ChapterKind.FIELDS)
    if what == "field":
        make_field(plan)
    if what == "goal":
        make_goal(plan)

    content = plan_content(plan)

    assert filled_kinds_of(plan, content.chapters) == filled_kinds(content)


def test_a_block_for_a_chapter_that_fills_itself_meanwhile_is_refused_with_what_was_typed(
    planner: Client, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = make_chapter(plan)

    def refuse(*_args: object, **_values: object) -> None:
        raise deeds.NoTextChapterError

    monkeypatch.setattr(deeds, "add_block", refuse)
    typed = {"text_de": "<p>Viel Text</p>"}
    page = words(planner.post(url("block-add", chapter.pk, "text"), typed))

    assert "füllt sich aus dem Plan" in page
    assert "Viel Text" in page
