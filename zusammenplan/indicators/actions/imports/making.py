"""Add the quantities and the areas to compare with that files bring, or adopt those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simple_history.utils import bulk_create_with_history

from zusammenplan.core.history import keep, noted
from zusammenplan.indicators.actions.imports.shapes import NewArea
from zusammenplan.indicators.domain.quantities import NewQuantity
from zusammenplan.indicators.models import Quantity, QuantityAlias
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.area_import import own_prefix
from zusammenplan.places.queries.finder import AreaFinder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zusammenplan.indicators.actions.imports.gather import Gathered
    from zusammenplan.indicators.actions.imports.shapes import Outlook
    from zusammenplan.indicators.actions.imports.stage import Stage
    from zusammenplan.people.models import User

BATCH = 500


def adopt(stage: Stage, gathered: Gathered) -> bool:
    """Take what somebody added since the files were read for what they name; tell if any was."""
    quantities, rows = gathered.kinds.quantities, gathered.places.rows
    new = {it.code: at for at, it in enumerate(quantities) if isinstance(it, NewQuantity)}
    added = list(Quantity.objects.filter(code__in=new))
    for quantity in added:
        quantities[new[quantity.code]] = quantity
        _set_quantity(stage, new[quantity.code], quantity)
    finder = AreaFinder.load() if gathered.places.new else None
    keys = [key for key in gathered.places.new if finder and finder.knows_key(key)]
    versions = {it.ags: it for it in AreaVersion.objects.filter(ags__in=keys).defer("geometry")}
    _set_versions(stage, gathered, versions)
    for at, (area, time) in list(rows.items()):
        if isinstance(area, NewArea) and area.key in versions:
            rows[at] = versions[area.key], time
    return bool(added or versions)


def make_quantities(
    stage: Stage, gathered: Gathered, outlook: Outlook, *, by: User | None, deed: str
) -> None:
    """Add the quantities that no name stood for, each with the names of its source."""
    wanted = {it.code for it in outlook.quantities}
    for number, new in enumerate(gathered.kinds.quantities):
        if not isinstance(new, NewQuantity) or new.code not in wanted:
            continue
        quantity = _quantity(new, by, deed)
        gathered.kinds.quantities[number] = quantity
        _set_quantity(stage, number, quantity)


def _set_quantity(stage: Stage, number: int, quantity: Quantity) -> None:
    stage.run("UPDATE zp_kind SET quantity = %s WHERE which = %s", [quantity.pk, number])


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
    """Add the regions that the list does not know, only to compare with, unless one is us."""
    if not outlook.areas:
        return
    names, own = _free_names(outlook.areas), own_prefix()
    options = {"batch_size": BATCH, "default_user": by, "default_change_reason": noted(deed)}
    areas = bulk_create_with_history(
        [
            Area(name=names[it.key], kind=it.kind, is_reference=it.key != own)
            for it in outlook.areas
        ],
        Area,
        **options,
    )
    made = bulk_create_with_history(
        [
            AreaVersion(area=area, name=it.name, kind=it.kind, ags=it.key, ars=it.ars, source=deed)
            for area, it in zip(areas, outlook.areas, strict=True)
        ],
        AreaVersion,
        **options,
    )
    _set_versions(stage, gathered, {version.ags: version for version in made})


def _set_versions(stage: Stage, gathered: Gathered, versions: Mapping[str, AreaVersion]) -> None:
    rows = [
        (number, versions[area.key].pk)
        for number, (area, _time) in gathered.places.rows.items()
        if isinstance(area, NewArea) and area.key in versions
    ]
    if not rows:
        return
    stage.run("CREATE TEMPORARY TABLE zp_made (number INTEGER PRIMARY KEY, version BIGINT)")
    stage.fill("zp_made", rows)
    stage.run(
        "UPDATE zp_place SET version = m.version FROM zp_made m WHERE m.number = zp_place.number"
    )
    stage.run("DROP TABLE zp_made")


def _free_names(areas: list[NewArea]) -> dict[str, str]:
    """Give each area a name that no other has; the key tells those of the same name apart."""
    taken = set(Area.objects.values_list("name", flat=True))
    names: dict[str, str] = {}
    for area in areas:
        name = area.name if area.name not in taken else f"{area.name[:105]} ({area.key})"
        taken.add(name)
        names[area.key] = name
    return names
