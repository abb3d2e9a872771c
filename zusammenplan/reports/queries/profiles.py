"""Profiles of areas as a document: the same key figures, charts and words as on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.charts.drawing import svg_file
from zusammenplan.core.printable import printable
from zusammenplan.core.slugs import slug_of
from zusammenplan.indicators.queries.looking.areas import Places
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.indicators.queries.looking.profile import profile
from zusammenplan.indicators.queries.looking.sources import (
    origins_of,
    sources_lines,
    sources_of,
)
from zusammenplan.places.choices import AreaKind
from zusammenplan.reports.queries.document import Numbering, cover_of, words
from zusammenplan.reports.queries.model import (
    Chapter,
    Cover,
    Document,
    Fact,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Row,
    Span,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from zusammenplan.core.charts.drawing import Figure as Picture
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.profile import KeyFigure, Profile
    from zusammenplan.reports.queries.model import Block

# A document of more profiles takes longer than anybody waits; then those of coarser areas.
PROFILES_AT_MOST = 60
ORDER = (AreaKind.COUNTY, AreaKind.PLANNING_AREA, AreaKind.MUNICIPALITY, AreaKind.DISTRICT)
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'


def profile_document(
    pks: Sequence[int], *, now: datetime, audience: Audience = EVERYBODY
) -> Document | None:
    """Make one document of the profiles of areas; None if none of them has a figure."""
    counts = Numbering()
    pages = [page for pk in pks if (page := profile(pk, audience)) and not page.is_empty]
    files = {page.place.pk: sources_lines(sources_of(_origins(page, audience))) for page in pages}
    if not pages:
        return None
    chapters = tuple(
        printable(_chapter(page, str(number), counts, files[page.place.pk]))
        for number, page in enumerate(pages, start=1)
    )
    title = pages[0].place.name if len(pages) == 1 else _("Profiles of the areas")
    path = audience.url("area", pages[0].place.pk) if len(pages) == 1 else audience.url("overview")
    return Document(
        language=(get_language() or "de")[:2],
        slug=f"profil-{slug_of(title)}".strip("-") if len(pages) == 1 else "profile",
        cover=_cover(title, path, now, audience),
        chapters=chapters,
        words=words(),
    )


def areas_with_profiles() -> list[int]:
    """Give the own areas whose profiles make up one document, the largest first."""
    places = Places.load()
    own = [one for one in places.by_pk.values() if not one.is_reference and places.is_there(one.pk)]
    found: list[int] = []
    for kind in ORDER:
        more = [one.pk for one in own if one.kind == kind]
        if found and len(found) + len(more) > PROFILES_AT_MOST:
            break
        found += more
    return found[:PROFILES_AT_MOST]


def _cover(title: str, path: str, now: datetime, audience: Audience) -> Cover:
    state = _("As of %(day)s") % {"day": date_format(timezone.localtime(now), "DATE_FORMAT")}
    if audience.sees_hidden:
        state = _("%(state)s. With values that are not public: for inner use only") % {
            "state": state
        }
    return cover_of(title, subtitle=_("Profile"), state=state, path=path, now=now)


def _origins(page: Profile, audience: Audience) -> list[str]:
    links = [
        url
        for one in page.key_figures
        for url in (one.value_url, *(other.url for other in one.compared))
    ]
    return origins_of(audience, page.all_charts, links)


def _chapter(page: Profile, number: str, counts: Numbering, files: Sequence[str]) -> Chapter:
    anchor = f"gebiet-{page.place.pk}"
    return Chapter(number, page.place.name, 1, anchor, tuple(_blocks(page, counts, anchor, files)))


def _blocks(page: Profile, counts: Numbering, anchor: str, files: Sequence[str]) -> Iterator[Block]:
    if page.lead:
        yield _paragraph(page.lead)
    if page.version_text:
        yield _paragraph(page.version_text)
    if page.key_figures:
        yield Heading(2, page.heading)
        yield _key_table(page, counts)
        if page.notes:
            yield _paragraph("; ".join(f"{note.sign} = {note.text}" for note in page.notes))
    for one in page.all_charts:
        yield Heading(2, one.figure.heading)
        yield from _drawn(one.figure, counts, f"{anchor}-{one.key}")
    # On paper no value leads to its page, so the files behind them are told here.
    if sources := [*page.sources, *files]:
        yield Heading(2, _("Sources"))
        yield Facts(tuple(Fact(str(at), text) for at, text in enumerate(sources, start=1)))


def _key_table(page: Profile, counts: Numbering) -> Table:
    number, label = counts.table()
    return Table(
        number,
        label,
        page.heading,
        head=(_("Key figure"), _("Value"), _("Unit"), _("Compared"), _("Period")),
        rows=tuple(
            Row((one.name, one.text, one.unit, _compared(one), one.period))
            for one in page.key_figures
        ),
        widths=(3, 1.3, 1.8, 3, 1.3),
        numeric=(1,),
    )


def _compared(one: KeyFigure) -> str:
    return ", ".join(other.text for other in one.compared)


def _drawn(picture: Picture, counts: Numbering, anchor: str) -> Iterator[Block]:
    """Give a chart as drawing and table, so that nobody depends on seeing it."""
    if picture.chart is not None:
        number, label = counts.figure()
        drawn = svg_file(picture.chart, title=picture.heading, told=picture.told).decode()
        yield Figure(
            number,
            label,
            picture.note,
            alt=f"{picture.heading}. {picture.told}",
            svg=drawn.removeprefix(PROLOGUE),
            source=picture.source,
            anchor=anchor,
        )
    if picture.remark:
        yield _paragraph(picture.remark)
    columns = picture.table.columns
    if picture.table.rows:
        number, label = counts.table()
        yield Table(
            number,
            label,
            picture.heading,
            head=tuple(column.text for column in columns),
            rows=tuple(Row(tuple(row)) for row in picture.table.rows),
            widths=(1.6, *(1.0 for _column in columns[1:])),
            numeric=tuple(at for at, column in enumerate(columns) if at and column.is_number),
            source=picture.source,
        )


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Span(text),))
