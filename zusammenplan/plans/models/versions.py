"""Frozen versions of a plan."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.plans.models.plans import Plan, Resolution


class FrozenError(Exception):
    """Somebody tries to change or delete what was frozen for ever."""

    def __init__(self) -> None:
        super().__init__("A frozen version is never changed or deleted.")


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Questions to the list of frozen versions; nothing here writes to one that is there."""

    def update(self, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - Django's signature
        raise FrozenError

    def delete(self) -> NoReturn:
        raise FrozenError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - as above
        raise FrozenError


PlanVersionManager = models.Manager.from_queryset(PlanVersionQuerySet)


class PlanVersion(models.Model):
    """A frozen version (Fassung) of a plan: all that stood in it on a day, readable for ever."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="versions", verbose_name=_("plan")
    )
    number = models.PositiveIntegerField(_("number"))
    label_de = models.CharField(_("name"), max_length=200)
    label_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    # ``domain.content.PlanContent`` as JSON, and the SHA-256 of it.
    content = models.TextField(_("content"))
    checksum = models.CharField(_("checksum"), max_length=64)
    resolution = models.ForeignKey(
        Resolution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
        verbose_name=_("resolution"),
    )
    frozen_at = models.DateTimeField(_("frozen"))
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("frozen by"),
    )

    label = Bilingual()
    objects = PlanVersionManager()
    # Working notes beside the version, never part of what is frozen.
    takes_notes = True
    left_in_lists = ("content",)

    class Meta:
        verbose_name = _("frozen version")
        verbose_name_plural = _("frozen versions")
        constraints = [
            models.UniqueConstraint(name="version_once_per_plan", fields=["plan", "number"])
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenError
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Give the page of its comments and tasks; it has no other of its own."""
        return reverse("plans:part-notes", args=[self.plan.slug, "fassung", self.pk])

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - as above
        raise FrozenError
