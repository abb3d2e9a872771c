"""Plans, their fields of action and measures."""

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.people.models import Organisation
from zusammenplan.plans.choices import MeasureStatus, PlanStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from zusammenplan.people.models import User


class PlanQuerySet(models.QuerySet["Plan"]):
    """Questions to the list of plans."""

    def published(self) -> Self:
        return self.filter(is_public=True)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Whoever holds a role of the municipality sees all plans; others the published ones."""
        if user.is_authenticated and user.is_staff_member:
            return self
        return self.published()


PlanManager = models.Manager.from_queryset(PlanQuerySet)


class Plan(Versioned):
    """An integrated social plan (Sozialplan) for some years."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_de = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    summary_de = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=PlanStatus.choices, default=PlanStatus.DRAFT
    )
    is_public = models.BooleanField(_("published"), default=False)
    history = HistoricalRecords()

    title = Bilingual()
    summary = Bilingual()
    objects = PlanManager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return self.title


class FieldOfAction(Versioned):
    """A field of action (Handlungsfeld) of a plan. The code is text, such as "2.2"."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="fields", verbose_name=_("plan")
    )
    code = models.CharField(_("code"), max_length=20)
    name_de = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    text_de = models.TextField(_("what it is about"), blank=True)
    text_en = models.TextField(_("what it is about (English)"), blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    name = Bilingual()
    text = Bilingual()

    class Meta:
        verbose_name = _("field of action")
        verbose_name_plural = _("fields of action")
        constraints = [
            models.UniqueConstraint(name="field_code_once_per_plan", fields=["plan", "code"])
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MeasureQuerySet(models.QuerySet["Measure"]):
    """Questions to the list of measures."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        if user.is_authenticated and user.is_staff_member:
            return self
        return self.filter(plan__is_public=True)

    def in_order(self) -> Self:
        """By field, then by position within it; measures without a field come last."""
        return self.order_by(F("field__position").asc(nulls_last=True), "position", "pk")


MeasureManager = models.Manager.from_queryset(MeasureQuerySet)


class Measure(Versioned):
    """A measure (Maßnahme). Its identity stays over plans; its number is only for show."""

    identity = models.UUIDField(_("identity"), default=uuid.uuid4, editable=False, db_index=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="measures", verbose_name=_("plan")
    )
    field = models.ForeignKey(
        FieldOfAction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("field of action"),
    )
    number = models.CharField(_("number"), max_length=20)
    title_de = models.CharField(_("title"), max_length=400)
    title_en = models.CharField(_("title (English)"), max_length=400, blank=True)
    text_de = models.TextField(_("what shall change"), blank=True)
    text_en = models.TextField(_("what shall change (English)"), blank=True)
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("responsible"),
    )
    period_text = models.CharField(_("period as written"), max_length=60, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=MeasureStatus.choices, default=MeasureStatus.PLANNED
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_additional = models.BooleanField(_("proposed during a vote"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    # Set by the release of a prioritisation and by nothing else.
    priority_degree = models.DecimalField(
        _("priority"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    # The grades of its scale that come first and last, 1 and 6 as on the handout.
    priority_first = models.SmallIntegerField(_("first grade of the scale"), default=1)
    priority_last = models.SmallIntegerField(_("last grade of the scale"), default=6)
    priority_round = models.CharField(_("set by the round"), max_length=200, blank=True)
    priority_on = models.DateField(_("set on"), null=True, blank=True)
    history = HistoricalRecords()

    title = Bilingual()
    text = Bilingual()
    objects = MeasureManager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [models.Index(name="measure_in_order", fields=["plan", "field", "position"])]
        constraints = [
            models.UniqueConstraint(name="measure_number_once_per_plan", fields=["plan", "number"]),
            models.UniqueConstraint(
                name="measure_identity_once_per_plan", fields=["plan", "identity"]
            ),
            models.CheckConstraint(
                name="measure_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
