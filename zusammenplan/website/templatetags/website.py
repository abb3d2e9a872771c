"""The way through the public pages of one plan."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from zusammenplan.plans.models import Plan
from zusammenplan.website.queries.plan import has_document, newest_evaluation
from zusammenplan.website.queries.words import optional_url

register = template.Library()

# In the order of the thread; a page of the plan that is not there gets no tab.
PAGES = (
    ("measures", _("Measures"), "website:plan"),
    ("goals", _("Goals"), "website:plan-goal-list"),
    ("needs", _("Needs"), "website:plan-need-list"),
    ("timeline", _("Timeline"), "website:plan-timeline"),
    ("evaluation", _("Evaluation"), "website:evaluation"),
    ("changes", _("What changed"), "website:plan-change-list"),
    ("document", _("Document"), "website:plan-document"),
    ("versions", _("Versions"), "website:plan-version-list"),
)


@register.inclusion_tag("components/tabs.html")
def plan_pages(plan: Plan, here: str) -> dict[str, Any]:
    """Give the tabs above every public page of a plan; ``here`` is the key of the own one."""
    tabs = []
    for key, label, name in PAGES:
        words: tuple[str, ...] = (plan.slug,)
        if key == "evaluation":
            words = (plan.slug, newest_evaluation(plan))
        is_there = has_document(plan) if key == "document" else all(words)
        if is_there and (url := optional_url(name, *words)):
            tabs.append({"label": label, "url": url, "current": key == here})
    return {"label": plan.title, "tabs": tabs}
