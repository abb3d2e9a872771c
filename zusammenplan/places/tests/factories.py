"""Plain functions that make areas for tests."""

from itertools import count

from zusammenplan.places.models import Area

_numbers = count(1)


def make_area(**fields: object) -> Area:
    number = next(_numbers)
    return Area.objects.create(**{"name": f"Planungsraum {number}", "position": number, **fields})
