"""The first page of the data: key figures, areas, and the indicators by their topics."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import LifeSituation, StateField
from zusammenplan.indicators.models import DataView, Figure, SocialIndex
from zusammenplan.indicators.queries.looking.area_lines import LINES, area_lines
from zusammenplan.indicators.queries.looking.areas import Places
from zusammenplan.indicators.queries.looking.profile import Profile, Tab, summary
from zusammenplan.places.choices import AreaKind

if TYPE_CHECKING:
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.area_lines import AreaLines
    from zusammenplan.indicators.queries.looking.areas import Place
    from zusammenplan.indicators.queries.looking.audience import Audience

FIELDS = "handlungsfeld"


@dataclass(frozen=True, slots=True)
class Compared:
    """An area that is there only to compare with."""

    name: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    name: str
    url: str
    unit: str
    has_values: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """Indicators of one life situation or field of action."""

    name: str
    lines: list[IndicatorLine]


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name and an address."""

    name: str
    url: str


@dataclass(slots=True)
class Overview:
    """The first page of the data."""

    top: Profile | None
    areas: AreaLines
    reference: list[Compared]
    # How many there are only to compare with; the first of them are named.
    compared: int
    tabs: list[Tab]
    topics: list[Topic]
    query: str
    found: int
    indices: list[Named] = field(default_factory=list)
    views: list[Named] = field(default_factory=list)
    top_name: str = ""
    top_url: str = ""
    compare_url: str = ""

    @property
    def has_values(self) -> bool:
        return bool(self.top and not self.top.is_empty)


def overview(
    audience: Audience,
    *,
    by: str = "",
    query: str = "",
    inside: int | None = None,
    page: str | None = None,
) -> Overview:
    """
    Read the page; ``by`` orders the indicators, ``query`` narrows areas and indicators.

    :param inside: the area whose parts are listed, where not all areas are listed at once
    :param page: which page of that list
    """
    places = Places.load()
    top = _top(places)
    indicators = list(
        audience.indicators()
        .annotate(has_values=Exists(Figure.objects.filter(indicator=OuterRef("pk"))))
        .in_order()
    )
    words = query.casefold().split()
    shown = [one for one in indicators if _matches(words, one.name, one.definition, one.code)]
    url = audience.url("overview")
    hits = [
        one
        for one in places.by_pk.values()
        if places.is_there(one.pk) and _matches(words, one.name, places.ags(one.pk))
    ]
    own = [one for one in hits if not one.is_reference]
    reference = [one for one in hits if one.is_reference]
    areas = area_lines(
        places, audience, indicators, found=own if words else None, inside=inside, page=page
    )
    rows, views = SocialIndex.objects.order_by("slug"), DataView.objects.order_by("name", "pk")
    if not audience.is_inside:
        rows, views = rows.public(), views.filter(is_public=True)
    return Overview(
        top=None if top is None or words else summary(places, top, audience),
        areas=areas,
        reference=[
            Compared(one.name, audience.url("area", one.pk), places.kind_text(one.pk))
            for one in reference[:LINES]
        ],
        compared=len(reference),
        tabs=[
            Tab(_("By life situation"), url, by != FIELDS),
            Tab(_("By field of action"), f"{url}?nach={FIELDS}", by == FIELDS),
        ],
        topics=_by_field(shown, audience) if by == FIELDS else _by_situation(shown, audience),
        query=query,
        found=len(shown) + len(own) + len(reference),
        indices=[Named(one.name, audience.url("social-index", one.slug)) for one in rows],
        views=[Named(one.name, audience.url("view", one.slug)) for one in views],
        compare_url=audience.url("comparison"),
        top_name=top.name if top else "",
        top_url=audience.url("area", top.pk) if top else "",
    )


def _top(places: Places) -> Place | None:
    """Give the area that all others lie in: the county, else the first one."""
    own = [one for one in places.by_pk.values() if not one.is_reference and places.is_there(one.pk)]
    counties = [one for one in own if one.kind == AreaKind.COUNTY]
    return next(iter([*counties, *own]), None)


def _by_situation(indicators: list[Indicator], audience: Audience) -> list[Topic]:
    return _topics(
        [(value, capfirst(str(label))) for value, label in LifeSituation.choices],
        {
            value: [one for one in indicators if one.life_situation == value]
            for value in LifeSituation.values
        },
        audience,
    )


def _by_field(indicators: list[Indicator], audience: Audience) -> list[Topic]:
    named = [(value, f"{value}\u2002{label}") for value, label in StateField.choices]
    return _topics(
        [*named, ("", _("No field of action"))],
        {
            value: [one for one in indicators if one.state_field == value]
            for value, _name in [*named, ("", "")]
        },
        audience,
    )


def _topics(
    names: list[tuple[str, str]], groups: dict[str, list[Indicator]], audience: Audience
) -> list[Topic]:
    return [
        Topic(
            name,
            [
                IndicatorLine(
                    one.name,
                    audience.url("indicator", one.code),
                    one.unit,
                    one.has_values,  # type: ignore[attr-defined] # annotated
                )
                for one in groups[value]
            ],
        )
        for value, name in names
        if groups[value]
    ]


def _matches(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
