"""What is missing in a document is told with its place."""

import pytest

from zusammenplan.plans.domain.content import BlockContent, ChapterContent, FileContent, Words
from zusammenplan.plans.domain.document_checks import Finding, Problem, findings

PICTURE = FileContent(1, "bild.png", "", "image/png", 10, "abc", is_public=False)


def block(
    kind: str, html: str = "", caption: str = "", alt: str = "", **more: object
) -> BlockContent:
    return BlockContent("b", kind, Words(html), Words(caption), Words(alt), **more)  # type: ignore[arg-type] # whatever a test wants


def problems(*blocks: BlockContent) -> list[Problem]:
    chapter = ChapterContent("k", None, "text", Words("Lage"), blocks=blocks)
    return [one.problem for one in findings([chapter], set())]


def test_a_document_without_chapters_cannot_be_made() -> None:
    found = findings([], set())

    assert found == [Finding(Problem.NO_CHAPTER)]
    assert found[0].bars


def test_an_empty_chapter_is_told_unless_chapters_stand_below_it() -> None:
    above = ChapterContent("a", None, "text", Words("Teil"))
    below = ChapterContent("b", "a", "text", Words("Lage"))

    assert findings([above, below], set()) == [Finding(Problem.EMPTY_CHAPTER, "b")]


def test_a_generated_chapter_without_anything_to_show_is_told() -> None:
    chapter = ChapterContent("a", None, "costs", Words("Kosten"))

    assert findings([chapter], set()) == [Finding(Problem.NOTHING_TO_SHOW, "a")]
    assert findings([chapter], {"costs"}) == []


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (block("figure"), [Problem.NO_PICTURE, Problem.NO_CAPTION]),
        (block("figure", caption="Bild", picture=PICTURE), [Problem.NO_ALT]),
        (block("figure", picture=PICTURE, is_decorative=True), []),
        (block("figure", caption="Bild", alt="Säulen", picture=PICTURE), []),
        (
            block("table", caption="Zahlen", cells=(("Jahr", ""), ("2026", "3"))),
            [Problem.NO_HEADER],
        ),
        (block("table", caption="Zahlen", cells=(("Jahr", "Zahl"),)), [Problem.NO_ROWS]),
        (block("table", cells=(("Jahr", "Zahl"), ("2026", "3"))), [Problem.NO_CAPTION]),
        (block("text", "<h4>Klein</h4><p>Text</p>"), [Problem.SKIPPED_HEADING]),
        (block("text", "<h3>Groß</h3><h4>Klein</h4><p>Text</p>"), []),
        (block("text", "<p> </p>"), [Problem.EMPTY_BLOCK]),
        (block("quote"), [Problem.EMPTY_BLOCK]),
    ],
)
def test_each_kind_of_block_is_checked(one: BlockContent, expected: list[Problem]) -> None:
    assert problems(one) == expected


def test_a_small_heading_may_follow_a_large_one_of_the_block_before() -> None:
    assert problems(block("text", "<h3>Groß</h3>"), block("text", "<h4>Klein</h4>")) == []


def test_only_a_missing_picture_or_alternative_text_bars_the_pdf() -> None:
    assert Finding(Problem.NO_ALT).bars
    assert Finding(Problem.NO_PICTURE).bars
    assert not Finding(Problem.NO_CAPTION).bars
