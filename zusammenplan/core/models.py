"""The municipality's own row, the counter of public changes, barriers, attachments."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual


class Versioned(models.Model):
    """A record that several people edit: its version tells a second editor that it changed."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Municipality(Versioned):
    """The municipality (Kommune) that this installation serves. There is exactly one row."""

    name = models.CharField(_("name"), max_length=120, default="Landkreis Musterland")
    short_name = models.CharField(_("short name"), max_length=60, default="Musterland")
    site_name_de = models.CharField(_("name of the site"), max_length=60, default="Sozialplanung")
    site_name_en = models.CharField(
        _("name of the site (English)"), max_length=60, blank=True, default="Social planning"
    )
    ags = models.CharField(_("official municipality key (AGS)"), max_length=8, blank=True)
    unit = models.CharField(_("unit"), max_length=120, blank=True)
    authority = models.CharField(_("authority"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    town = models.CharField(_("postcode and town"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    intro_de = models.TextField(_("introduction on the start page"), blank=True)
    intro_en = models.TextField(_("introduction on the start page (English)"), blank=True)
    imprint_de = models.TextField(_("imprint"), blank=True)
    imprint_en = models.TextField(_("imprint (English)"), blank=True)
    privacy_de = models.TextField(_("privacy notice"), blank=True)
    privacy_en = models.TextField(_("privacy notice (English)"), blank=True)
    accessibility_de = models.TextField(_("accessibility statement"), blank=True)
    accessibility_en = models.TextField(_("accessibility statement (English)"), blank=True)
    enforcement_de = models.TextField(_("enforcement body"), blank=True)
    enforcement_en = models.TextField(_("enforcement body (English)"), blank=True)
    # How documents look that people download or print.
    logo = models.ForeignKey(
        "core.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo on documents"),
    )
    # Those who pay want to be seen: their logos as one picture, and who they are in words.
    sponsor_logo = models.ForeignKey(
        "core.Attachment",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logos of those who fund"),
    )
    sponsors_de = models.CharField(_("funded by"), max_length=200, blank=True)
    sponsors_en = models.CharField(_("funded by (English)"), max_length=200, blank=True)
    accent_colour = models.CharField(_("colour of documents"), max_length=7, default="#2044aa")
    document_imprint_de = models.TextField(_("imprint of documents"), blank=True)
    document_imprint_en = models.TextField(_("imprint of documents (English)"), blank=True)
    history = HistoricalRecords()

    site_name = Bilingual()
    intro = Bilingual()
    imprint = Bilingual()
    privacy = Bilingual()
    accessibility = Bilingual()
    enforcement = Bilingual()
    sponsors = Bilingual()
    document_imprint = Bilingual()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipality")
        constraints = [
            models.CheckConstraint(name="municipality_is_one_row", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def site_title(self) -> str:
        """Name the site, and whose it is unless its name already says so."""
        site = str(self.site_name) or "Zusammenplan"
        return site if self.short_name in site else f"{site} {self.name}"


class PublicVersion(models.Model):
    """A counter that every change to something public raises. There is exactly one row."""

    number = models.PositiveBigIntegerField(_("number"), default=1)
    changed_at = models.DateTimeField(_("changed"))
    # Until then so much changes that pages are kept for seconds only, see core.public.
    moving_until = models.DateTimeField(_("moving until"), null=True)

    class Meta:
        verbose_name = _("public version")
        verbose_name_plural = _("public version")
        constraints = [
            models.CheckConstraint(name="public_version_is_one_row", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return str(self.number)


class Attempt(models.Model):
    """How often somebody tried something within a span of time (Versuch), for the rate limits."""

    # A digest of what, who and when; nobody can be read from it.
    key = models.CharField(_("key"), max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("count"))
    ends_at = models.DateTimeField(_("end of the span"), db_index=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return str(self.count)


class BarrierReport(models.Model):
    """A message about a barrier (Barriere melden)."""

    page = models.CharField(_("page"), max_length=500, blank=True)
    message = models.TextField(_("message"), max_length=5000)
    email = models.EmailField(_("e-mail"), blank=True)
    sent_at = models.DateTimeField(_("sent"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a barrier")
        verbose_name_plural = _("reports of barriers")

    def __str__(self) -> str:
        return self.message[:60]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Files that are kept."""

    def of(self, model: type[models.Model], keys: Iterable[int]) -> Self:
        """Give the files of records of one table that were not removed, the oldest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=list(keys),
            removed_at__isnull=True,
        ).order_by("added_at", "pk")


class Attachment(Versioned):
    """A file that belongs to a record (Anlage). It is never executed nor deleted silently."""

    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, verbose_name=_("kind of the record")
    )
    object_id = models.PositiveBigIntegerField(_("key of the record"))
    record = GenericForeignKey("content_type", "object_id")
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m/", max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    # What the content shows itself to be, whatever the name or the browser says.
    kind = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    checksum = models.CharField(_("checksum"), max_length=64)
    description = models.CharField(_("description"), max_length=300, blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    # The file stays, because a frozen version may show it.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    objects = AttachmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [models.Index(name="attachment_of_record", fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return self.description or self.name


class SearchWord(models.Model):
    """A word that stands in a record: the index of the full-text search."""

    # The record's table as "app.model", and its key there.
    kind = models.CharField(_("kind of the record"), max_length=60)
    record = models.PositiveBigIntegerField(_("key of the record"))
    word = models.CharField(_("word"), max_length=60)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        constraints = [
            models.UniqueConstraint(name="word_once_per_record", fields=["kind", "record", "word"])
        ]
        indexes = [
            # With the operators that PostgreSQL needs to find a word's beginning in an index.
            models.Index(
                name="records_of_word",
                fields=["kind", "word", "record"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "int8_ops"],
            )
        ]

    def __str__(self) -> str:
        return self.word
