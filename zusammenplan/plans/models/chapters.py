"""The document of a plan: its chapters, their blocks, and its abbreviations."""

import re
from html import unescape
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.links import first_address
from zusammenplan.core.models import Attachment, Versioned
from zusammenplan.indicators.models import Indicator
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import BlockKind, ChapterKind, DataKind
from zusammenplan.plans.models.plans import FieldOfAction, Plan

if TYPE_CHECKING:
    from zusammenplan.plans.domain.content import Cells

TAG = re.compile(r"<[^>]*>")


class Chapter(Versioned):
    """A chapter (Kapitel) of the plan's document, up to three levels deep."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="chapters", verbose_name=_("plan")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("chapter above"),
    )
    # Part of the chapter's web address for ever, whatever its number or title becomes.
    address = models.CharField(_("address"), max_length=12)
    kind = models.CharField(
        _("kind"), max_length=20, choices=ChapterKind.choices, default=ChapterKind.TEXT
    )
    # Only for generated chapters that can be narrowed to one field of action.
    field = models.ForeignKey(
        FieldOfAction,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this field of action"),
    )
    title_de = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    title = Bilingual()
    search_titles = ("title_de", "title_en")
    search_texts = ()
    takes_notes = True

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            models.UniqueConstraint(name="chapter_address_once", fields=["plan", "address"])
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return first_address(
            ("plans:chapter", self.plan.slug, self.pk),
            ("plans:document", self.plan.slug),
            ("plans:plan-detail", self.plan.slug),
        )

    def search_parts(self) -> list[str]:
        """Give the words of its blocks, under which the chapter is found too."""
        texts = [
            text
            for block in self.blocks.all()
            for text in (
                block.text_de,
                block.text_en,
                block.caption_de,
                block.caption_en,
                block.source,
            )
        ]
        return [unescape(TAG.sub(" ", text)) for text in texts if text]


class Block(Versioned):
    """A block of a text chapter (Baustein): text, figure, table, quote, or a look at the data."""

    chapter = models.ForeignKey(
        Chapter, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("chapter")
    )
    address = models.CharField(_("address"), max_length=12)
    kind = models.CharField(_("kind"), max_length=10, choices=BlockKind.choices)
    # Sanitised HTML of few tags; each paragraph carries its own address as its id.
    text_de = models.TextField(_("text"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    caption_de = models.CharField(_("caption"), max_length=300, blank=True)
    caption_en = models.CharField(_("caption (English)"), max_length=300, blank=True)
    alt_de = models.CharField(_("alternative text"), max_length=500, blank=True)
    alt_en = models.CharField(_("alternative text (English)"), max_length=500, blank=True)
    # A picture that only adorns needs no alternative text.
    is_decorative = models.BooleanField(_("only adorns"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    picture = models.ForeignKey(
        Attachment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    # Rows of cells; the first row is the header.
    cells: "models.JSONField[Cells, Cells]" = models.JSONField(
        _("cells of the table"), default=list, blank=True
    )
    # What a look at the data shows; which parts are filled follows from it.
    shows = models.CharField(
        _("what is shown"), max_length=10, choices=DataKind.choices, blank=True
    )
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("indicator"),
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
    )
    level = models.CharField(_("areas"), max_length=20, choices=AreaKind.choices, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    text = Bilingual()
    caption = Bilingual()
    alt = Bilingual()
    search_under = "chapter"

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = pgettext_lazy("parts of a chapter", "blocks")
        constraints = [
            models.UniqueConstraint(name="block_address_once", fields=["chapter", "address"])
        ]

    def __str__(self) -> str:
        return self.caption or self.get_kind_display()


class Abbreviation(Versioned):
    """An abbreviation of the plan's document (Abkürzung) and what it stands for."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="abbreviations", verbose_name=_("plan")
    )
    short = models.CharField(_("abbreviation"), max_length=30)
    long_de = models.CharField(_("stands for"), max_length=200)
    long_en = models.CharField(_("stands for (English)"), max_length=200, blank=True)
    history = HistoricalRecords()

    long = Bilingual()

    class Meta:
        verbose_name = _("abbreviation")
        verbose_name_plural = _("abbreviations")
        constraints = [models.UniqueConstraint(name="abbreviation_once", fields=["plan", "short"])]

    def __str__(self) -> str:
        return self.short
