"""The words of plans: statuses, kinds and grades with their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


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


class TermKind(TextChoices):
    """The lists of terms by which needs and measures are found."""

    TARGET_GROUP = "target_group", _("target group")
    LIFE_SITUATION = "life_situation", _("life situation")


class Strength(TextChoices):
    """How strongly a need is felt."""

    HIGH = "high", _("high")
    MIDDLE = "middle", _("middle")
    LOW = "low", _("low")


class NeedState(TextChoices):
    """Whether a need still stands."""

    OPEN = "open", _("open")
    MET = "met", _("met")
    POSTPONED = "postponed", _("postponed")
    DROPPED = "dropped", _("dropped")


class GoalState(TextChoices):
    """Whether a goal is still pursued."""

    PURSUED = "pursued", _("pursued")
    REACHED = "reached", _("reached")
    POSTPONED = "postponed", _("postponed")
    DROPPED = "dropped", _("dropped")


class EvidenceKind(TextChoices):
    """Where the evidence of a need comes from."""

    STATISTIC = "statistic", _("statistics")
    SURVEY = "survey", _("survey")
    CONFERENCE = "conference", _("conference")
    EXPERT = "expert", _("expert statement")
    TALK = "talk", _("talk between offices")
    STRATEGY = "strategy", _("other strategy")
    DOCUMENT = "document", _("document")


class IndicatorKind(TextChoices):
    """How one sees that a measure works."""

    VERBAL = "verbal", _("in words")
    NUMERIC = "numeric", _("in numbers")


class RelationKind(TextChoices):
    """How a measure stands to another one."""

    CONTINUES = "continues", _("continues")
    REPLACES = "replaces", _("replaces")
    BELONGS = "belongs", _("belongs together with")
    BLOCKS = "blocks", _("blocks")


class ScaleKind(TextChoices):
    """The scale by which the degree of attainment (Zielerreichungsgrad) is rated."""

    FOUR_STEPS = "four_steps", _("four steps")
    TRAFFIC_LIGHT = "traffic_light", _("traffic light")
    PERCENTAGE = "percentage", _("percentage")
    OWN = "own", _("own scale")


class EvaluationStatus(TextChoices):
    """Where a round of rating stands."""

    PREPARED = "prepared", _("prepared")
    OPEN = "open", _("open for ratings")
    CHECK = "check", _("being checked")
    CLOSED = "closed", pgettext_lazy("evaluation", "closed")


class RatingState(TextChoices):
    """What is said of a measure or goal that is rated."""

    RATED = "rated", _("rated")
    NOT_ASSESSABLE = "not_assessable", _("not assessable")
    DROPPED = "dropped", _("dropped")


class ChapterKind(TextChoices):
    """What a chapter of the plan's document holds: written text, or what the plan knows."""

    TEXT = "text", _("text")
    FIELDS = "fields", _("fields of action with their goals")
    NEEDS = "needs", _("needs with evidence")
    PRIORITIES = "priorities", _("priorities")
    MEASURES = "measures", _("measures in full")
    TIMELINE = "timeline", _("timeline")
    COSTS = "costs", _("costs")
    EVALUATION = "evaluation", _("evaluation")
    FIGURES = "figures", _("list of figures")
    TABLES = "tables", _("list of tables")
    ABBREVIATIONS = "abbreviations", _("list of abbreviations")


class BlockKind(TextChoices):
    """What a block of a text chapter is."""

    TEXT = "text", _("text")
    FIGURE = "figure", _("figure")
    TABLE = "table", _("table")
    QUOTE = "quote", _("quote")
    DATA = "data", _("look at the data")


class DataKind(TextChoices):
    """What a look at the data shows."""

    PROFILE = "profile", _("profile of an area")
    SERIES = "series", _("chart over time")
    PYRAMID = "pyramid", _("population pyramid")
    MAP = "map", _("map")
    TABLE = "table", _("table of an indicator")


class CarryKind(TextChoices):
    """What a decision of a plan's rewriting is about."""

    NEED = "need", _("need")
    GOAL = "goal", _("goal")
    MEASURE = "measure", _("measure")


class CarryChoice(TextChoices):
    """What shall become of a record in the next plan."""

    CARRY = "carry", _("carry on")
    ADAPT = "adapt", _("carry on and adapt")
    FINISHED = "finished", _("finished")
    POSTPONE = "postpone", _("postpone")
    DROP = "drop", _("drop")
