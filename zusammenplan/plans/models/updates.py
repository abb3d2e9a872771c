"""The working session in which a new plan is made from the old one, and its decisions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.plans.choices import CarryChoice, CarryKind
from zusammenplan.plans.models.goals import Goal
from zusammenplan.plans.models.measures import Measure
from zusammenplan.plans.models.needs import Need
from zusammenplan.plans.models.plans import Plan


class PlanUpdate(Versioned):
    """The rewriting of a plan (Fortschreibung), from its beginning to the new plan."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="updates", verbose_name=_("plan")
    )
    title_de = models.CharField(_("title of the new plan"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    copies_chapters = models.BooleanField(_("takes the chapters along"), default=True)
    sets_baselines = models.BooleanField(_("last values become baselines"), default=True)
    begun_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    successor = models.ForeignKey(
        Plan,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="made_by",
        verbose_name=_("new plan"),
    )
    history = HistoricalRecords()

    title = Bilingual()

    class Meta:
        verbose_name = _("rewriting of a plan")
        verbose_name_plural = _("rewritings of plans")
        constraints = [
            models.UniqueConstraint(
                name="one_open_update_per_plan",
                fields=["plan"],
                condition=Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="update_ends_after_it_starts",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CarryDecision(Versioned):
    """What shall become of one record of the old plan (Entscheidung der Fortschreibung)."""

    update = models.ForeignKey(
        PlanUpdate, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("rewriting")
    )
    kind = models.CharField(_("about"), max_length=10, choices=CarryKind.choices)
    need = models.ForeignKey(
        Need,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("need"),
    )
    goal = models.ForeignKey(
        Goal,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("goal"),
    )
    measure = models.ForeignKey(
        Measure,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measure"),
    )
    choice = models.CharField(_("decision"), max_length=10, choices=CarryChoice.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("decision of a rewriting")
        verbose_name_plural = _("decisions of rewritings")
        constraints = [
            *(
                models.UniqueConstraint(
                    name=f"{kind}_decided_once",
                    fields=["update", kind],
                    condition=Q(**{f"{kind}__isnull": False}),
                )
                for kind in ("need", "goal", "measure")
            ),
            models.CheckConstraint(
                name="decision_is_of_one_thing",
                condition=Q(
                    kind=CarryKind.NEED,
                    need__isnull=False,
                    goal__isnull=True,
                    measure__isnull=True,
                )
                | Q(
                    kind=CarryKind.GOAL,
                    need__isnull=True,
                    goal__isnull=False,
                    measure__isnull=True,
                )
                | Q(
                    kind=CarryKind.MEASURE,
                    need__isnull=True,
                    goal__isnull=True,
                    measure__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="dropping_has_a_reason",
                condition=~Q(choice=CarryChoice.DROP) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.get_choice_display()
