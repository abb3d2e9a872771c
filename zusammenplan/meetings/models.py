"""Bodies and the seats in them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.models import Versioned
from zusammenplan.core.validity import begun_by, lasting_to, valid_on
from zusammenplan.meetings.choices import BodyKind, SeatRole
from zusammenplan.people.models import Organisation, User


class Body(Versioned):
    """A body (Gremium) that advises or decides."""

    name_de = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind.choices)
    history = HistoricalRecords()

    name = Bilingual()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [models.UniqueConstraint(name="body_name_once", fields=["name_de"])]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet["Seat"]):
    """Questions to the list of seats."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))

    def during(self, first: date | None, last: date | None) -> Self:
        """Give the seats held on at least one day from the first to the last; None is open."""
        seats = self
        if last:
            seats = seats.filter(begun_by(last))
        if first:
            seats = seats.filter(lasting_to(first))
        return seats

    def of_the_person_of(self, seat: "Seat") -> Self:
        """Give the seats of who has the same account, or name, address and organisation."""
        same = Q(name=seat.name, email__iexact=seat.email, organisation=seat.organisation_id)
        return self.filter(same | Q(user__isnull=False, user=seat.user_id))

    def voting(self) -> Self:
        return self.filter(has_vote=True)


SeatManager = models.Manager.from_queryset(SeatQuerySet)


class Seat(Versioned):
    """A seat in a body (Sitz): who sits there, for whom, with or without a vote, how long."""

    body = models.ForeignKey(
        Body, on_delete=models.CASCADE, related_name="seats", verbose_name=_("body")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("user"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=SeatRole.choices, default=SeatRole.MEMBER
    )
    has_vote = models.BooleanField(_("may vote"), default=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # Since then nothing tells who this was.
    anonymised_at = models.DateTimeField(_("name removed"), null=True, editable=False)
    history = HistoricalRecords()

    objects = SeatManager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                name="seat_ends_after_it_starts",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name
