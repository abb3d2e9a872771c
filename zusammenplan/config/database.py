"""Bring the database up to what this version of the program needs."""

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from zusammenplan.core.index import rebuild
from zusammenplan.core.models import SearchWord
from zusammenplan.indicators.actions.catalogue import load_catalogue


def make_ready() -> None:
    """
    Create the tables and the catalogue in an empty database; bring an older one up to date.

    :raises CommandError: if the database cannot be used, or a newer version has worked with it
    """
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as refusal:
        raise CommandError(
            _("The database cannot be used: %(why)s") % {"why": str(refusal).strip()}
        ) from refusal
    if unknown := _unknown_migrations(executor.loader):
        raise CommandError(
            _(
                "A newer version of Zusammenplan has worked with this database (%(names)s). "
                "Install that version again, or restore a backup from before the update."
            )
            % {"names": ", ".join(unknown)}
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        if not SearchWord.objects.exists():
            # Records from before there was a search, if there are any.
            rebuild()
        load_catalogue()


def _unknown_migrations(loader: MigrationLoader) -> list[str]:
    """Name what was done to the tables of our apps and stands in no file of this version."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("zusammenplan.")}
    return [
        f"{app}.{name}"
        for app, name in sorted(loader.applied_migrations or {})
        if app in ours and (app, name) not in loader.disk_migrations
    ]
