"""The way through the pages of one plan."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zusammenplan.plans.models import Goal, Measure, Plan
from zusammenplan.plans.queries.evaluations import story_of
from zusammenplan.plans.queries.notes import Notes
from zusammenplan.plans.queries.thread import upper_url

register = template.Library()

# In the order of the thread: what we know, what we want, what we do, what came of it.
PAGES = (
    ("plan", _("Plan"), "plans:plan-detail"),
    ("outline", _("Outline"), "plans:outline"),
    ("needs", _("Needs"), "plans:need-list"),
    ("goals", _("Goals"), "plans:goal-list"),
    ("measures", _("Measures"), "plans:measure-list"),
    ("gaps", _("Gaps"), "plans:gaps"),
    ("evaluation", _("Evaluation"), "plans:evaluation-list"),
    ("document", _("Document"), "plans:document"),
    ("versions", _("Versions"), "plans:version-list"),
)


@register.inclusion_tag("plans/plan_tabs.html")
def plan_tabs(plan: Plan, here: str) -> dict[str, Any]:
    """Give the tabs that stand above every page of a plan; ``here`` is the key of the own one."""
    return {
        "plan": plan,
        "tabs": [
            {"label": label, "url": url, "current": key == here}
            for key, label, name in PAGES
            if (url := upper_url(name, plan.slug))
        ],
    }


@register.inclusion_tag("plans/notes_link.html")
def notes_link(notes: Notes, word: str, pk: int, of: str) -> dict[str, Any]:
    """Lead to the comments and tasks on a part of the plan and tell how many there are."""
    url = reverse("plans:part-notes", args=[notes.plan.slug, word, pk])
    return {"url": url, "number": notes.number(word, pk), "of": of}


@register.inclusion_tag("plans/evaluations/panel.html")
def rating_panel(
    record: Measure | Goal,
    is_public: bool = False,  # noqa: FBT001, FBT002 - named in the template
) -> dict[str, Any]:
    """Give what closed rounds said of a measure or goal, in this plan and in those before."""
    return {"told": story_of(record, is_public=is_public), "is_public": is_public}
