"""What an address asks of a data page, read in one place for pages and for their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.core.choosing import keys_in
from zusammenplan.indicators.queries.looking.comparison import Comparison, comparison
from zusammenplan.indicators.queries.looking.indicator_page import (
    IndicatorPage,
    Wanted,
    indicator_page,
)
from zusammenplan.indicators.queries.looking.overview import Overview, overview
from zusammenplan.indicators.queries.looking.profile import Profile, profile

if TYPE_CHECKING:
    from django.http import QueryDict

    from zusammenplan.indicators.queries.looking.audience import Audience

WORDS_AT_MOST = 100


def overview_asked(audience: Audience, asked: QueryDict) -> Overview:
    query = asked.get("q", "")[:WORDS_AT_MOST].replace("\0", "").strip()
    return overview(
        audience,
        by=asked.get("nach", ""),
        query=query,
        inside=next(iter(keys_in([asked.get("in", "")])), None),
        page=asked.get("page"),
    )


def area_asked(pk: int, audience: Audience, asked: QueryDict) -> Profile | None:
    return profile(
        pk, audience, situation=asked.get("bereich", ""), wanted=asked.get("indikator", "")
    )


def indicator_asked(code: str, audience: Audience, asked: QueryDict) -> IndicatorPage | None:
    wanted = Wanted(
        asked.get("ebene", ""),
        asked.get("zeit", ""),
        asked.get("sortierung", "name"),
        asked.get("page"),
    )
    return indicator_page(code, audience, wanted)


def comparison_asked(audience: Audience, asked: QueryDict) -> Comparison:
    return comparison(
        audience,
        first=asked.get("a", ""),
        second=asked.get("b", ""),
        wanted=asked.get("indikator", ""),
    )
