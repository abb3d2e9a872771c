"""Views of the list of measures that somebody named and kept."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zusammenplan.core.models import Versioned
from zusammenplan.plans.models.plans import Plan

if TYPE_CHECKING:
    from zusammenplan.people.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Questions to the list of saved views."""

    def visible_to(self, user: "User") -> Self:
        """Everybody sees the own ones and those that are shared."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


SavedViewManager = models.Manager.from_queryset(SavedViewQuerySet)


class SavedView(Versioned):
    """A view of the list of measures (Ansicht): filter, order and way of showing, with a name."""

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="views", verbose_name=_("plan")
    )
    name = models.CharField(_("name"), max_length=60)
    # As it stands in the address bar.
    query = models.CharField(_("filter"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="plan_views",
        verbose_name=_("owner"),
    )
    is_shared = models.BooleanField(_("shared"), default=False)
    saved_at = models.DateTimeField(_("saved"))

    objects = SavedViewManager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("plans:view-open", args=[self.plan.slug, self.pk])
