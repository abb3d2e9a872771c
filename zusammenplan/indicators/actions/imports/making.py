"""Add the quantities and the areas to compare with that files bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simple_history.utils import bulk_create_with_history

from zusammenplan.core.history import keep
from zusammenplan.indicators.actions.imports.shapes import NewArea
from zusammenplan.indicators.domain.quantities import NewQuantity
from zusammenplan.indicators.models import Quantity, QuantityAlias
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.finder import AreaFinder

if TYPE_CHECKING:
    from zusammenplan.indicators.actions.imports.gather import Gathered
    from zusammenplan.indicators.actions.imports.shapes import Outlook
    from zusammenplan.indicators.actions.imports.stage import Stage
    from zusammenplan.people.models import User

BATCH = 500


def make_quantities(
    stage: Stage, gathered: Gathered, outlook: Outlook, *, by: User | None, deed: str
) -> None:
    """Add the quantities that no name stood for, each with the names of its source."""
    wanted = {it.code for it in outlook.quantities}
    for number, new in enumerate(gathered.kinds.quantities):
        if not isinstance(new, NewQuantity) or new.code not in wanted:
            continue
        # Somebody may have added it since the files were read.
        quantity = Quantity.objects.filter(code=new.code).first() or _quantity(new, by, deed)
        gathered.kinds.quantities[number] = quantity
        stage.run("UPDATE zp_quantity SET quantity = %s WHERE number = %s", [quantity.pk, number])


def _quantity(new: NewQuantity, by: User | None, deed: str) -> Quantity:
    quantity = keep(
        Quantity(
            code=new.code,
            name_de=new.name,
            unit_de=new.unit,
            is_additive=new.is_additive,
            is_confidential=new.is_confidential,
        ),
        by=by,
        deed=deed,
    )
    QuantityAlias.objects.bulk_create(
        [
            QuantityAlias(quantity=quantity, statistics=new.statistics, measure=name)
            for name in dict.fromkeys(new.names)
        ],
        ignore_conflicts=True,
    )
    return quantity


def make_areas(
    stage: Stage, gathered: Gathered, outlook: Outlook, *, by: User | None, deed: str
) -> None:
    """Add the regions that the list does not know, only to compare with."""
    if not outlook.areas:
        return
    versions = _known_meanwhile(outlook.areas)
    missing = [area for area in outlook.areas if area.key not in versions]
    names = _free_names(missing)
    options = {"batch_size": BATCH, "default_user": by, "default_change_reason": deed}
    areas = bulk_create_with_history(
        [Area(name=names[it.key], kind=it.kind, is_reference=True) for it in missing],
        Area,
        **options,
    )
    made = bulk_create_with_history(
        [
            AreaVersion(area=area, name=it.name, kind=it.kind, ags=it.key, ars=it.ars, source=deed)
            for area, it in zip(areas, missing, strict=True)
        ],
        AreaVersion,
        **options,
    )
    versions |= {version.ags: version for version in made}
    with_rows = [
        (number, versions[area.key])
        for number, (area, _time) in enumerate(gathered.places.rows)
        if isinstance(area, NewArea) and area.key in versions
    ]
    stage.run("CREATE TEMPORARY TABLE zp_made (number INTEGER PRIMARY KEY, version BIGINT)")
    stage.fill("zp_made", [(number, version.pk) for number, version in with_rows])
    stage.run(
        "UPDATE zp_place SET version = m.version FROM zp_made m WHERE m.number = zp_place.number"
    )
    stage.run("DROP TABLE zp_made")


def _known_meanwhile(areas: list[NewArea]) -> dict[str, AreaVersion]:
    """Give those that somebody added since the files were read."""
    finder = AreaFinder.load()
    known = [area.key for area in areas if finder.knows_key(area.key)]
    return {it.ags: it for it in AreaVersion.objects.filter(ags__in=known).defer("geometry")}


def _free_names(areas: list[NewArea]) -> dict[str, str]:
    """Give each area a name that no other has; the key tells those of the same name apart."""
    taken = set(Area.objects.values_list("name", flat=True))
    names: dict[str, str] = {}
    for area in areas:
        name = area.name if area.name not in taken else f"{area.name[:105]} ({area.key})"
        taken.add(name)
        names[area.key] = name
    return names
