"""What somebody said the columns of a table mean, kept for the next table with these headings."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ColumnMapping(models.Model):
    """What columns mean (Spaltenzuordnung) in tables with certain headings; offered next time."""

    # A digest of the headings and their places.
    headings = models.CharField(_("headings"), max_length=64, unique=True)
    # The meaning of each column by its place, and the status of each word.
    columns = models.JSONField(_("columns"), default=dict)
    statuses = models.JSONField(_("statuses"), default=dict)
    rows_as = models.CharField(_("rows are taken as"), max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=200)
    used_at = models.DateTimeField(_("last used"))
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last used by"),
    )

    class Meta:
        verbose_name = _("meaning of columns")
        verbose_name_plural = _("meanings of columns")

    def __str__(self) -> str:
        return self.source
