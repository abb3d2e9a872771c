"""The frozen versions of a plan."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from zusammenplan.plans.models import Plan
from zusammenplan.website.queries.words import day, optional_url


@dataclass(frozen=True, slots=True)
class VersionRow:
    number: int
    label: str
    url: str
    frozen: str
    resolution: str


def version_rows(plan: Plan) -> list[VersionRow]:
    """List the frozen versions, the newest first; their texts stay in the database."""
    versions = plan.versions.select_related("resolution").defer("content").order_by("-number")
    rows = []
    for one in versions:
        decided = ""
        if one.resolution:
            number = one.resolution.number
            parts = (
                one.resolution.body,
                _("No. %(number)s") % {"number": number} if number else "",
                day(one.resolution.decided_on),
            )
            decided = ", ".join(part for part in parts if part)
        rows.append(
            VersionRow(
                number=one.number,
                label=one.label,
                url=optional_url("website:plan-version", plan.slug, one.number),
                frozen=day(one.frozen_at),
                resolution=decided,
            )
        )
    return rows
