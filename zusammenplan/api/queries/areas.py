"""Areas on a day, with their keys and outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.api import schemas
from zusammenplan.api.queries.words import listed
from zusammenplan.places.models import AreaVersion
from zusammenplan.places.queries.area_import import as_json
from zusammenplan.places.queries.maps import Drawn, shapes

if TYPE_CHECKING:
    from datetime import date


def areas(day: date, kind: str, page: int, size: int) -> schemas.AreaList:
    versions = _valid(day)
    keys = {version.area_id: version.ags for version in versions}
    wanted = [version for version in versions if not kind or version.kind == kind]
    return listed(
        schemas.AreaList,
        wanted,
        page,
        size,
        lambda found: [_area(version, keys) for version in found],
    )


def area_features(day: date, kind: str) -> schemas.AreaFeatures:
    """Give all outlines at once; planning areas as their parts joined."""
    keys = {version.area_id: version.ags for version in _valid(day)}
    drawn = shapes(kind=kind, day=day)
    sources = dict.fromkeys(text for one in drawn for text in one.sources)
    licences = dict.fromkeys(text for one in drawn for text in one.licences)
    return schemas.AreaFeatures(
        type="FeatureCollection",
        metadata=schemas.Terms(
            as_of=day, attribution="; ".join(sources), license="; ".join(licences)
        ),
        features=[_feature(one, keys) for one in drawn],
    )


def _valid(day: date) -> list[AreaVersion]:
    versions = AreaVersion.objects.valid_on(day).defer("geometry").select_related("area", "parent")
    return sorted(versions, key=lambda one: (one.ags or "~", one.name, one.pk))


def _area(version: AreaVersion, keys: dict[int, str]) -> schemas.Area:
    return schemas.Area(
        id=version.pk,
        area=version.area_id,
        name=version.name,
        kind=version.kind,
        ags=version.ags or None,
        ars=version.ars or None,
        association=version.association or None,
        lies_in=version.parent.name if version.parent else None,
        lies_in_ags=keys.get(version.parent_id or 0) or None,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        area_km2=version.area_km2,
        is_reference=version.area.is_reference,
        source=version.source or None,
        licence=version.licence or None,
    )


def _feature(one: Drawn, keys: dict[int, str]) -> schemas.AreaFeature:
    version = one.version
    return schemas.AreaFeature(
        type="Feature",
        id=version.pk,
        properties=schemas.AreaProperties(
            AGS=version.ags or None,
            ARS=version.ars or None,
            GEN=version.name,
            kind=version.kind,
            lies_in_ags=keys.get(version.parent_id or 0) or None,
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            source="; ".join(one.sources) or None,
            licence="; ".join(one.licences) or None,
        ),
        geometry=as_json(one.shape),
    )
