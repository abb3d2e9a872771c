"""What is to be mended before a plan's document is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.rich_text import read_html

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from zusammenplan.plans.domain.content import BlockContent, ChapterContent, PlanContent


class Problem(StrEnum):
    """What can be wrong with a document."""

    NO_CHAPTER = "no_chapter"
    EMPTY_CHAPTER = "empty_chapter"
    NOTHING_TO_SHOW = "nothing_to_show"
    NO_PICTURE = "no_picture"
    NO_ALT = "no_alt"
    NO_CAPTION = "no_caption"
    NO_HEADER = "no_header"
    NO_ROWS = "no_rows"
    SKIPPED_HEADING = "skipped_heading"
    EMPTY_BLOCK = "empty_block"


# An accessible PDF must not be made with these.
BARS = {Problem.NO_CHAPTER, Problem.NO_ALT, Problem.NO_PICTURE}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and where it is; ``block`` is empty where the whole chapter is meant."""

    problem: Problem
    chapter: str = ""
    block: str = ""

    @property
    def bars(self) -> bool:
        return self.problem in BARS


def findings(chapters: Sequence[ChapterContent], filled: Container[str]) -> list[Finding]:
    """
    List what is to be mended, in reading order.

    ``filled`` holds the kinds of generated chapters for which the plan has something to show.
    """
    if not chapters:
        return [Finding(Problem.NO_CHAPTER)]
    above = {chapter.parent for chapter in chapters}
    found: list[Finding] = []
    for chapter in chapters:
        if chapter.kind == "text":
            if not chapter.blocks and chapter.address not in above:
                found.append(Finding(Problem.EMPTY_CHAPTER, chapter.address))
            found += _blocks(chapter)
        elif chapter.kind not in filled:
            found.append(Finding(Problem.NOTHING_TO_SHOW, chapter.address))
    return found


def filled_lists(chapters: Iterable[ChapterContent], filled: Container[str]) -> set[str]:
    """Tell which of the lists at the end of a document have something to list."""
    kinds = {chapter.kind for chapter in chapters if chapter.kind in filled}
    blocks = {block.kind for chapter in chapters for block in chapter.blocks}
    found = set()
    looks = {block.data.shows for chapter in chapters for block in chapter.blocks if block.data}
    if "figure" in blocks or looks - {"table"} or "timeline" in kinds:
        found.add("figures")
    listed = {"fields", "priorities", "timeline", "costs", "evaluation"}
    if "table" in blocks or looks & {"table", "profile"} or kinds & listed:
        found.add("tables")
    return found


def filled_kinds(content: PlanContent) -> set[str]:
    """Tell for which kinds of generated chapters the plan has something to show."""
    has = {
        "fields": content.fields or content.goals,
        "needs": content.needs,
        "priorities": any(one.priority for one in content.measures),
        "measures": content.measures,
        "timeline": any(one.period for one in content.measures),
        "costs": any(one.costs for one in content.measures),
        "evaluation": content.evaluations,
        "abbreviations": content.abbreviations,
    }
    filled = {kind for kind, something in has.items() if something}
    return filled | filled_lists(content.chapters, filled)


def _blocks(chapter: ChapterContent) -> Iterator[Finding]:
    has_heading = False
    for block in chapter.blocks:
        if block.kind == "text":
            kinds = [line.kind for line in read_html(block.text.de)]
            if not kinds:
                yield Finding(Problem.EMPTY_BLOCK, chapter.address, block.address)
            if "h4" in kinds and not has_heading and "h3" not in kinds[: kinds.index("h4")]:
                yield Finding(Problem.SKIPPED_HEADING, chapter.address, block.address)
            has_heading = has_heading or "h3" in kinds
        elif block.kind != "data":
            # Caption, words and source of a look at the data come from there.
            for problem in _problems(block):
                yield Finding(problem, chapter.address, block.address)


def _problems(block: BlockContent) -> Iterator[Problem]:
    if block.kind == "quote":
        if not read_html(block.text.de):
            yield Problem.EMPTY_BLOCK
        return
    if block.kind == "figure":
        if block.picture is None:
            yield Problem.NO_PICTURE
        elif not block.is_decorative and not block.alt.de.strip():
            yield Problem.NO_ALT
        if not block.is_decorative and not block.caption.de.strip():
            yield Problem.NO_CAPTION
        return
    if len(block.cells) < 2:  # noqa: PLR2004 - the header and a row
        yield Problem.NO_ROWS
    elif not all(cell.strip() for cell in block.cells[0]):
        yield Problem.NO_HEADER
    if not block.caption.de.strip():
        yield Problem.NO_CAPTION
