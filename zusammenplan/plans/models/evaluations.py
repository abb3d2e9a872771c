"""Rounds in which goals and measures are rated, and the ratings."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.links import first_address
from zusammenplan.core.models import Versioned
from zusammenplan.people.models import Invitation
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.models.goals import Goal
from zusammenplan.plans.models.measures import Measure
from zusammenplan.plans.models.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping


class Evaluation(Versioned):
    """A round of rating (Auswertung): how far the goals and measures of a plan were attained."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="evaluations", verbose_name=_("plan")
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_de = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=EvaluationStatus.choices,
        default=EvaluationStatus.PREPARED,
    )
    # The plan's scale as it was when the round began; see ``domain.attainment``.
    scale: "models.JSONField[Mapping[str, Any], Mapping[str, Any]]" = models.JSONField(_("scale"))
    due_on = models.DateField(_("ratings until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    history = HistoricalRecords()

    title = Bilingual()
    takes_notes = True

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            models.CheckConstraint(
                name="closed_evaluation_has_moment",
                condition=Q(status=EvaluationStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=EvaluationStatus.CLOSED) & Q(closed_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return first_address(
            ("plans:evaluation-detail", self.plan.slug, self.slug),
            ("plans:plan-detail", self.plan.slug),
        )


class RatingRequest(models.Model):
    """Somebody who is asked to rate (Bewertungsanfrage), by a personal link if need be."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="requests", verbose_name=_("evaluation")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    invitation = models.OneToOneField(
        Invitation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("personal link"),
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    # Since then nothing tells who this was.
    anonymised_at = models.DateTimeField(_("name removed"), null=True, editable=False)

    class Meta:
        verbose_name = _("person asked to rate")
        verbose_name_plural = _("persons asked to rate")
        constraints = [
            models.UniqueConstraint(
                name="user_asked_once_per_evaluation",
                fields=["evaluation", "user"],
                condition=Q(user__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class EvaluationItem(models.Model):
    """One measure or goal that is rated in a round (Gegenstand), and who is asked about it."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="items", verbose_name=_("evaluation")
    )
    # Protected, because a closed round keeps what was rated in it.
    measure = models.ForeignKey(
        Measure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluation_items",
        verbose_name=_("measure"),
    )
    goal = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evaluation_items",
        verbose_name=_("goal"),
    )
    request = models.ForeignKey(
        RatingRequest,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("person asked"),
    )

    class Meta:
        verbose_name = _("thing that is rated")
        verbose_name_plural = _("things that are rated")
        constraints = [
            models.UniqueConstraint(
                name="measure_once_per_evaluation",
                fields=["evaluation", "measure"],
                condition=Q(measure__isnull=False),
            ),
            models.UniqueConstraint(
                name="goal_once_per_evaluation",
                fields=["evaluation", "goal"],
                condition=Q(goal__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluation_item_is_one_thing",
                condition=Q(measure__isnull=False, goal__isnull=True)
                | Q(measure__isnull=True, goal__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.measure or self.goal)


class Rating(Versioned):
    """What somebody says of one measure or goal in a round of rating (Bewertung)."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.CASCADE, related_name="ratings", verbose_name=_("evaluation")
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("measure"),
    )
    goal = models.ForeignKey(
        Goal,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("goal"),
    )
    state = models.CharField(
        _("rating"), max_length=16, choices=RatingState.choices, default=RatingState.RATED
    )
    # The share attained, from 0 to 1, so that rounds with different scales can be compared.
    share = models.DecimalField(
        _("degree of attainment"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rated by"),
    )
    author_name = models.CharField(_("name of who rated"), max_length=120, blank=True)
    rated_at = models.DateTimeField(_("rated"))
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                name="measure_rated_once",
                fields=["evaluation", "measure"],
                condition=Q(measure__isnull=False),
            ),
            models.UniqueConstraint(
                name="goal_rated_once",
                fields=["evaluation", "goal"],
                condition=Q(goal__isnull=False),
            ),
            models.CheckConstraint(
                name="rating_is_of_one_thing",
                condition=Q(measure__isnull=False, goal__isnull=True)
                | Q(measure__isnull=True, goal__isnull=False),
            ),
            models.CheckConstraint(
                name="rated_has_a_share",
                condition=Q(state=RatingState.RATED, share__gte=0, share__lte=1)
                | (~Q(state=RatingState.RATED) & Q(share__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation}: {self.measure or self.goal}"
