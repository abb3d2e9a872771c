"""For whom data are read: everybody, or somebody who works here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from zusammenplan.indicators.models import Indicator

if TYPE_CHECKING:
    from zusammenplan.indicators.models.indicators import IndicatorQuerySet


@dataclass(frozen=True, slots=True)
class Audience:
    """
    Who looks at the data.

    Only who ``sees_hidden`` is told values that are secret (R35); to all others they are "x".
    """

    is_inside: bool = False
    sees_hidden: bool = False

    @property
    def frame(self) -> str:
        """Name the template around the page."""
        return "work.html" if self.is_inside else "public.html"

    @property
    def origins(self) -> str:
        """Give the address below which a page for each value tells where it comes from."""
        return self.url("value", 0).removesuffix("0/")

    def url(self, name: str, *args: object) -> str:
        """Give the address of a data page: the public one, or that in the workspace."""
        return reverse(f"{'indicators' if self.is_inside else 'website'}:data-{name}", args=args)

    def indicators(self) -> IndicatorQuerySet:
        """Give the part of the catalogue that may be seen."""
        rows = Indicator.objects.all()
        return rows if self.is_inside else rows.filter(is_public=True)


EVERYBODY = Audience()
