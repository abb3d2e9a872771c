"""Indicators, their figures, and views of them that somebody kept."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.indicators.choices import (
    Direction,
    IndicatorForm,
    LifeSituation,
    Secrecy,
    StateField,
)
from zusammenplan.places.models import Area, AreaVersion

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from zusammenplan.people.models import User


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Questions to the catalogue."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        if user.is_authenticated and user.is_staff_member:
            return self
        return self.filter(is_public=True)

    def in_order(self) -> Self:
        """Put them in the order of the life situations, within one as the catalogue has them."""
        places = [
            models.When(life_situation=value, then=place)
            for place, value in enumerate(LifeSituation.values)
        ]
        return self.order_by(models.Case(*places, default=len(places)), "position", "pk")


IndicatorManager = models.Manager.from_queryset(IndicatorQuerySet)


class Indicator(Versioned):
    """
    An indicator (Indikator): a formula over counts, with everything one must know to read it.

    The formula is in the language of domain.formula; its parameters, such as the limits of age,
    are printed with each value (R34).
    """

    code = models.SlugField(_("short name"), max_length=60, unique=True)
    name_de = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    definition_de = models.TextField(_("definition"), blank=True)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    form = models.CharField(_("kind"), max_length=12, choices=IndicatorForm.choices)
    formula = models.CharField(_("formula"), max_length=600)
    # {"young": 20, "old": 65}: from 20 to under 65.
    parameters = models.JSONField(_("limits of age"), default=dict, blank=True)
    # "per 100" is not "%".
    unit_de = models.CharField(_("unit"), max_length=80)
    unit_en = models.CharField(_("unit (English)"), max_length=80, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=1)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, default=Direction.NEUTRAL
    )
    life_situation = models.CharField(
        _("life situation"), max_length=20, choices=LifeSituation.choices
    )
    state_field = models.CharField(
        _("field of action of the state"), max_length=1, choices=StateField.choices, blank=True
    )
    source_de = models.CharField(_("source"), max_length=300, blank=True)
    source_en = models.CharField(_("source (English)"), max_length=300, blank=True)
    method_version = models.PositiveSmallIntegerField(_("version of the method"), default=1)
    # Made here, not from the catalogue.
    is_own = models.BooleanField(_("own indicator"), default=False)
    is_public = models.BooleanField(_("public"), default=True)
    # Key figures stand at the top of each profile.
    is_key = models.BooleanField(_("key figure"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    name = Bilingual()
    definition = Bilingual()
    unit = Bilingual()
    source = Bilingual()
    objects = IndicatorManager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """
    An indicator's value for an area and a period (Kennzahl), computed from counts and kept.

    What is shown is always this row; ``numerator`` and ``denominator`` are the counts behind it.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="figures", verbose_name=_("indicator")
    )
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="figures", verbose_name=_("area")
    )
    area_version = models.ForeignKey(
        AreaVersion, on_delete=models.CASCADE, related_name="+", verbose_name=_("version")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    # Why there is no value: the sign of the count that is missing.
    sign = models.CharField(_("sign"), max_length=3, blank=True)
    quality = models.CharField(_("quality"), max_length=6, blank=True)
    numerator = models.DecimalField(
        _("numerator"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    denominator = models.DecimalField(
        _("denominator"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    secrecy = models.CharField(
        _("secrecy"), max_length=1, choices=Secrecy.choices, blank=True, default=Secrecy.SHOWN
    )
    method_version = models.PositiveSmallIntegerField(_("version of the method"), default=1)

    class Meta:
        verbose_name = pgettext_lazy("statistics", "figure")
        verbose_name_plural = pgettext_lazy("statistics", "figures")
        constraints = [
            models.UniqueConstraint(
                name="one_figure_a_period",
                fields=["indicator", "area_version", "ends_on", "starts_on"],
            ),
            models.CheckConstraint(
                name="figure_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]
        indexes = [
            models.Index(name="figure_by_area", fields=["area", "indicator", "ends_on"]),
            models.Index(name="figure_by_period", fields=["indicator", "ends_on"]),
            models.Index(
                name="figure_hidden", fields=["secrecy"], condition=~Q(secrecy=Secrecy.SHOWN)
            ),
        ]

    def __str__(self) -> str:
        return str(self.value) if self.value is not None else self.sign


class DataView(Versioned):
    """A view of the data with a name and a lasting address (gespeicherte Ansicht)."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    # Path and query of the data page it opens, from "/daten/" on.
    target = models.CharField(_("page"), max_length=1000)
    is_public = models.BooleanField(_("public"), default=False)
    saved_at = models.DateTimeField(_("saved"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kept view of the data")
        verbose_name_plural = _("kept views of the data")

    def __str__(self) -> str:
        return self.name
