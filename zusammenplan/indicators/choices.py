"""The words of indicators: kinds, directions, life situations, signs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class IndicatorForm(TextChoices):
    """How an indicator is made from counts."""

    COUNT = "count", _("count")
    SHARE = "share", _("share")
    RATIO = "ratio", _("ratio")
    RATE = "rate", _("rate per number of people")
    MEAN = "mean", _("mean")
    DIFFERENCE = "difference", pgettext_lazy("indicator", "difference")
    CHANGE = "change", _("change over time")
    INDEX = "index", pgettext_lazy("indicator", "index")


class Direction(TextChoices):
    """What a high value means."""

    BURDEN = "burden", _("high is a burden")
    GOOD = "good", _("high is good")
    NEUTRAL = "neutral", _("neither")


class LifeSituation(TextChoices):
    """The dimensions of the life-situation model (Lebenslagen)."""

    POPULATION = "population", _("population")
    WORK = "work", _("work")
    INCOME = "income", _("income")
    EDUCATION = "education", _("education")
    HOUSING = "housing", _("housing")
    HEALTH = "health", _("health and care")
    PARTICIPATION = "participation", _("participation")
    FAMILY = "family", _("family and social network")


class StateField(TextChoices):
    """The fields of action of the state programme (Handlungsfelder des Landesprogramms)."""

    STEERING = "1", _("Steering, networking, sustainability and planning")
    WORK_AND_FAMILY = "2", _("Family, work and mobility")
    EDUCATION = "3", _("Education around the family")
    ADVICE = "4", _("Advice, support and information")
    LIVING = "5", _("Living environment and quality of life")
    GENERATIONS = "6", _("Dialogue of the generations")


class Sex(TextChoices):
    """The sexes that official tables tell apart; empty is all of them."""

    ALL = "", _("all")
    MALE = "m", _("male")
    FEMALE = "f", _("female")
    DIVERSE = "d", _("diverse")


class Secrecy(TextChoices):
    """Why a value is not shown to the public (Geheimhaltung)."""

    SHOWN = "", _("shown")
    # Fewer cases than the minimum.
    PRIMARY = "p", _("too few cases")
    # Hidden so that another hidden value cannot be computed.
    SECONDARY = "s", _("protects another value")


class IndexClasses(TextChoices):
    """How a social index puts areas into classes."""

    QUANTILE = "quantile", _("about as many areas in each class")
    EQUAL = "equal", _("equal steps of the index")


class Layout(TextChoices):
    """The layout in which a file of statistics came."""

    FLAT = "flat", _("GENESIS flat file")
    FLAT_OLD = "flat-old", _("GENESIS flat file, old")
    CLASSIC = "classic", _("GENESIS table")
    NAMED = "named", _("table of the Landesamt, areas by name")
    OWN = "own", _("own table")
