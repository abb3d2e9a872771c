"""Records that the tests of a file share: made once, and taken back after the last of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


@contextmanager
def shared(make: Callable[[], T], blocker: DjangoDbBlocker, files: Path) -> Iterator[T]:
    """Make it in a transaction around those of the tests, each of which takes back what it did."""
    with override_settings(MEDIA_ROOT=files), blocker.unblock(), transaction.atomic():
        made = make()
        # A test without its mark is refused the database, here as elsewhere.
        with blocker.block():
            yield made
        transaction.set_rollback(True)
