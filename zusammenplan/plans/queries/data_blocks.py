"""Looks at the data in a plan's document: drawn as of now, and kept when the plan is frozen."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language, gettext as _, override

from zusammenplan.core.charts.bars import BarChart
from zusammenplan.core.charts.choropleth import Choropleth
from zusammenplan.core.charts.drawing import Column, Figure, Table
from zusammenplan.core.charts.line import LineChart
from zusammenplan.core.charts.pyramid import Pyramid
from zusammenplan.core.public import current_version, keep_for_a_moment
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.indicators.queries.looking.indicator_page import Wanted, indicator_page
from zusammenplan.indicators.queries.looking.profile import profile
from zusammenplan.indicators.queries.looking.sources import origins_of, sources_of, sources_text
from zusammenplan.plans.choices import DataKind
from zusammenplan.plans.domain.content import DrawnContent
from zusammenplan.plans.queries.content import data_content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zusammenplan.indicators.queries.looking.profile import Profile
    from zusammenplan.indicators.queries.looking.rows import DataChart
    from zusammenplan.plans.domain.content import BlockContent, DataContent, PlanContent
    from zusammenplan.plans.models import Block

KEPT_SECONDS = 3600.0
# The keys of the charts on an area's profile.
CHARTS = {DataKind.SERIES: "verlauf", DataKind.PYRAMID: "altersaufbau"}


def with_drawings(content: PlanContent) -> PlanContent:
    """Put into the plan's looks at the data what they show now, in both languages."""
    return replace(
        content,
        chapters=tuple(
            replace(chapter, blocks=tuple(_with_drawing(block) for block in chapter.blocks))
            if any(block.data for block in chapter.blocks)
            else chapter
            for chapter in content.chapters
        ),
    )


def _with_drawing(block: BlockContent) -> BlockContent:
    if block.data is None or block.data.drawn:
        return block
    drawn: list[DrawnContent] = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            drawn += (replace(one, origins=()) for one in drawn_now(block.data))
    return replace(block, data=replace(block.data, drawn=tuple(drawn)))


def drawn(data: DataContent) -> tuple[DrawnContent, ...]:
    """Give what a look shows in the language that is active: what was frozen, or as of now."""
    language = (get_language() or "de")[:2]
    if data.drawn:
        return tuple(one for one in data.drawn if one.language == language) or data.drawn
    return drawn_now(data)


def drawn_now(data: DataContent) -> tuple[DrawnContent, ...]:
    """
    Draw a look at the data, once for each state of the data.

    It is drawn for everybody, whoever asks: what is secret never gets into a plan's document.
    """
    what = f"{data.shows}:{data.indicator}:{data.area_pk}:{data.level}:{get_language()}"
    found: tuple[DrawnContent, ...] = keep_for_a_moment(
        f"{current_version()}:look:{what}", lambda: tuple(_draw(data)), seconds=KEPT_SECONDS
    )
    return found


def looks_of(block: Block) -> list[Figure]:
    """Give what a block looks at as charts of a page; a table is one without picture."""
    data = data_content(block)
    if data is None:
        return []
    return [
        Figure(
            key=f"look-{block.address}-{place}",
            heading=block.caption if block.caption and not place else one.heading,
            chart=one.chart,
            told=one.told,
            table=Table(
                [Column(head, at in one.numeric) for at, head in enumerate(one.head)],
                one.rows,
                one.origins,
            ),
            note=one.note,
            source=one.source,
            remark=one.remark,
        )
        for place, one in enumerate(drawn_now(data))
    ]


def _draw(data: DataContent) -> list[DrawnContent]:
    if data.shows == DataKind.TABLE:
        return _table(data)
    page = profile(data.area_pk, EVERYBODY, wanted=data.indicator)
    if page is None:
        return []
    if data.shows == DataKind.MAP:
        return [_kept(page.map)] if page.map else []
    if data.shows == DataKind.PROFILE:
        return [*_key_figures(page), *_charts(page, CHARTS[DataKind.PYRAMID])]
    return _charts(page, CHARTS[DataKind(data.shows)])


def _charts(page: Profile, key: str) -> list[DrawnContent]:
    return [_kept(one) for one in page.charts if one.key == key]


def _key_figures(page: Profile) -> list[DrawnContent]:
    if not page.key_figures:
        return []
    # With what they are compared, each in a column of its own, so that each number has its page.
    others = list(dict.fromkeys(it.of for one in page.key_figures for it in one.compared))
    rows, origins = [], []
    for one in page.key_figures:
        told = f"{one.text} {one.unit}".strip() if one.unit else one.text
        beside = {it.of: it for it in one.compared}
        texts = [beside[of].text.removeprefix(of) if of in beside else "" for of in others]
        pages = [_origin(beside[of].url) if of in beside else "" for of in others]
        rows.append((one.name, told, one.period, *map(str.strip, texts)))
        origins.append((_origin(one.value_url), "", *pages))
    return [
        DrawnContent(
            language=_language(),
            heading=f"{page.place.name}: {page.heading}",
            source=_sourced("; ".join(page.sources), chain(*origins)),
            head=(_("Key figure"), page.place.name, _("Period"), *others),
            rows=tuple(rows),
            origins=tuple(origins),
        )
    ]


def _table(data: DataContent) -> list[DrawnContent]:
    page = indicator_page(data.indicator, EVERYBODY, Wanted(data.level, is_whole=True))
    if page is None or not page.lines:
        return []
    heads = [one.label for one in page.headings]
    origins = tuple(
        (_origin(one.value_url), _origin(one.before_url), "")[: len(heads) - 1]
        for one in page.lines
    )
    return [
        DrawnContent(
            language=_language(),
            heading=f"{page.indicator.name}, {page.kind_heading}",
            note=page.period if page.indicator.unit == "%" else f"{page.indicator.unit}",
            source=_sourced(page.indicator.source, chain(*origins)),
            head=tuple(heads),
            rows=tuple(
                (one.name, one.text, one.before, one.change)[: len(heads)] for one in page.lines
            ),
            numeric=tuple(range(1, len(heads))),
            origins=origins,
        )
    ]


def _kept(one: DataChart) -> DrawnContent:
    """Keep a chart as plain values; its files belong to the page that it comes from."""
    figure = one.figure
    chart = figure.chart
    table: Table = figure.table
    return DrawnContent(
        language=_language(),
        heading=figure.heading,
        note=figure.note,
        told=figure.told,
        source=_sourced(figure.source, origins_of(EVERYBODY, [one])),
        remark=figure.remark,
        head=tuple(column.text for column in table.columns),
        rows=tuple(tuple(row) for row in table.rows),
        numeric=tuple(at for at, column in enumerate(table.columns) if at and column.is_number),
        origins=tuple(map(tuple, table.origins)),
        line=chart if isinstance(chart, LineChart) else None,
        bars=chart if isinstance(chart, BarChart) else None,
        pyramid=chart if isinstance(chart, Pyramid) else None,
        map=chart if isinstance(chart, Choropleth) else None,
    )


def _sourced(source: str, origins: Iterable[str]) -> str:
    """Say beside the publisher from which files the values came; a document stands alone."""
    files = sources_text(sources_of(filter(None, origins)))
    # Of people by age the files are told already.
    return source if files and files in source else "; ".join(filter(None, (source, files)))


def _origin(url: str) -> str:
    return url.removeprefix(EVERYBODY.origins).rstrip("/")


def _language() -> str:
    return (get_language() or "de")[:2]
