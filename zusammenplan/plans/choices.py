"""The words of plans: where a plan and a measure stand."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanStatus(TextChoices):
    """Where the plan stands in its life."""

    DRAFT = "draft", _("draft")
    PARTICIPATION = "participation", _("participation")
    VOTE = "vote", _("prioritisation")
    COMMITTEE = "committee", _("in the committees")
    ADOPTED = "adopted", _("adopted")
    IN_FORCE = "in_force", _("in force")
    EVALUATED = "evaluated", _("evaluated")
    SUPERSEDED = "superseded", _("superseded")


class MeasureStatus(TextChoices):
    """Where a measure stands."""

    IDEA = "idea", _("idea")
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    PARTLY_DONE = "partly_done", _("partly done")
    NOT_DONE = "not_done", _("not done")
    DROPPED = "dropped", _("dropped")
    CARRIED_OVER = "carried_over", _("carried over")
