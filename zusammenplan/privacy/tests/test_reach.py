"""Tests that no table is forgotten in which somebody may stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db.models import CASCADE, EmailField, Field, ForeignKey
from django.utils import timezone

from zusammenplan.core.tests.shared import shared
from zusammenplan.people.models import User
from zusammenplan.privacy.actions.persons import erase_person
from zusammenplan.privacy.tests.people import EMAIL, World, make_world, places_with

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

world = shared(lambda: make_world(timezone.now() - timedelta(days=30)))


def columns_of(kind: type[Field[Any, Any]]) -> Iterator[Field[Any, Any]]:
    """Give the columns of this kind in all our tables, and in those of what signs people in."""
    return (
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    )


@pytest.mark.usefixtures("world")
def test_the_person_stands_in_every_column_of_addresses() -> None:
    """Whoever adds a column for addresses plants the person there, and says when it is emptied."""
    of_the_municipality = {"core_municipality.email", "core_historicalmunicipality.email"}
    columns = {f"{one.model._meta.db_table}.{one.column}" for one in columns_of(EmailField)}

    assert columns - places_with(EMAIL) == of_the_municipality


def test_nothing_that_is_an_accounts_own_outlives_it(world: World) -> None:
    """Whoever adds a table of what is an account's own says there that it goes with it."""
    own = [
        field
        for field in columns_of(ForeignKey)
        if field.related_model is User and getattr(field.remote_field, "on_delete", None) is CASCADE
    ]
    assert [str(one) for one in own if not rows_of(one, world.user)] == [], "plant the person there"

    erase_person([f"user-{world.user.pk}"], by=world.administrator, now=timezone.now())

    assert [str(one) for one in own if rows_of(one, world.user)] == []


def rows_of(field: Field[Any, Any], user: User) -> bool:
    rows: Any = field.model._default_manager
    return bool(rows.filter(**{field.name: user}).exists())
