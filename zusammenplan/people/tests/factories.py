"""Plain functions that make users and organisations for tests."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from zusammenplan.people.choices import Role
from zusammenplan.people.models import MunicipalRole, Organisation, User

NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
_numbers = count(1)


def make_user(*roles: str, **fields: Any) -> User:
    email = str(fields.pop("email", f"person{next(_numbers)}@rennsteiggrund.example"))
    user = User.objects.create_user(email, **{"name": "Test Person", **fields})
    MunicipalRole.objects.bulk_create([MunicipalRole(user=user, role=role) for role in roles])
    return user


def make_planner(**fields: object) -> User:
    return make_user(Role.PLANNER, **{"name": "Ines Fröbel", **fields})


def make_administrator(**fields: object) -> User:
    return make_user(Role.ADMINISTRATOR, **{"name": "Jost Amthor", **fields})


def make_reader(**fields: object) -> User:
    return make_user(Role.READER, **{"name": "Lea Kiesewetter", **fields})


def make_organisation(**fields: object) -> Organisation:
    return Organisation.objects.create(**{"name": f"Amt {next(_numbers)}", **fields})
