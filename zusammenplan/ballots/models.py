"""Rounds of prioritisation: groups, voters, marks, and the result with the rule that made it."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.ballots.choices import (
    Audience,
    Direction,
    HalfStep,
    OwnResult,
    Pooling,
    ProposalStatus,
    Stage,
    TieRule,
    Way,
)
from zusammenplan.ballots.domain import opening
from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.german import like
from zusammenplan.core.models import Versioned
from zusammenplan.meetings.choices import LEADING_ROLES
from zusammenplan.meetings.models import Body, Seat
from zusammenplan.people.models import Invitation, User
from zusammenplan.plans.models import Measure, Plan

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions to the list of rounds."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """
        Whoever holds a role of the municipality sees all rounds.

        Others see those they vote in, and those in which a body votes that they lead.
        """
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        leading = Seat.objects.filter(user=user, role__in=LEADING_ROLES)
        led = leading.valid_on(localdate()).values("body")
        return self.with_voter(user) | self.filter(
            pk__in=Group.objects.filter(body__in=led).values("round")
        )

    def with_voter(self, user: User) -> Self:
        return self.filter(pk__in=Voter.objects.filter(user=user).values("group__round"))

    def public(self) -> Self:
        """Released ones, and those whose provisional result everybody may see; of public plans."""
        shown = Q(released_at__isnull=False) | Q(
            audience=Audience.PUBLIC, groups__closed_at__isnull=False
        )
        return self.filter(shown, plan__is_public=True).distinct()


RoundManager = models.Manager.from_queryset(RoundQuerySet)


class Round(Versioned):
    """A prioritisation (Priorisierung) of a plan's measures on a scale of grades."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("plan")
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title_de = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    intro_de = models.TextField(_("introduction on the ballot"), blank=True)
    intro_en = models.TextField(_("introduction on the ballot (English)"), blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.FIRST)
    lowest = models.SmallIntegerField(_("lowest grade"), default=1)
    highest = models.SmallIntegerField(_("highest grade"), default=6)
    direction = models.CharField(
        _("direction"), max_length=12, choices=Direction.choices, default=Direction.LOW_FIRST
    )
    # Words for grades: {"1": {"de": "zuerst", "en": "first"}, …}; a grade may have none.
    words = models.JSONField(_("words for the grades"), default=dict, blank=True)
    pooling = models.CharField(
        _("median"), max_length=10, choices=Pooling.choices, default=Pooling.BODIES
    )
    half_step = models.CharField(
        _("half steps"), max_length=12, choices=HalfStep.choices, default=HalfStep.KEEP
    )
    is_secret = models.BooleanField(_("secret vote"), default=False)
    audience = models.CharField(
        _("who sees results before the release"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.PLANNERS,
    )
    takes_proposals = models.BooleanField(_("voters may propose measures"), default=True)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects"),
    )
    # The address of the projector's page; whoever has it may watch.
    wall_key = models.CharField(_("key of the projector's page"), max_length=32, unique=True)
    created_at = models.DateTimeField(_("created"))
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    history = HistoricalRecords()

    title = Bilingual()
    intro = Bilingual()
    objects = RoundManager()

    class Meta:
        verbose_name = _("round of prioritisation")
        verbose_name_plural = _("rounds of prioritisation")
        constraints = [
            models.CheckConstraint(
                name="round_scale_has_two_grades", condition=Q(highest__gt=F("lowest"))
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_released(self) -> bool:
        return self.released_at is not None


class Group(Versioned):
    """A group of voters (Stimmgruppe): a body or an ad-hoc circle, with its mark on paper."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="groups", verbose_name=_("round")
    )
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="groups",
        verbose_name=_("body"),
    )
    name_de = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    mark = models.CharField(_("mark on paper"), max_length=3, default="x")
    way = models.CharField(_("way of voting"), max_length=10, choices=Way.choices)
    own_result = models.CharField(
        _("own result"), max_length=10, choices=OwnResult.choices, default=OwnResult.MEDIAN
    )
    tie_rule = models.CharField(
        _("when grades tie"), max_length=10, choices=TieRule.choices, default=TieRule.MEDIAN
    )
    # False where nobody counted hands and only the grade with most of them is known.
    counts_marks = models.BooleanField(_("marks are counted"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    # How many were in the room, where nobody votes personally.
    present = models.PositiveIntegerField(_("persons present"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    # Set by closing; from then on no mark is taken, whatever the clock says.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    history = HistoricalRecords()

    name = Bilingual()

    class Meta:
        verbose_name = _("group of voters")
        verbose_name_plural = _("groups of voters")
        constraints = [
            models.UniqueConstraint(name="group_name_once_per_round", fields=["round", "name_de"]),
            models.CheckConstraint(
                name="group_closes_after_it_opens",
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Tell whether marks are taken at this moment."""
        return opening.is_open(self.opens_at, self.closes_at, self.closed_at, now)

    def is_over(self, now: datetime) -> bool:
        """Tell whether the vote has ended, by hand or by the clock."""
        return opening.is_over(self.closes_at, self.closed_at, now)


class Item(models.Model):
    """What is voted on: a measure, with the words that stood on the ballot."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="items", verbose_name=_("round")
    )
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, related_name="items", verbose_name=_("measure")
    )
    position = models.PositiveIntegerField(_("position"))
    number = models.CharField(_("number"), max_length=20)
    title_de = models.CharField(_("title"), max_length=400)
    title_en = models.CharField(_("title (English)"), max_length=400, blank=True)
    is_additional = models.BooleanField(_("proposed during the vote"), default=False)

    title = Bilingual()

    class Meta:
        verbose_name = _("measure on the ballot")
        verbose_name_plural = _("measures on the ballot")
        constraints = [
            models.UniqueConstraint(name="measure_once_per_round", fields=["round", "measure"])
        ]

    def __str__(self) -> str:
        return like(self.title, f"{self.number} {self.title}")


class Voter(models.Model):
    """
    Somebody who votes personally in a group.

    In a secret vote the row says that the person voted, and nothing else joins it to a mark.
    """

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="voters", verbose_name=_("group")
    )
    seat = models.ForeignKey(
        Seat,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat"),
    )
    user = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="voters",
        verbose_name=_("user"),
    )
    invitation = models.OneToOneField(
        Invitation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="voter",
        verbose_name=_("personal link"),
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    has_voted = models.BooleanField(_("has voted"), default=False)
    # Since then nothing tells who this was.
    anonymised_at = models.DateTimeField(_("name removed"), null=True, editable=False)

    class Meta:
        verbose_name = _("voter")
        verbose_name_plural = _("voters")
        constraints = [
            models.UniqueConstraint(name="voter_name_once_per_group", fields=["group", "name"]),
            models.UniqueConstraint(
                name="user_once_per_group",
                fields=["group", "user"],
                condition=Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Ballot(models.Model):
    """The paper of one voter in an open vote (Stimmzettel)."""

    voter = models.OneToOneField(
        Voter,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="ballot",
        verbose_name=_("voter"),
    )
    changed_at = models.DateTimeField(_("changed"))
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")

    def __str__(self) -> str:
        return str(self.voter)


class Mark(models.Model):
    """One mark in an open vote (Note). Without a grade it says: deliberately not rated."""

    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.CASCADE,
        related_name="marks",
        db_index=False,
        verbose_name=_("ballot"),
    )
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("group")
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("measure")
    )
    grade = models.SmallIntegerField(_("grade"), null=True, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        # The evaluation counts marks by group, measure and grade from this index alone.
        indexes = [models.Index(name="mark_counted", fields=["group", "item", "grade"])]
        constraints = [
            models.UniqueConstraint(name="one_mark_per_ballot_and_item", fields=["ballot", "item"])
        ]

    def __str__(self) -> str:
        return "–" if self.grade is None else str(self.grade)


class SecretMark(models.Model):
    """
    One mark in a secret vote, until the group closes and only the tally remains.

    ``ballot_key`` is derived from a secret that only the voter holds; it stands nowhere else. The
    random primary key carries no order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ballot_key = models.CharField(_("key of the ballot"), max_length=64)
    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="+", verbose_name=_("group")
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="+", verbose_name=_("measure")
    )
    grade = models.SmallIntegerField(_("grade"), null=True, blank=True)

    class Meta:
        verbose_name = _("secret mark")
        verbose_name_plural = _("secret marks")
        constraints = [
            models.UniqueConstraint(
                name="one_secret_mark_per_ballot_and_item", fields=["ballot_key", "item"]
            )
        ]

    def __str__(self) -> str:
        return "–" if self.grade is None else str(self.grade)


class Tally(models.Model):
    """How many marks of a grade a group gave a measure: hands counted, a table, or sealed."""

    group = models.ForeignKey(
        Group, on_delete=models.CASCADE, related_name="tallies", verbose_name=_("group")
    )
    item = models.ForeignKey(
        Item, on_delete=models.CASCADE, related_name="+", verbose_name=_("measure")
    )
    grade = models.SmallIntegerField(_("grade"))
    count = models.PositiveIntegerField(_("number of marks"))
    # Whether the marks come from the secret ballots that the closing replaced.
    is_sealed = models.BooleanField(_("from secret ballots"), default=False)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                name="one_tally_per_grade", fields=["group", "item", "grade", "is_sealed"]
            ),
            models.CheckConstraint(name="tally_counts_something", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.grade}: {self.count}"


class ChairDecision(models.Model):
    """The grade that the chair chose where a half step waited (Entscheidung des Vorsitzes)."""

    item = models.OneToOneField(
        Item, on_delete=models.CASCADE, related_name="decision", verbose_name=_("measure")
    )
    grade = models.DecimalField(_("grade"), max_digits=5, decimal_places=1)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("decision of the chair")
        verbose_name_plural = _("decisions of the chair")

    def __str__(self) -> str:
        return f"{self.item}: {self.grade}"


class Standing(models.Model):
    """Where a measure ended up, kept for ever with what produced it (Ergebnis)."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="standings", verbose_name=_("round")
    )
    item = models.OneToOneField(
        Item, on_delete=models.PROTECT, related_name="standing", verbose_name=_("measure")
    )
    position = models.PositiveIntegerField(_("position"))
    degree = models.DecimalField(_("degree"), max_digits=5, decimal_places=1, null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    # The whole result of the measure as the rule gave it, and that rule.
    result = models.JSONField(_("result"))
    rule = models.JSONField(_("rule"))

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")

    def __str__(self) -> str:
        return f"{self.item}: {'–' if self.degree is None else self.degree}"


class Proposal(models.Model):
    """An additional measure (weitere Maßnahme) proposed during the vote."""

    round = models.ForeignKey(
        Round, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("round")
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group"),
    )
    title = models.CharField(_("title"), max_length=400)
    text = models.TextField(_("reason"), blank=True, max_length=4000)
    proposed_by = models.CharField(_("proposed by"), max_length=120)
    proposed_at = models.DateTimeField(_("proposed"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProposalStatus.choices,
        default=ProposalStatus.PROPOSED,
    )
    decided_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    item = models.OneToOneField(
        Item,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="proposal",
        verbose_name=_("measure on the ballot"),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("proposed measure")
        verbose_name_plural = _("proposed measures")
        constraints = [
            models.CheckConstraint(
                name="refused_proposal_has_reason",
                condition=~Q(status=ProposalStatus.REFUSED) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return self.title
