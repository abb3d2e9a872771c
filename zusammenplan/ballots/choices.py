"""The words of prioritisation: how is voted, what a group's result is, what happens with halves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    """Which end of the scale comes first."""

    LOW_FIRST = "low_first", _("the lowest grade comes first")
    HIGH_FIRST = "high_first", _("the highest grade comes first")


class Pooling(TextChoices):
    """Over what the median is taken."""

    BODIES = "bodies", _("over the groups, one value each")
    PERSONS = "persons", _("over all marks of all persons")


class HalfStep(TextChoices):
    """What happens to a half step."""

    KEEP = "keep", _("it stays")
    MORE_URGENT = "more_urgent", _("it goes to the more urgent grade")
    LESS_URGENT = "less_urgent", _("it goes to the less urgent grade")
    CHAIR = "chair", _("the chair decides")


class Stage(TextChoices):
    """Whether another vote will follow."""

    FIRST = "first", _("first vote")
    FINAL = "final", _("final vote")


class Audience(TextChoices):
    """Who sees results before they are released."""

    PLANNERS = "planners", _("only the planners")
    VOTERS = "voters", _("the planners and the voters")
    PUBLIC = "public", _("everybody, marked as provisional")


class Way(TextChoices):
    """How a group votes."""

    PERSONAL = "personal", _("personal ballots")
    HANDS = "hands", _("show of hands, counted per grade")
    MAJORITY = "majority", _("show of hands, only the majority")
    TABLE = "table", _("marks from an imported table")


class OwnResult(TextChoices):
    """What a group's own result is."""

    MAJORITY = "majority", _("the grade with most marks")
    MEDIAN = "median", _("the median of its marks")


class TieRule(TextChoices):
    """What happens when two grades have most marks."""

    MEDIAN = "median", _("the median of the tied grades counts")
    OPEN = "open", _("it stays open")


class ProposalStatus(TextChoices):
    """What became of a proposed measure."""

    PROPOSED = "proposed", _("proposed")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("refused")
