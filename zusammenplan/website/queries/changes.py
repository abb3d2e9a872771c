"""What changed lately in a plan, in words for everybody; the same for the page and the feed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.german import like
from zusammenplan.plans.choices import MeasureStatus, PlanStatus
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.public import Change
from zusammenplan.website.queries.words import Hrefs, day, in_language, optional_url

# More new measures than this on one day are told as one: a plan was taken over, not written.
FEW = 3


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One thing that changed: when, what, and where one reads on."""

    key: str
    at: datetime
    when: str
    what: str
    text: str
    url: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeDay:
    when: str
    lines: list[ChangeLine]


def change_lines(plan: Plan, found: Sequence[Change]) -> list[ChangeLine]:
    """Write the changes as lines, newest first; many new measures of a day become one line."""
    words = _Words(plan)
    lines: list[ChangeLine] = []
    for (_day, kind), group in groupby(found, key=lambda one: (_local_day(one), one.kind)):
        same = list(group)
        if kind == "measure_added" and len(same) > FEW:
            lines.append(words.many_added(same))
        else:
            lines += [words.line(one) for one in same]
    return lines


def by_day(lines: Iterable[ChangeLine]) -> list[ChangeDay]:
    return [
        ChangeDay(when, list(group)) for when, group in groupby(lines, key=lambda one: one.when)
    ]


def absolute(url: str) -> str:
    return f"{settings.SITE_URL}{url}"


def _local_day(change: Change) -> date:
    return timezone.localtime(change.at).date()


class _Words:
    """Says each kind of change, with the addresses resolved once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.plan_url = reverse("website:plan", args=[plan.slug])
        self.hrefs = Hrefs(plan)
        self.measure_status = {value: str(label) for value, label in MeasureStatus.choices}
        self.plan_status = {value: str(label) for value, label in PlanStatus.choices}

    def many_added(self, changes: Sequence[Change]) -> ChangeLine:
        first = changes[0]
        count = len(changes)
        what = ngettext("%(count)s new measure", "%(count)s new measures", count)
        return self._line(first, what % {"count": count}, "", self.plan_url)

    def line(self, one: Change) -> ChangeLine:
        if one.measure is None:
            return self._of_the_plan(one)
        title = in_language(one.measure_title_de, one.measure_title_en)
        href = str(self.hrefs.of(one.measure))
        if one.kind.startswith("milestone"):
            href += "#meilensteine"
        return self._line(
            one, self._what(one), like(title, f"{one.number} {title}".strip()), href, one.reason
        )

    def _what(self, one: Change) -> str:
        """Say what happened to a measure."""
        if one.kind == "measure_added":
            return _("New measure")
        if one.kind == "measure_status":
            return _("Status: %(new)s, before: %(old)s") % {
                "new": self.measure_status.get(one.new, one.new),
                "old": self.measure_status.get(one.old, one.old),
            }
        milestone = in_language(one.title_de, one.title_en)
        if one.kind == "milestone_done":
            return _("Milestone reached: %(milestone)s") % {"milestone": milestone}
        return _("Milestone moved: %(milestone)s, from %(old)s to %(new)s") % {
            "milestone": milestone,
            "old": day(date.fromisoformat(one.old)),
            "new": day(date.fromisoformat(one.new)),
        }

    def _of_the_plan(self, one: Change) -> ChangeLine:
        title = in_language(one.title_de, one.title_en)
        url = self.plan_url
        if one.kind == "version_frozen":
            what = _("New version: no. %(number)s") % {"number": one.number}
            url = optional_url("website:plan-version", self.plan.slug, int(one.number))
            url = url or reverse("website:plan-version-list", args=[self.plan.slug])
        elif one.kind == "evaluation_closed":
            what = _("Evaluation closed")
        else:
            what = _("Status of the plan: %(new)s, before: %(old)s") % {
                "new": self.plan_status.get(one.new, one.new),
                "old": self.plan_status.get(one.old, one.old),
            }
        return self._line(one, what, title, url)

    def _line(self, one: Change, what: str, text: str, url: str, reason: str = "") -> ChangeLine:
        return ChangeLine(one.key, one.at, day(one.at), what, text, url, reason)
