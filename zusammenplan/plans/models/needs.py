"""Needs and what proves them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.german import like
from zusammenplan.core.links import first_address
from zusammenplan.core.models import Versioned
from zusammenplan.indicators.models import Indicator
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import EvidenceKind, NeedState, Strength, TermKind
from zusammenplan.plans.models.plans import FieldOfAction, InPlanQuerySet, Plan, Term


class NeedQuerySet(InPlanQuerySet["Need"]):
    """Questions to the list of needs."""


NeedManager = models.Manager.from_queryset(NeedQuerySet)


class Need(Versioned):
    """A need (Bedarf): what people lack. Its identity stays over plans."""

    identity = models.UUIDField(_("identity"), default=uuid.uuid4, editable=False, db_index=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="needs", verbose_name=_("plan")
    )
    field = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("field of action"),
    )
    number = models.CharField(_("number"), max_length=20, blank=True)
    title_de = models.CharField(_("statement"), max_length=400)
    title_en = models.CharField(_("statement (English)"), max_length=400, blank=True)
    text_de = models.TextField(_("explanation"), blank=True)
    text_en = models.TextField(_("explanation (English)"), blank=True)
    strength = models.CharField(
        _("strength"), max_length=10, choices=Strength.choices, default=Strength.MIDDLE
    )
    state = models.CharField(
        _("state"), max_length=12, choices=NeedState.choices, default=NeedState.OPEN
    )
    state_reason = models.CharField(_("reason of the state"), max_length=300, blank=True)
    areas = models.ManyToManyField(
        Area, blank=True, related_name="needs", verbose_name=_("planning areas")
    )
    target_groups = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": TermKind.TARGET_GROUP},
        verbose_name=_("target groups"),
    )
    life_situations = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": TermKind.LIFE_SITUATION},
        verbose_name=_("life situations"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    title = Bilingual()
    text = Bilingual()
    objects = NeedManager()
    takes_notes = True
    search_titles = ("number", "title_de", "title_en")
    search_texts = ("text_de", "text_en")

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        indexes = [
            models.Index(name="need_in_order", fields=["plan", "field", "position"]),
            models.Index(name="need_by_state", fields=["plan", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(name="need_identity_once_per_plan", fields=["plan", "identity"])
        ]

    def __str__(self) -> str:
        return like(self.title, f"{self.number} {self.title}".strip())

    def get_absolute_url(self) -> str:
        return first_address(
            ("plans:need-detail", self.plan.slug, self.pk), ("plans:plan-detail", self.plan.slug)
        )


class NeedEvidence(Versioned):
    """
    What proves a need (Beleg): a figure, a survey's answer, a voice from a conference.

    A cited value is an indicator's value for an area and a period, as it was when it was cited; a
    newer one is only told, until somebody takes it over or decides for the old one.
    """

    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("need")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    text_de = models.CharField(_("what it says"), max_length=400)
    text_en = models.CharField(_("what it says (English)"), max_length=400, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cited indicator"),
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cited area"),
    )
    starts_on = models.DateField(_("first day of the cited value"), null=True, blank=True)
    ends_on = models.DateField(_("last day of the cited value"), null=True, blank=True)
    cited_value = models.DecimalField(
        _("value as cited"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    # The newer value that somebody saw and did not want.
    declined_on = models.DateField(_("day of the declined value"), null=True, blank=True)
    declined_value = models.DecimalField(
        _("declined value"), max_digits=20, decimal_places=6, null=True, blank=True
    )
    history = HistoricalRecords()

    text = Bilingual()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                name="a_cited_value_is_whole",
                condition=Q(
                    indicator=None, area=None, starts_on=None, ends_on=None, cited_value=None
                )
                | Q(
                    indicator__isnull=False,
                    area__isnull=False,
                    starts_on__isnull=False,
                    ends_on__isnull=False,
                    cited_value__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_cited(self) -> bool:
        """Tell whether it cites a value of the data."""
        return self.indicator_id is not None
