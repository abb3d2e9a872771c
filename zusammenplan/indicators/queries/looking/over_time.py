"""An area's series: as published, with the breaks of its territory, and recalculated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.charts.line import Break
from zusammenplan.indicators.choices import IndicatorForm
from zusammenplan.indicators.domain.reckoning import ESTIMATED
from zusammenplan.indicators.queries.looking.areas import CHANGES_TERRITORY
from zusammenplan.indicators.queries.looking.charts import Line, series_chart
from zusammenplan.indicators.queries.looking.values import Value
from zusammenplan.indicators.queries.series import recalculated_series
from zusammenplan.places.choices import TransitionKind
from zusammenplan.places.models import AreaTransition, AreaVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from zusammenplan.core.charts.axis import Style
    from zusammenplan.indicators.models import Indicator
    from zusammenplan.indicators.queries.looking.areas import Place, Places
    from zusammenplan.indicators.queries.looking.audience import Audience
    from zusammenplan.indicators.queries.looking.rows import DataChart

# A part that comes to lie elsewhere changes what it leaves and what it comes to.
CHANGES_PARTS = (*CHANGES_TERRITORY, TransitionKind.MOVE)


@dataclass(frozen=True)
class OverTime:
    """The series of one area."""

    places: Places
    place: Place
    audience: Audience

    def chart(
        self,
        key: str,
        indicator: Indicator,
        own: Sequence[Value],
        beside: Sequence[tuple[Place, Style, Sequence[Value]]] = (),
    ) -> DataChart | None:
        """Draw the own values; beside those of other areas where the territory stayed the same."""
        values = _of_days(own, self.places)
        cuts = _within(self._breaks, values)
        lines = [Line(_("as published") if cuts else self.place.name, values)]
        remark = ""
        if cuts:
            converted, remark = self._recalculated(indicator, cuts)
            if converted:
                lines.append(Line(_("recalculated"), converted, "rest"))
        elif indicator.form != IndicatorForm.COUNT:
            lines += [
                Line(place.name, _of_days(found, self.places), style)
                for place, style, found in beside
                if found
            ]
        return series_chart(key, indicator, lines, self.places, breaks=cuts, remark=remark)

    def _recalculated(self, indicator: Indicator, cuts: Sequence[Break]) -> tuple[list[Value], str]:
        """Compute the years before the last break for the territory of today."""
        version = self.places.current(self.place.pk)
        found = AreaVersion.objects.defer("geometry").filter(pk=version.pk if version else 0)
        series = recalculated_series(indicator, list(found), see_hidden=self.audience.sees_hidden)
        points = [one for some in series.values() for one in some.points]
        last = max(one.on for one in cuts)
        values = [
            Value(
                0,
                indicator.pk,
                self.place.pk,
                version.pk if version else 0,
                one.starts_on,
                one.ends_on,
                one.value,
                one.sign,
                # What is shared out of a split area is marked as official estimates are.
                one.quality
                if not one.is_estimate or ESTIMATED in one.quality
                else one.quality + ESTIMATED,
                "p" if one.is_hidden else "",
                indicator.method_version,
            )
            for one in points
            if one.ends_on < last
        ]
        remarks = [note for some in series.values() for note in some.notes]
        day = date_format(last, "SHORT_DATE_FORMAT")
        remarks.insert(
            0,
            _(
                "The series is interrupted on %(day)s: values before and after are of different "
                "territories. The dotted line is recalculated to the territory of today."
            )
            % {"day": day}
            if values
            else _(
                "The series is interrupted on %(day)s: values before and after are of different "
                "territories and cannot be compared."
            )
            % {"day": day},
        )
        return values, " ".join(remarks)

    @cached_property
    def _breaks(self) -> list[Break]:
        """Read on which days the territory changed, and what came or went."""
        rows = (
            AreaTransition.objects.filter(
                Q(after__area=self.place.pk)
                | Q(before__area=self.place.pk)
                | Q(after__parent=self.place.pk, kind=TransitionKind.MOVE)
                | Q(before__parent=self.place.pk, kind=TransitionKind.MOVE),
                kind__in=CHANGES_PARTS,
            )
            .order_by("on", "pk")
            .values_list(
                "on",
                "before__area_id",
                "after__area_id",
                "before__name",
                "after__name",
                "before__parent_id",
                "after__parent_id",
            )
        )
        days: dict[date, tuple[dict[str, None], dict[str, None]]] = {}
        for on, before, after, old, new, old_parent, new_parent in rows:
            came, went = days.setdefault(on, ({}, {}))
            if after == self.place.pk and before != after:
                came[old] = None
            elif before == self.place.pk and before != after:
                went[new] = None
            elif old_parent != new_parent and new_parent == self.place.pk:
                came[new] = None
            elif old_parent != new_parent and old_parent == self.place.pk:
                went[old] = None
        return [_break(on, list(came), list(went)) for on, (came, went) in days.items()]


def _joined(names: list[str]) -> str:
    return ngettext("%(names)s joined", "%(names)s joined", len(names)) % {
        "names": ", ".join(names)
    }


def _break(on: date, came: list[str], went: list[str]) -> Break:
    title = _("Change of territory %(day)s") % {"day": date_format(on, "SHORT_DATE_FORMAT")}
    if came:
        return Break(on, title, _joined(came[:3]))
    if went:
        return Break(on, title, _("%(names)s left") % {"names": ", ".join(went[:3])})
    return Break(on, title)


def _within(breaks: Sequence[Break], values: Sequence[Value]) -> list[Break]:
    """Give the breaks that lie within a series."""
    known = [one.ends_on for one in values if one.value is not None]
    return [one for one in breaks if known and min(known) < one.on <= max(known)]


def _of_days(values: Sequence[Value], places: Places) -> list[Value]:
    """Give one value a period: that of the version that was valid then."""
    found: dict[date, Value] = {}
    for one in sorted(values, key=lambda one: (one.ends_on, one.version)):
        version = places.version.get(one.version)
        kept = found.get(one.ends_on)
        if kept is None or (version is not None and version.is_valid(one.ends_on)):
            found[one.ends_on] = one
    return list(found.values())
