"""What was counted: quantities and their observations, exactly as the sources give them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.indicators.choices import Secrecy, Sex
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.models.imports import StatisticsImport
from zusammenplan.places.models import AreaVersion


class Quantity(Versioned):
    """What is counted (Zählgröße), such as the population or people out of work."""

    # The name by which formulas call it, such as "population".
    code = models.SlugField(_("short name for formulas"), max_length=80, unique=True)
    name_de = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    unit_de = models.CharField(_("unit"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=60, blank=True)
    # Counts of cases may be summed over areas; medians, means and published rates may not.
    is_additive = models.BooleanField(_("can be summed over areas"), default=True)
    # Counts of people who could be recognised; money and square kilometres are none.
    is_confidential = models.BooleanField(_("small numbers are secret"), default=True)
    # Who knows a total and all parts but one knows the last one: domain.families.
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    # Deaths are, in natural increase.
    is_subtracted = models.BooleanField(_("is subtracted there"), default=False)
    # Who knows two reference days and all but one of what happened between knows that one, too.
    change_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("change of"),
    )
    history = HistoricalRecords()

    name = Bilingual()
    unit = Bilingual()

    class Meta:
        verbose_name = _("quantity")
        verbose_name_plural = _("quantities")
        constraints = [
            models.CheckConstraint(
                name="quantity_is_no_part_of_itself", condition=~Q(part_of=F("pk"))
            ),
            models.CheckConstraint(
                name="quantity_is_no_change_of_itself", condition=~Q(change_of=F("pk"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuantityAlias(models.Model):
    """Under which name a source gives a quantity (Name in der Quelle)."""

    quantity = models.ForeignKey(
        Quantity, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("quantity")
    )
    # The number of the statistics, such as 12411; empty for own tables.
    statistics = models.CharField(_("statistics"), max_length=40, blank=True)
    # The code of what is counted, such as BEVSTD, or its label where the file has no codes.
    measure = models.CharField(_("what is counted"), max_length=300)
    # Further sides of the breakdown that make it this quantity, such as "NAT=NATA".
    other = models.CharField(_("only where"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("name in a source")
        verbose_name_plural = _("names in sources")
        constraints = [
            models.UniqueConstraint(
                name="alias_means_one_quantity", fields=["statistics", "measure", "other"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.statistics} {self.measure} {self.other}".strip()


class Observation(models.Model):
    """
    One value (Beobachtung): of a quantity, for a version of an area, in a period, of whom.

    The database does not check its three links row by row, which would cost more than all else of
    a large import; actions.locks tells who sees to them.

    ``value`` is None where a sign stands instead. Ages run from ``age_from`` to under
    ``age_to``; 0 to 999 is everybody. Values that are sums over the parts of an area have no
    source file.
    """

    # The unique key begins with both: a quantity is asked for in its areas, and then in time.
    quantity = models.ForeignKey(
        Quantity,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name=_("quantity"),
        db_index=False,
        db_constraint=False,
    )
    area_version = models.ForeignKey(
        AreaVersion,
        on_delete=models.PROTECT,
        related_name="observations",
        verbose_name=_("version of the area"),
        db_index=False,
        db_constraint=False,
    )
    # The same day for a reference date (Stichtag).
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    age_from = models.PositiveSmallIntegerField(_("age from"), default=0)
    age_to = models.PositiveSmallIntegerField(_("age under"), default=ALL_AGES)
    # Further sides of the breakdown, sorted: "FAMSTAND=LED;NAT=NATA".
    other = models.CharField(_("further breakdown"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    # "-", ".", "/", "x", "..." and the like; see domain.signs.
    sign = models.CharField(_("sign"), max_length=3, blank=True)
    quality = models.CharField(_("quality"), max_length=6, blank=True)
    raw = models.CharField(_("as written"), max_length=60, blank=True)
    secrecy = models.CharField(
        _("secrecy"), max_length=1, choices=Secrecy.choices, blank=True, default=Secrecy.SHOWN
    )
    source = models.ForeignKey(
        StatisticsImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("source"),
        # Only an import's undoing asks for it, and may look at all values for that.
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.UniqueConstraint(
                name="one_observation_a_key",
                fields=[
                    "quantity",
                    "area_version",
                    "ends_on",
                    "starts_on",
                    # Ages before texts, for numbers are compared faster.
                    "age_from",
                    "age_to",
                    "sex",
                    "other",
                ],
            ),
            models.CheckConstraint(
                name="observation_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="age_group_is_not_empty", condition=Q(age_to__gt=F("age_from"))
            ),
        ]
        indexes = [
            # Sums over parts are few, and looked for after each import.
            models.Index(
                name="observation_sums",
                fields=["quantity", "ends_on"],
                condition=Q(source=None),
            ),
            # Few of millions are hidden, and pages ask which.
            models.Index(
                name="observation_hidden",
                fields=["quantity", "ends_on", "secrecy"],
                condition=~Q(secrecy=Secrecy.SHOWN),
            ),
        ]

    def __str__(self) -> str:
        return self.raw or str(self.value)
