"""What the municipality says about periods, and what went when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned
from zusammenplan.people.models import User
from zusammenplan.privacy.choices import Outcome, Retention


class RetentionRule(Versioned):
    """How long a class is kept (Löschfrist), and whether it is on hold (Löschsperre)."""

    retention = models.CharField(
        _("what"), max_length=20, choices=Retention.choices, unique=True, editable=False
    )
    months = models.PositiveIntegerField(_("months"))
    is_held = models.BooleanField(_("on hold"), default=False)
    hold_reason = models.CharField(_("reason of the hold"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("period of retention")
        verbose_name_plural = _("periods of retention")
        constraints = [
            models.CheckConstraint(
                name="hold_has_reason", condition=Q(is_held=False) | ~Q(hold_reason="")
            )
        ]

    def __str__(self) -> str:
        return self.get_retention_display()


class Erasure(models.Model):
    """That something went (Löschprotokoll): what, how much, when; nothing of whom it was."""

    retention = models.CharField(_("what"), max_length=20, choices=Retention.choices, blank=True)
    outcome = models.CharField(_("what happened"), max_length=10, choices=Outcome.choices)
    count = models.PositiveIntegerField(_("number of records"))
    erased_at = models.DateTimeField(_("erased"))
    # Empty where the program did it by itself: a period was over, or a backup brought back whom it
    # had erased.
    erased_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("erased by"),
    )

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.get_retention_display()}: {self.count}"
