"""Indicators and areas of the data to pick from in forms of the plan."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from zusammenplan.indicators.choices import LifeSituation
from zusammenplan.indicators.models import Figure, Indicator
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_areas


def choices_of_indicators(
    empty: str, *, is_public: bool = False, with_values: bool = False
) -> list[Any]:
    """Give the indicators by life situation; on demand only those that have some value."""
    wanted = Indicator.objects.filter(is_public=True) if is_public else Indicator.objects.all()
    if with_values:
        wanted = wanted.filter(
            Exists(Figure.objects.filter(indicator=OuterRef("pk"), value__isnull=False))
        )
    groups = groupby(wanted.in_order(), key=lambda one: one.life_situation)
    return [
        ("", empty),
        *(
            (capfirst(str(LifeSituation(of).label)), [(one.pk, one.name) for one in members])
            for of, members in groups
        ),
    ]


def choices_of_all_areas(empty: str) -> list[Any]:
    """Give the own areas as they lie in each other, and apart those only to compare with."""
    own = choices_of_areas()
    known = {int(pk) for pk, _name in own}
    others = [
        (area.pk, area.name)
        for area in Area.objects.filter(is_reference=True).in_order()
        if area.pk not in known
    ]
    return [("", empty), *own, *([(_("Only to compare with"), others)] if others else [])]
