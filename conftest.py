"""What every test gets."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from zusammenplan.config.tests.own_database import is_of_tests, prepare_tables

# Playwright runs an event loop in the test's thread; the tests themselves are synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile(
    "calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")


# Django refuses a database to tests without its mark; the others ask through a program they start.
DATABASE_MARKS = ("django_db", "browser", "own_database")
DATABASE_FIXTURES = {"db", "transactional_db"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--asking-a-database",
        action="store_true",
        help="leave out tests that ask no database: on a second one they prove nothing new",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # What starts programs comes first, and so to one process: it fills the demo county once, and
    # what remains for processes to share at the end is short.
    items.sort(key=lambda item: not starts_programs(item))
    if not config.getoption("--asking-a-database"):
        return
    asking = [item for item in items if asks_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
    items[:] = asking


def starts_programs(item: pytest.Item) -> bool:
    is_apart = any(item.get_closest_marker(mark) for mark in ("browser", "own_database"))
    return is_apart and not item.get_closest_marker("django_db")


def asks_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    return any(item.get_closest_marker(mark) for mark in DATABASE_MARKS)


def pytest_report_header() -> str:
    return f"database: {connection.vendor}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,  # noqa: ARG001 - pytest-django's own
) -> None:
    """
    Make the tables of tests from the models, which is quick, and not by all migrations.

    That both make the same tables is for ``config/tests/test_upgrade.py`` to show. SQLite is
    spared the wait for the disk; the test of crashes runs a server with its own data.
    """
    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})["MIGRATE"] = False
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None,  # noqa: ARG001 - pytest-django's own
    django_db_blocker: DjangoDbBlocker,
) -> None:
    """Prepare the tables; where no test of this run asks for a database none were made."""
    with django_db_blocker.unblock():
        if is_of_tests():
            prepare_tables()


# What Django writes when the tables are made, and no test changes.
LASTING = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def quick_emptying() -> Iterator[None]:
    """
    Empty, after a test that commits, the tables in which there is something, and no others.

    Django would empty all of them and write what lasts anew each time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


def empty_tables(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined] # noqa: SLF001 - as it does itself
        database = connections[alias]
        names = database.introspection.django_table_names(only_existing=True, include_views=False)
        tables = {one: database.ops.quote_name(one) for one in names if one not in LASTING}
        filled = (f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {tables[one]})" for one in tables)  # noqa: S608 - our own tables
        with transaction.atomic(using=alias), database.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(filled))
            for (one,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {tables[one]}")  # noqa: S608 - as above


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords cheaply: most tests sign somebody in."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_clients() -> Iterator[None]:
    """Look for a static file when it is asked for, not for all of them with each new client."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def files_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the files of tests out of the data folder."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True)
def fresh_pages() -> Iterator[None]:
    """Let no test see a page that another one left in the cache."""
    caches["pages"].clear()
    caches["parts"].clear()
    yield
    caches["pages"].clear()
    caches["parts"].clear()


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """Let no test see the language that another one left behind."""
    with translation.override(settings.LANGUAGE_CODE):
        yield
