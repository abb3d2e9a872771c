"""The social index: which indicators, with which weight, under which method."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.indicators.choices import IndexClasses
from zusammenplan.indicators.models.indicators import Indicator
from zusammenplan.places.choices import AreaKind


class SocialIndexQuerySet(models.QuerySet["SocialIndex"]):
    """Questions to the list of social indices."""

    def public(self) -> Self:
        """Leave out those with an indicator that is not public: its values would be shown."""
        return self.filter(is_public=True).exclude(parts__indicator__is_public=False)


SocialIndexManager = models.Manager.from_queryset(SocialIndexQuerySet)


class SocialIndex(Versioned):
    """
    A social index (Sozialindex): the weighted mean of z-scores of some indicators.

    R38: its method carries a version, and areas with too few people are left out and said so.
    """

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name_de = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    explanation_de = models.TextField(_("explanation"), blank=True)
    explanation_en = models.TextField(_("explanation (English)"), blank=True)
    # Which areas are compared with each other.
    kind = models.CharField(
        _("areas"), max_length=20, choices=AreaKind.choices, default=AreaKind.MUNICIPALITY
    )
    minimum_population = models.PositiveIntegerField(_("fewest inhabitants"), default=300)
    classes = models.PositiveSmallIntegerField(
        _("number of classes"),
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(7)],
    )
    class_method = models.CharField(
        _("how classes are made"),
        max_length=10,
        choices=IndexClasses.choices,
        default=IndexClasses.QUANTILE,
    )
    method_version = models.PositiveSmallIntegerField(_("version of the method"), default=1)
    is_public = models.BooleanField(_("public"), default=False)
    history = HistoricalRecords()

    name = Bilingual()
    explanation = Bilingual()
    objects = SocialIndexManager()

    class Meta:
        verbose_name = _("social index")
        verbose_name_plural = _("social indices")

    def __str__(self) -> str:
        return self.name


class IndexPart(Versioned):
    """An indicator in a social index, with its weight."""

    index = models.ForeignKey(
        SocialIndex, on_delete=models.CASCADE, related_name="parts", verbose_name=_("index")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator")
    )
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    # A high value of the indicator is a burden; otherwise its z-score is turned round.
    high_is_burden = models.BooleanField(_("high is a burden"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("part of a social index")
        verbose_name_plural = _("parts of a social index")
        constraints = [
            models.UniqueConstraint(name="indicator_once_an_index", fields=["index", "indicator"])
        ]

    def __str__(self) -> str:
        return str(self.indicator)
