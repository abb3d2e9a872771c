"""Records that the tests of a file share: made once, and taken back after the last of them."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


def shared(make: Callable[[], T]) -> Any:
    """
    Give a fixture of a file: what is made in a transaction around those of its tests.

    Each of them takes back what it did.
    """

    @pytest.fixture(scope="module")
    def made_once(
        django_db_setup: None,  # noqa: ARG001 - the tables are needed
        django_db_blocker: DjangoDbBlocker,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[T]:
        files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("shared"))
        with files, django_db_blocker.unblock(), transaction.atomic():
            made = make()
            # A test without its mark is refused the database, here as elsewhere.
            with django_db_blocker.block():
                yield made
            transaction.set_rollback(True)

    return made_once
