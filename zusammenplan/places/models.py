"""Areas that needs, measures and official figures are for, and how their territory changed."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned
from zusammenplan.core.validity import lasting_to, valid_on
from zusammenplan.places.choices import AreaKind, TransitionKind
from zusammenplan.places.domain.keys import AGS, ARS


class AreaQuerySet(models.QuerySet["Area"]):
    """Questions to the list of areas."""

    def own(self) -> Self:
        """Give the municipality's own areas, without those that are only compared with."""
        return self.filter(is_reference=False)

    def still_there(self, day: date, *, chosen: Iterable[models.Model | int] = ()) -> Self:
        """Leave out what ended before the day, but not what is chosen already."""
        versions = AreaVersion.objects.filter(area=OuterRef("pk"))
        lasting = versions.filter(lasting_to(day))
        kept = [one.pk if isinstance(one, models.Model) else one for one in chosen]
        # What has no version at all is valid always.
        return self.filter(Exists(lasting) | ~Exists(versions) | Q(pk__in=kept))

    def in_order(self) -> Self:
        return self.order_by("position", "name", "pk")


AreaManager = models.Manager.from_queryset(AreaQuerySet)


class Area(Versioned):
    """
    An area (Gebiet): the county, a planning area, a municipality or a district.

    Name, kind and the area it lies in are those of today; its versions tell them over time.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=AreaKind.choices, default=AreaKind.PLANNING_AREA
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("lies in"),
    )
    # Vergleichsgebiet: known from official tables, only to compare with, never to plan for.
    is_reference = models.BooleanField(_("only to compare with"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    objects = AreaManager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")

    def __str__(self) -> str:
        return self.name


class AreaVersionQuerySet(models.QuerySet["AreaVersion"]):
    """Questions to the versions of areas."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))


AreaVersionManager = models.Manager.from_queryset(AreaVersionQuerySet)


class AreaVersion(Versioned):
    """
    An area as it was for a time (Gebietsstand): its key, name, territory, and where it lay.

    Official figures belong to a version, never to a key alone: the key 16063 is another territory
    since Eisenach became part of it.
    """

    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="versions", verbose_name=_("area")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=AreaKind.choices)
    # Amtlicher Gemeindeschlüssel and Regionalschlüssel are texts: their zeros matter.
    ags = models.CharField(
        _("official key (AGS)"), max_length=8, blank=True, validators=[RegexValidator(AGS)]
    )
    ars = models.CharField(
        _("regional key (ARS)"), max_length=12, blank=True, validators=[RegexValidator(ARS)]
    )
    # Verwaltungsgemeinschaft or erfüllende Gemeinde, by name; which one it is, the ARS says.
    association = models.CharField(_("association of municipalities"), max_length=120, blank=True)
    parent = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="part_versions",
        verbose_name=_("lies in"),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    # GeoJSON MultiPolygon in WGS 84, at most five decimals.
    geometry = models.JSONField(_("outline"), null=True, blank=True)
    area_km2 = models.DecimalField(
        _("size in km²"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    history = HistoricalRecords(excluded_fields=["geometry"])

    objects = AreaVersionManager()

    class Meta:
        verbose_name = _("version of an area")
        verbose_name_plural = _("versions of areas")
        indexes = [
            models.Index(name="area_version_by_ags", fields=["ags"]),
            models.Index(name="area_version_by_ars", fields=["ars"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="area_version_ends_after_it_begins",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.UniqueConstraint(name="area_version_begins_once", fields=["area", "valid_from"]),
            # SQL holds two unknown days for different ones.
            models.UniqueConstraint(
                name="area_version_since_ever_once",
                fields=["area"],
                condition=Q(valid_from=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaTransition(Versioned):
    """What became of an area's territory on a day (Gebietsänderung): merged, split, renamed."""

    before = models.ForeignKey(
        AreaVersion, on_delete=models.CASCADE, related_name="went_to", verbose_name=_("before")
    )
    after = models.ForeignKey(
        AreaVersion, on_delete=models.CASCADE, related_name="came_from", verbose_name=_("after")
    )
    on = models.DateField(_("day"))
    kind = models.CharField(_("what happened"), max_length=10, choices=TransitionKind.choices)
    # How much of the territory before went to the one after; 1 is all of it.
    share_population = models.DecimalField(
        _("share of the population"),
        max_digits=9,
        decimal_places=8,
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    share_area = models.DecimalField(
        _("share of the area"),
        max_digits=9,
        decimal_places=8,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("change of territory")
        verbose_name_plural = _("changes of territory")
        constraints = [
            models.UniqueConstraint(name="one_transition_a_pair", fields=["before", "after"]),
            models.CheckConstraint(
                name="transition_share_is_a_share",
                condition=Q(share_population__gte=0) & Q(share_population__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class AreaImport(models.Model):
    """A file from which areas came (Gebietsimport), with its provenance."""

    file_name = models.CharField(_("file"), max_length=200)
    checksum = models.CharField(_("checksum"), max_length=64)
    layout = models.CharField(_("layout"), max_length=20)
    source = models.CharField(_("source"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    as_of = models.DateField(_("territory of"))
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    imported_at = models.DateTimeField(_("imported"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )

    class Meta:
        verbose_name = _("import of areas")
        verbose_name_plural = _("imports of areas")

    def __str__(self) -> str:
        return self.file_name
