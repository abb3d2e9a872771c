"""The outline of a plan's document, and what is to be mended in it, for the workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.german import like
from zusammenplan.plans.choices import ChapterKind, EvaluationStatus
from zusammenplan.plans.domain.document_checks import Finding, Problem, filled_lists, findings
from zusammenplan.plans.domain.outline import DEEPEST, depths_of, numbers
from zusammenplan.plans.domain.rich_text import read_html
from zusammenplan.plans.models import Cost
from zusammenplan.plans.queries.content import chapters_content

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zusammenplan.plans.domain.content import BlockContent, ChapterContent
    from zusammenplan.plans.models import Plan


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A chapter in the outline."""

    pk: int
    address: str
    number: str
    title: str
    depth: int
    kind: str
    what: str
    can_up: bool
    can_down: bool
    can_in: bool
    can_out: bool
    problems: int


@dataclass(frozen=True, slots=True)
class ToMend:
    """Something to mend, in words, and where."""

    text: str
    chapter: str
    chapter_pk: int | None
    block: str
    bars: bool


@dataclass(frozen=True, slots=True)
class OutlinePage:
    lines: list[OutlineLine]
    to_mend: list[ToMend]

    @property
    def bars_pdf(self) -> bool:
        return any(one.bars for one in self.to_mend)


def outline_page(plan: Plan) -> OutlinePage:
    """Gather the outline in a number of queries that does not grow with it."""
    chapters = chapters_content(plan)
    found = findings(chapters, filled_kinds_of(plan, chapters))
    depths = depths_of([(one.address, one.parent) for one in chapters])
    numbered = numbers(depths, plan.first_chapter)
    lines = [_line(chapters, place, depths, number, found) for place, number in enumerate(numbered)]
    by_address = {line.address: line for line in lines}
    return OutlinePage(lines, [_to_mend(one, by_address, chapters) for one in found])


def filled_kinds_of(plan: Plan, chapters: tuple[ChapterContent, ...]) -> set[str]:
    """Tell for which kinds of generated chapters the plan has something to show."""
    wanted = {chapter.kind for chapter in chapters}
    measures = plan.measures.all()
    has: dict[ChapterKind, tuple[QuerySet[Any], ...]] = {
        ChapterKind.FIELDS: (plan.fields.all(), plan.goals.all()),
        ChapterKind.NEEDS: (plan.needs.all(),),
        ChapterKind.PRIORITIES: (measures.filter(priority_degree__isnull=False),),
        ChapterKind.MEASURES: (measures,),
        ChapterKind.TIMELINE: (measures.exclude(period_text="", starts_on=None, ends_on=None),),
        ChapterKind.COSTS: (Cost.objects.filter(measure__plan=plan),),
        ChapterKind.EVALUATION: (plan.evaluations.filter(status=EvaluationStatus.CLOSED),),
        ChapterKind.ABBREVIATIONS: (plan.abbreviations.all(),),
    }
    filled = {
        str(kind)
        for kind, sources in has.items()
        if kind in wanted and any(rows.exists() for rows in sources)
    }
    return filled | filled_lists(chapters, filled)


def _line(
    chapters: tuple[ChapterContent, ...],
    place: int,
    depths: list[int],
    number: str,
    found: list[Finding],
) -> OutlineLine:
    chapter = chapters[place]
    siblings = [one.address for one in chapters if one.parent == chapter.parent]
    here = siblings.index(chapter.address)
    height = 0
    for depth in depths[place + 1 :]:
        if depth <= depths[place]:
            break
        height = max(height, depth - depths[place])
    return OutlineLine(
        pk=chapter.pk,
        address=chapter.address,
        number=number,
        title=chapter.title.say(get_language() or "de"),
        depth=depths[place],
        kind=chapter.kind,
        what=_what(chapter, has_below=height > 0),
        can_up=here > 0,
        can_down=here + 1 < len(siblings),
        can_in=here > 0 and depths[place] + height + 1 < DEEPEST,
        can_out=chapter.parent is not None,
        problems=sum(1 for one in found if one.chapter == chapter.address),
    )


def _what(chapter: ChapterContent, *, has_below: bool) -> str:
    if chapter.kind != ChapterKind.TEXT:
        return str(ChapterKind(chapter.kind).label)
    words = sum(
        len(line.text.split())
        for block in chapter.blocks
        if block.text.de
        for line in read_html(block.text.de)
    )
    others = sum(1 for block in chapter.blocks if block.kind in {"figure", "table", "data"})
    if not chapter.blocks:
        return _("only a heading so far") if has_below else _("no text yet")
    told = ngettext("%(number)d word", "%(number)d words", words) % {"number": words}
    if others:
        more = ngettext("%(number)d figure or table", "%(number)d figures or tables", others)
        told = f"{told}, {more % {'number': others}}"
    return told


def _to_mend(
    finding: Finding, lines: dict[str, OutlineLine], chapters: tuple[ChapterContent, ...]
) -> ToMend:
    line = lines.get(finding.chapter)
    block = next(
        (
            one
            for chapter in chapters
            if chapter.address == finding.chapter
            for one in chapter.blocks
            if one.address == finding.block
        ),
        None,
    )
    return ToMend(
        text=_sentence(finding.problem, block),
        chapter=like(line.title, f"{line.number} {line.title}") if line else "",
        chapter_pk=line.pk if line else None,
        block=finding.block,
        bars=finding.bars,
    )


def _sentence(problem: Problem, block: BlockContent | None) -> str:
    name = block.caption.de if block else ""
    told = {
        Problem.NO_CHAPTER: _("The document has no chapter yet."),
        Problem.EMPTY_CHAPTER: _("The chapter is empty."),
        Problem.NOTHING_TO_SHOW: _(
            "The chapter fills itself, but the plan has nothing for it yet."
        ),
        Problem.NO_PICTURE: _("A figure has no picture."),
        Problem.NO_ALT: _(
            "A figure has no alternative text. Say in one or two sentences what it shows."
        ),
        Problem.NO_CAPTION: _("A figure or table has no caption."),
        Problem.NO_HEADER: _("A table has an empty cell in its first row, which is the header."),
        Problem.NO_ROWS: _("A table has no rows below its header."),
        Problem.SKIPPED_HEADING: _(
            "A small heading comes before any large one. Begin with a large heading."
        ),
        Problem.EMPTY_BLOCK: _("A text or quote is empty."),
    }[problem]
    return f"{told} ({name})" if name else told
