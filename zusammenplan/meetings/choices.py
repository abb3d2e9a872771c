"""The words of bodies: their kinds and the roles of their members."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyKind(TextChoices):
    """What sort of body (Gremium) it is."""

    STEERING_EXTERNAL = "steering_external", _("external steering group")
    STEERING_INTERNAL = "steering_internal", _("internal steering group")
    ADVISORY_BOARD = "advisory_board", _("advisory board")
    EXPERT_PANEL = "expert_panel", _("expert panel")
    COMMITTEE = "committee", _("committee")
    COUNCIL = "council", _("council")
    NETWORK = "network", _("network")


class SeatRole(TextChoices):
    """What somebody is in a body."""

    CHAIR = "chair", _("chair")
    DEPUTY = "deputy", _("deputy chair")
    MEMBER = "member", _("member")
    GUEST = "guest", _("guest")


LEADING_ROLES = (SeatRole.CHAIR, SeatRole.DEPUTY)
"""Who leads a body: opens and closes its vote, and decides for it."""
