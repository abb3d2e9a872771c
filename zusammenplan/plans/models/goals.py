"""Goals, and the levels of their tree."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.german import like
from zusammenplan.core.links import first_address
from zusammenplan.core.models import Versioned
from zusammenplan.plans.choices import GoalState
from zusammenplan.plans.models.needs import Need
from zusammenplan.plans.models.plans import FieldOfAction, InPlanQuerySet, Plan


class GoalLevel(Versioned):
    """A level of a plan's goals (Zielebene), such as Leitziel or Handlungsziel; 1 is the top."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="levels", verbose_name=_("plan")
    )
    depth = models.PositiveSmallIntegerField(_("level"))
    name_de = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=60, blank=True)
    # Goals of this level are rated, and later open the way to money.
    is_action = models.BooleanField(_("action goals"), default=False)
    history = HistoricalRecords()

    name = Bilingual()

    class Meta:
        verbose_name = _("level of goals")
        verbose_name_plural = _("levels of goals")
        constraints = [
            models.UniqueConstraint(name="level_once_per_plan", fields=["plan", "depth"])
        ]

    def __str__(self) -> str:
        return self.name


class GoalQuerySet(InPlanQuerySet["Goal"]):
    """Questions to the list of goals; the tree of goals itself is made in ``domain``."""


GoalManager = models.Manager.from_queryset(GoalQuerySet)


class Goal(Versioned):
    """A goal (Ziel) in the tree of a plan's goals. Its identity stays over plans."""

    identity = models.UUIDField(_("identity"), default=uuid.uuid4, editable=False, db_index=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="goals", verbose_name=_("plan")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("goal above"),
    )
    level = models.ForeignKey(
        GoalLevel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("level"),
    )
    field = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("field of action"),
    )
    number = models.CharField(_("number"), max_length=20, blank=True)
    title_de = models.CharField(_("goal"), max_length=400)
    title_en = models.CharField(_("goal (English)"), max_length=400, blank=True)
    text_de = models.TextField(_("explanation"), blank=True)
    text_en = models.TextField(_("explanation (English)"), blank=True)
    period_text = models.CharField(_("period as written"), max_length=60, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=GoalState.choices, default=GoalState.PURSUED
    )
    state_reason = models.CharField(_("reason of the state"), max_length=300, blank=True)
    needs = models.ManyToManyField(
        Need, blank=True, related_name="goals", verbose_name=_("needs that it answers")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    title = Bilingual()
    text = Bilingual()
    objects = GoalManager()
    takes_notes = True
    search_titles = ("number", "title_de", "title_en")
    search_texts = ("text_de", "text_en")

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        indexes = [models.Index(name="goal_in_order", fields=["plan", "parent", "position"])]
        constraints = [
            models.UniqueConstraint(
                name="goal_identity_once_per_plan", fields=["plan", "identity"]
            ),
            models.CheckConstraint(
                name="goal_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
            ),
            models.CheckConstraint(
                name="goal_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return like(self.title, f"{self.number} {self.title}".strip())

    def get_absolute_url(self) -> str:
        return first_address(
            ("plans:goal-detail", self.plan.slug, self.pk), ("plans:plan-detail", self.plan.slug)
        )
