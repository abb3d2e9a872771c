"""Public data: indicators, figures with sign and provenance, social indices."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from zusammenplan.api import schemas
from zusammenplan.api.queries.words import listed, page_url, text_of
from zusammenplan.indicators.models import Figure, Indicator, SocialIndex
from zusammenplan.indicators.queries.looking.audience import EVERYBODY
from zusammenplan.indicators.queries.looking.social_index import index_results
from zusammenplan.indicators.queries.looking.values import Value, read_values
from zusammenplan.places.models import AreaVersion


def indicators(page: int, size: int) -> schemas.IndicatorList:
    found = EVERYBODY.indicators().in_order()
    return listed(
        schemas.IndicatorList, found, page, size, lambda rows: [_indicator(one) for one in rows]
    )


def indicator(code: str) -> schemas.DataIndicator:
    return _indicator(get_object_or_404(EVERYBODY.indicators(), code=code))


def figures(
    code: str, *, area: int | None, year: int | None, page: int, size: int
) -> schemas.FigureList:
    """Give an indicator's figures; what is hidden from the public is "x" here too."""
    one = get_object_or_404(EVERYBODY.indicators(), code=code)
    rows = Figure.objects.filter(indicator=one).order_by("area", "ends_on", "pk")
    if area is not None:
        rows = rows.filter(area=area)
    if year is not None:
        rows = rows.filter(ends_on__year=year)

    def items(part: list[int]) -> list[schemas.Figure]:
        values = read_values(Figure.objects.filter(pk__in=part), EVERYBODY)
        versions = {
            version.pk: version
            for version in AreaVersion.objects.defer("geometry").filter(
                pk__in={value.version for value in values}
            )
        }
        stem = page_url("website:data-value", 0).removesuffix("0/")
        by_pk = {value.pk: value for value in values}
        return [_figure(by_pk[pk], versions, stem) for pk in part]

    return listed(schemas.FigureList, rows.values_list("pk", flat=True), page, size, items)


def social_indices(page: int, size: int) -> schemas.SocialIndexList:
    found = SocialIndex.objects.public().order_by("slug")
    return listed(
        schemas.SocialIndexList,
        found,
        page,
        size,
        lambda rows: [schemas.SocialIndex(**_index(one)) for one in rows],
    )


def social_index(slug: str) -> schemas.SocialIndexDetail:
    """Give an index with z-scores, the raw values beside them, and who was left out."""
    found = index_results(slug, EVERYBODY)
    if found is None:
        raise Http404
    index, table = found
    parts = table.parts
    return schemas.SocialIndexDetail(
        **_index(index),
        parts=[
            schemas.IndexPart(
                indicator=one.indicator.code,
                weight=float(one.weight),
                high_is_burden=one.high_is_burden,
            )
            for one in parts
        ],
        areas=[
            schemas.IndexArea(
                area=int(str(one.area)),
                name=table.areas[int(str(one.area))].name,
                index=one.index,
                burden_class=one.burden_class,
                rank=one.rank,
                left_out=one.left_out,
                scores={part.indicator.code: one.scores.get(part.indicator_id) for part in parts},
                values={
                    part.indicator.code: None
                    if (value := one.values.get(part.indicator_id)) is None
                    else float(value)
                    for part in parts
                },
            )
            for one in table.results
        ],
    )


def _indicator(one: Indicator) -> schemas.DataIndicator:
    return schemas.DataIndicator(
        code=one.code,
        name=text_of(one, "name"),
        definition=text_of(one, "definition"),
        unit=text_of(one, "unit"),
        form=one.form,
        formula=one.formula,
        parameters=one.parameters,
        decimals=one.decimals,
        direction=one.direction,
        life_situation=one.life_situation,
        field_of_action=one.state_field or None,
        source=text_of(one, "source"),
        method_version=one.method_version,
        url=page_url("website:data-indicator", one.code),
    )


def _figure(one: Value, versions: dict[int, AreaVersion], stem: str) -> schemas.Figure:
    version = versions[one.version]
    return schemas.Figure(
        area=one.area,
        area_name=version.name,
        ags=version.ags or None,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        value=None if one.value is None else float(one.value),
        sign=(one.sign or None) if one.value is None else None,
        hidden=one.is_withheld,
        quality=one.quality or None,
        method_version=one.method_version,
        provenance=f"{stem}{one.pk}/",
    )


def _index(one: SocialIndex) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "name": text_of(one, "name"),
        "explanation": text_of(one, "explanation"),
        "kind": one.kind,
        "minimum_population": one.minimum_population,
        "classes": one.classes,
        "method_version": one.method_version,
        "url": page_url("website:data-social-index", one.slug),
    }
