"""Bring the database up to what this version of the program needs."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zusammenplan.core.index import rebuild
from zusammenplan.core.models import SearchWord
from zusammenplan.indicators.actions.catalogue import load_catalogue


def make_ready() -> None:
    """Create the tables and the catalogue in an empty database; bring an older one up to date."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        if not SearchWord.objects.exists():
            # Records from before there was a search, if there are any.
            rebuild()
        load_catalogue()
