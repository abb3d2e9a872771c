"""
What changed from a plan to the one after it, as a paper for the council.

Page, Word and PDF are made from the one :class:`ChangesPaper`, so that none can say something
else than another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from zusammenplan.core.context import municipality
from zusammenplan.core.german import like, together
from zusammenplan.core.printable import UNPRINTABLE
from zusammenplan.plans.choices import PlanStatus
from zusammenplan.plans.domain.comparison import Kind
from zusammenplan.plans.domain.succession import Fate, succession
from zusammenplan.plans.queries.comparison import KIND_LABELS, Difference, Speaker
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.queries.plans import period_label
from zusammenplan.plans.queries.versions import resolution_text
from zusammenplan.reports.queries.paper import clean, day

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise

    from zusammenplan.plans.domain.succession import Succeeded, Succession
    from zusammenplan.plans.models import Plan

FATE_LABELS: dict[Fate, str | Promise] = {
    Fate.CARRIED: gettext_lazy("Carried on unchanged"),
    Fate.ADAPTED: gettext_lazy("Carried on and adapted"),
    Fate.NEW: gettext_lazy("New"),
    Fate.FINISHED: gettext_lazy("Finished"),
    Fate.DROPPED: gettext_lazy("Dropped"),
    Fate.POSTPONED: gettext_lazy("Postponed"),
    Fate.LEFT: gettext_lazy("No longer in the plan"),
}
# Measures first: they are what a council asks about.
ORDER = (Kind.MEASURE, Kind.GOAL, Kind.NEED)


@dataclass(frozen=True, slots=True)
class Synopsis:
    """One entry that was adapted: what it said so far and what it says now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangesRow:
    """One need, goal or measure."""

    number: str
    title: str
    note: str
    synopsis: tuple[Synopsis, ...]
    # The same with its words marked, for the page.
    differences: tuple[Difference, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChangesGroup:
    """All records of a kind with the same fate."""

    heading: str
    rows: tuple[ChangesRow, ...]


@dataclass(frozen=True, slots=True)
class ChangesSection:
    heading: str
    groups: tuple[ChangesGroup, ...]


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many records of a kind met each fate."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangesPaper:
    """The paper, whatever the format."""

    language: str
    slug: str
    title: str
    subject: str
    plan: str
    office: str
    unit: str
    contact: str
    address: str
    label: str
    is_final: bool
    made_at: datetime
    made_on: str
    lead: tuple[str, ...]
    fates: tuple[str, ...]
    counts: tuple[CountRow, ...]
    sections: tuple[ChangesSection, ...]

    @property
    def labelled_counts(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """Give each row of the counts with the fates, which stand above them or beside them."""
        return [(row.label, list(zip(self.fates, row.counts, strict=True))) for row in self.counts]


def changes_paper(plan: Plan, *, now: datetime) -> ChangesPaper:
    """Gather what changed since the plan before; the number of queries does not grow."""
    before = plan.predecessor
    if before is None:
        raise ValueError("Only a plan that follows another one has changed since.")
    contents = plan_content(before), plan_content(plan)
    told = succession(*contents)
    speaker = Speaker(*contents)
    place = municipality()
    fates = tuple(fate for fate in Fate if any(one.fate == fate for one in told.records))
    is_final = plan.status not in {
        PlanStatus.DRAFT,
        PlanStatus.PARTICIPATION,
        PlanStatus.VOTE,
        PlanStatus.COMMITTEE,
    }
    return ChangesPaper(
        language=(get_language() or "de")[:2],
        slug=plan.slug,
        title=clean(plan.title),
        subject=_("What changed since the plan before"),
        plan=clean(plan.title),
        office=clean(place.authority or place.name),
        unit=clean(place.unit),
        contact=", ".join(filter(None, (clean(place.phone), clean(place.email)))),
        address=_address(plan),
        label=_label(plan, is_final=is_final),
        is_final=is_final,
        made_at=timezone.localtime(now),
        made_on=day(now),
        lead=_lead(before, plan, told),
        fates=tuple(str(FATE_LABELS[fate]) for fate in fates),
        counts=tuple(
            CountRow(str(KIND_LABELS[kind]), tuple(len(told.of(kind, fate)) for fate in fates))
            for kind in ORDER
            if told.of(kind)
        ),
        sections=tuple(
            ChangesSection(str(KIND_LABELS[kind]), groups)
            for kind in ORDER
            if (groups := _groups(kind, told, speaker, before, plan))
        ),
    )


def changes_words() -> dict[str, str]:
    """Give the headings and labels of the paper, in the active language."""
    return {
        "after": _("Now"),
        "before": _("So far"),
        "entry": _("Entry"),
        "kind": _("Kind"),
        "online": _("The plan on the internet:"),
        "page": _("Page %(page)s of %(pages)s"),
        "questions": _("Questions:"),
        "state": _("As of %(day)s"),
        "sum": _("At a glance"),
    }


def _groups(
    kind: Kind, told: Succession, speaker: Speaker, before: Plan, plan: Plan
) -> tuple[ChangesGroup, ...]:
    return tuple(
        ChangesGroup(
            str(FATE_LABELS[fate]), tuple(_row(one, speaker, before, plan) for one in found)
        )
        for fate in Fate
        if (found := told.of(kind, fate))
    )


def _row(one: Succeeded, speaker: Speaker, before: Plan, plan: Plan) -> ChangesRow:
    differences = speaker.differences(one.kind, one.fields, own_language_only=True)
    number = clean(one.record.number)
    if one.before is not None and one.after is not None and one.before.number != one.after.number:
        number_note = _("so far number %(number)s") % {"number": one.before.number or "–"}
    else:
        number_note = ""
    url = ""
    if one.kind == Kind.MEASURE:
        slug = (plan if one.after is not None else before).slug
        url = reverse("plans:measure-detail", args=[slug, one.record.pk])
    return ChangesRow(
        number=number,
        title=clean(speaker.say(one.record.title)),
        note=". ".join(filter(None, (clean(number_note), clean(one.reason)))),
        synopsis=tuple(_synopsis(difference) for difference in differences),
        differences=differences,
        url=url,
    )


def _synopsis(difference: Difference) -> Synopsis:
    def side(left_out: str) -> str:
        lines = (
            together("", (piece.text for piece in line if piece.kind != left_out))
            for line in difference.lines
        )
        return together("\n", (_stripped(line) for line in lines if line.strip()))

    return Synopsis(difference.label, side("added"), side("removed"))


def _stripped(line: str) -> str:
    return like(line, UNPRINTABLE.sub("", line).strip())


def _lead(before: Plan, plan: Plan, told: Succession) -> tuple[str, ...]:
    names = {
        "before": clean(before.title),
        "after": clean(plan.title),
        "period": period_label("", plan.starts_on, plan.ends_on),
    }
    first = _("“%(after)s” follows on “%(before)s”.") % names
    number = len(told.of(Kind.MEASURE))
    new = len(told.of(Kind.MEASURE, Fate.NEW))
    along = len(told.of(Kind.MEASURE, Fate.CARRIED)) + len(told.of(Kind.MEASURE, Fate.ADAPTED))
    measures = ngettext(
        "Of %(old)s measure of the old plan %(along)s is carried on.",
        "Of %(old)s measures of the old plan %(along)s are carried on.",
        number - new,
    ) % {"old": number - new, "along": along}
    added = ngettext("%(new)s measure is new.", "%(new)s measures are new.", new) % {"new": new}
    added = added if new else _("No measure is new.")
    return (first, f"{measures} {added}")


def _label(plan: Plan, *, is_final: bool) -> str:
    adoption = plan.resolutions.filter(is_adoption=True).order_by("-decided_on", "-pk").first()
    if is_final and adoption is not None:
        return _("Adopted: %(resolution)s") % {"resolution": clean(resolution_text(adoption))}
    if is_final:
        return str(plan.get_status_display())
    return _("Draft, not adopted yet")


def _address(plan: Plan) -> str:
    if not plan.is_public:
        return ""
    return f"{settings.SITE_URL}{reverse('website:plan', args=[plan.slug])}"


def printable(paper: ChangesPaper) -> dict[str, Any]:
    """Give the paper as plain values for the typesetter."""
    return {
        "language": paper.language,
        "title": paper.title,
        "subject": paper.subject,
        "office": paper.office,
        "unit": paper.unit,
        "contact": paper.contact,
        "address": paper.address,
        "label": paper.label,
        "is_final": paper.is_final,
        "made_on": paper.made_on,
        "lead": list(paper.lead),
        "fates": list(paper.fates),
        "counts": [{"label": row.label, "counts": list(row.counts)} for row in paper.counts],
        "sections": [
            {
                "heading": section.heading,
                "groups": [
                    {
                        "heading": group.heading,
                        "rows": [
                            {
                                "number": row.number,
                                "title": row.title,
                                "note": row.note,
                                "synopsis": [
                                    {"label": one.label, "before": one.before, "after": one.after}
                                    for one in row.synopsis
                                ],
                            }
                            for row in group.rows
                        ],
                    }
                    for group in section.groups
                ],
            }
            for section in paper.sections
        ],
        "words": changes_words(),
    }
