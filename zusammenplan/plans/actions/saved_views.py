"""Save, change and delete views of the list of measures."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from zusammenplan.people.models import User
from zusammenplan.plans.models import Plan, SavedView


@transaction.atomic
def add_view(plan: Plan, values: Mapping[str, Any], *, by: User, now: datetime) -> SavedView:
    """Keep a view of the plan's measures under a name."""
    return SavedView.objects.create(plan=plan, owner=by, saved_at=now, **values)


@transaction.atomic
def change_view(view: SavedView, values: Mapping[str, Any], *, now: datetime) -> SavedView:
    """Change a view's name, filter, or whether others see it."""
    for name, value in values.items():
        setattr(view, name, value)
    view.saved_at = now
    view.version += 1
    view.save(update_fields=[*values, "saved_at", "version"])
    return view


@transaction.atomic
def delete_view(view: SavedView) -> None:
    """Delete a view; the measures stay as they are."""
    view.delete()
