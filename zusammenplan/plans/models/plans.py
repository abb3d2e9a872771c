"""Plans, their resolutions, fields of action, and the lists of terms."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.german import like
from zusammenplan.core.models import Versioned
from zusammenplan.plans.choices import PlanStatus, ScaleKind, TermKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from zusammenplan.people.models import User

M = TypeVar("M", bound=models.Model)


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


class InPlanQuerySet(models.QuerySet[M]):
    """Questions to a list of records of which each stands in a plan and may stand in a field."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Whoever holds a role of the municipality sees all; others those of published plans."""
        if user.is_authenticated and user.is_staff_member:
            return self
        return self.filter(plan__is_public=True)

    def in_order(self) -> Self:
        """By field, then by position within it; those without a field come last."""
        return self.order_by(F("field__position").asc(nulls_last=True), "position", "pk")


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
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("plan before"),
    )
    scale_kind = models.CharField(
        _("scale of attainment"),
        max_length=20,
        choices=ScaleKind.choices,
        default=ScaleKind.FOUR_STEPS,
    )
    # One step a line, best first; only for an own scale.
    own_scale = models.TextField(_("steps of the own scale"), blank=True)
    first_chapter = models.PositiveSmallIntegerField(
        _("number of the first chapter"), default=1, choices=[(0, "0"), (1, "1")]
    )
    history = HistoricalRecords()

    title = Bilingual()
    summary = Bilingual()
    objects = PlanManager()
    takes_notes = True

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

    @cached_property
    def has_document(self) -> bool:
        """Tell whether somebody laid out the plan's document; asked once a page."""
        return self.chapters.exists()

    def get_absolute_url(self) -> str:
        return reverse("plans:plan-detail", args=[self.slug])


class Resolution(Versioned):
    """A resolution (Beschluss) on the plan, its number as written by the body that took it."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="resolutions", verbose_name=_("plan")
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    body = models.CharField(_("body"), max_length=120)
    decided_on = models.DateField(_("decided on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    is_adoption = models.BooleanField(_("adopts the plan"), default=True)
    history = HistoricalRecords()

    takes_notes = True

    class Meta:
        verbose_name = _("resolution on the plan")
        verbose_name_plural = _("resolutions on the plan")

    def __str__(self) -> str:
        return f"{self.body} {self.number}".strip()

    def get_absolute_url(self) -> str:
        """Give the page of its comments and tasks; it has no other of its own."""
        return reverse("plans:part-notes", args=[self.plan.slug, "beschluss", self.pk])


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
    takes_notes = True

    class Meta:
        verbose_name = _("field of action")
        verbose_name_plural = _("fields of action")
        constraints = [
            models.UniqueConstraint(name="field_code_once_per_plan", fields=["plan", "code"])
        ]

    def __str__(self) -> str:
        return like(self.name, f"{self.code} {self.name}")

    def get_absolute_url(self) -> str:
        """Give the page of its comments and tasks; it has no other of its own."""
        return reverse("plans:part-notes", args=[self.plan.slug, "handlungsfeld", self.pk])


class Term(Versioned):
    """A target group (Zielgruppe) or a life situation (Lebenslage), in every plan the same."""

    kind = models.CharField(_("kind"), max_length=20, choices=TermKind.choices)
    name_de = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    name = Bilingual()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(name="term_once_per_kind", fields=["kind", "name_de"])
        ]

    def __str__(self) -> str:
        return self.name
