"""Plain functions that make areas, and who works on them, for tests."""

from itertools import count
from typing import Any

from django.contrib.auth import get_user_model

from zusammenplan.places.models import Area, AreaVersion

_numbers = count(1)


def make_user(*roles: str) -> Any:
    email = f"{'-'.join(roles)}{next(_numbers)}@rennsteiggrund.example"
    user: Any = get_user_model().objects.create_user(email)
    for role in roles:
        user.roles.create(role=role)
    return user


def make_area(**fields: object) -> Area:
    number = next(_numbers)
    return Area.objects.create(**{"name": f"Planungsraum {number}", "position": number, **fields})


def make_area_version(area: Area | None = None, **fields: object) -> AreaVersion:
    """Make a version of an area that is valid for ever."""
    area = area or make_area()
    return AreaVersion.objects.create(
        **{"area": area, "name": area.name, "kind": area.kind, "parent": area.parent, **fields}
    )
