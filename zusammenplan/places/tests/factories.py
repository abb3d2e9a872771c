"""Plain functions that make areas for tests."""

from itertools import count

from zusammenplan.places.models import Area, AreaVersion

_numbers = count(1)


def make_area(**fields: object) -> Area:
    number = next(_numbers)
    return Area.objects.create(**{"name": f"Planungsraum {number}", "position": number, **fields})


def make_area_version(area: Area | None = None, **fields: object) -> AreaVersion:
    """Make a version of an area that is valid for ever."""
    area = area or make_area()
    return AreaVersion.objects.create(
        **{"area": area, "name": area.name, "kind": area.kind, "parent": area.parent, **fields}
    )
