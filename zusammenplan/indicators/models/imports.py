"""Files of statistics that were taken over, and what they replaced."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned
from zusammenplan.indicators.choices import Layout


class StatisticsImport(Versioned):
    """A file of statistics that was taken over (Import), with its provenance."""

    file_name = models.CharField(_("file"), max_length=200)
    checksum = models.CharField(_("checksum"), max_length=64, db_index=True)
    layout = models.CharField(_("layout"), max_length=20, choices=Layout.choices)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    table = models.CharField(_("table"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    statistics = models.CharField(_("statistics"), max_length=60, blank=True)
    # What the file itself says of its state ("Stand").
    as_of = models.CharField(_("as of"), max_length=60, blank=True)
    retrieved_on = models.DateField(_("retrieved on"))
    publisher = models.CharField(_("published by"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=300, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    rows = models.PositiveIntegerField(_("rows read"), default=0)
    # How often a number and each sign stood there: {"number": 1245, "-": 222}.
    values = models.JSONField(_("values"), default=dict, blank=True)
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    # Rows of areas that were not wanted.
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    imported_at = models.DateTimeField(_("taken over"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over by"),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("import of statistics")
        verbose_name_plural = _("imports of statistics")

    def __str__(self) -> str:
        return self.title or self.file_name


class ReplacedValue(models.Model):
    """A value that a later import replaced (ersetzter Wert); undoing the import brings it back."""

    observation = models.ForeignKey(
        "indicators.Observation",
        on_delete=models.CASCADE,
        related_name="replaced",
        verbose_name=_("observation"),
    )
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    sign = models.CharField(_("sign"), max_length=3, blank=True)
    quality = models.CharField(_("quality"), max_length=6, blank=True)
    raw = models.CharField(_("as written"), max_length=60, blank=True)
    # Where the replaced value came from, and what replaced it.
    source = models.ForeignKey(
        StatisticsImport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source"),
    )
    replaced_by = models.ForeignKey(
        StatisticsImport,
        on_delete=models.PROTECT,
        related_name="replaced",
        verbose_name=_("replaced by"),
    )

    class Meta:
        verbose_name = _("replaced value")
        verbose_name_plural = _("replaced values")

    def __str__(self) -> str:
        return self.raw or str(self.value)


class ColumnMapping(models.Model):
    """What the columns of an own table mean (Spaltenzuordnung), remembered by their headings."""

    # A digest of the headings, so that the next file of the same kind is known.
    headings = models.CharField(_("headings"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    columns = models.JSONField(_("columns"), default=dict)
    used_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("meaning of columns")
        verbose_name_plural = _("meanings of columns")

    def __str__(self) -> str:
        return self.name
