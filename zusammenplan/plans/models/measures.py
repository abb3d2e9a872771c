"""Measures: what is done, until when, what it costs, how one sees that it works."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.bilingual import Bilingual
from zusammenplan.core.german import either, like
from zusammenplan.core.models import Versioned
from zusammenplan.indicators.models import Indicator
from zusammenplan.people.models import Organisation
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import IndicatorKind, MeasureStatus, RelationKind, TermKind
from zusammenplan.plans.models.goals import Goal
from zusammenplan.plans.models.needs import Need
from zusammenplan.plans.models.plans import FieldOfAction, InPlanQuerySet, Plan, Term


class MeasureQuerySet(InPlanQuerySet["Measure"]):
    """Questions to the list of measures."""


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
    # Leichte Sprache: short sentences for people who read with difficulty.
    title_easy = models.CharField(_("title (easy language)"), max_length=400, blank=True)
    text_easy = models.TextField(_("what shall change (easy language)"), blank=True)
    responsible = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("responsible"),
    )
    # Who answers for the measure and is asked to rate it.
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person to ask"),
    )
    partners = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("partners")
    )
    period_text = models.CharField(_("period as written"), max_length=60, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=MeasureStatus.choices, default=MeasureStatus.PLANNED
    )
    status_reason = models.CharField(_("reason of the status"), max_length=300, blank=True)
    status_on = models.DateField(_("status since"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    goals = models.ManyToManyField(
        Goal, blank=True, related_name="measures", verbose_name=_("goals")
    )
    needs = models.ManyToManyField(
        Need, blank=True, related_name="measures", verbose_name=_("needs")
    )
    areas = models.ManyToManyField(
        Area, blank=True, related_name="measures", verbose_name=_("planning areas")
    )
    target_groups = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": TermKind.TARGET_GROUP},
        verbose_name=_("target groups"),
    )
    life_situations = models.ManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": TermKind.LIFE_SITUATION},
        verbose_name=_("life situations"),
    )
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
    priority_round_en = models.CharField(
        _("set by the round (English)"), max_length=200, blank=True
    )
    priority_on = models.DateField(_("set on"), null=True, blank=True)
    history = HistoricalRecords()

    title = Bilingual()
    text = Bilingual()
    objects = MeasureManager()
    takes_notes = True
    search_titles = ("number", "title_de", "title_en", "title_easy")
    search_texts = ("text_de", "text_en", "text_easy", "source")

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [
            # What the order of the measures and their new numbers follow from.
            models.Index(
                name="measure_in_order", fields=["plan", "field", "position", "id", "number"]
            ),
            # All that gaps are counted by and put in order by, apart from the long texts.
            models.Index(
                name="measure_gaps",
                fields=[
                    *("plan", "status", "responsible", "starts_on", "ends_on", "period_text"),
                    *("field", "position"),
                ],
            ),
        ]
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
        return like(self.title, f"{self.number} {self.title}")

    def get_absolute_url(self) -> str:
        return reverse("plans:measure-detail", args=[self.plan.slug, self.pk])

    @property
    def priority_round_said(self) -> str:
        """Give the title of the round in the language of the page."""
        return either(self.priority_round, self.priority_round_en, get_language() or "de")


class Cost(Versioned):
    """What a measure costs (Kosten): an amount in euros, of one year and from one source."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="costs", verbose_name=_("measure")
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    amount = models.DecimalField(_("amount in euros"), max_digits=12, decimal_places=2)
    source = models.CharField(_("source of the money"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.CheckConstraint(name="cost_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="cost_year_is_a_year",
                condition=Q(year__isnull=True) | Q(year__gte=1990, year__lte=2199),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year or ''} {self.source} {self.amount}".strip()


class Milestone(Versioned):
    """A step of a measure (Meilenstein) with the day it is due, and what moved."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("measure")
    )
    title_de = models.CharField(_("milestone"), max_length=200)
    title_en = models.CharField(_("milestone (English)"), max_length=200, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    # The first day that was set; it stays when the day moves.
    first_due_on = models.DateField(_("first due"), null=True, blank=True, editable=False)
    moved_reason = models.CharField(_("why it moved"), max_length=300, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    title = Bilingual()
    takes_notes = True

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the page of its comments and tasks; it has no other of its own."""
        return reverse("plans:part-notes", args=[self.measure.plan.slug, "meilenstein", self.pk])


class MeasureIndicator(Versioned):
    """How one sees that a measure works (Indikator): a statement, or a number with a target."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("measure")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.VERBAL
    )
    text_de = models.CharField(_("indicator"), max_length=400)
    text_en = models.CharField(_("indicator (English)"), max_length=400, blank=True)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    unit = models.CharField(_("unit of measurement"), max_length=60, blank=True)
    unit_en = models.CharField(_("unit of measurement (English)"), max_length=60, blank=True)
    baseline = models.DecimalField(
        _("baseline"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    baseline_on = models.DateField(_("date of the baseline"), null=True, blank=True)
    target = models.DecimalField(
        _("target"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    target_on = models.DateField(_("date of the target"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    # Its values are then those of the data, never typed.
    tied_indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("indicator of the data"),
    )
    tied_area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area of the data"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    history = HistoricalRecords()

    text = Bilingual()
    takes_notes = True

    class Meta:
        verbose_name = _("indicator of a measure")
        verbose_name_plural = _("indicators of measures")
        constraints = [
            models.CheckConstraint(
                name="tied_to_an_indicator_and_an_area",
                condition=Q(tied_indicator=None, tied_area=None)
                | Q(tied_indicator__isnull=False, tied_area__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Give the page of its comments and tasks; it has no other of its own."""
        return reverse("plans:part-notes", args=[self.measure.plan.slug, "indikator", self.pk])

    @property
    def unit_said(self) -> str:
        """Give the unit in the language of the page."""
        return either(self.unit, self.unit_en, get_language() or "de")

    @property
    def is_tied(self) -> bool:
        """Tell whether its values come from the data."""
        return self.tied_indicator_id is not None


class IndicatorValue(Versioned):
    """An actual value (Istwert) of a numeric indicator on a day."""

    indicator = models.ForeignKey(
        MeasureIndicator,
        on_delete=models.CASCADE,
        related_name="values",
        verbose_name=_("indicator"),
    )
    on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    note = models.CharField(_("note"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        constraints = [models.UniqueConstraint(name="one_value_a_day", fields=["indicator", "on"])]

    def __str__(self) -> str:
        return f"{self.on}: {self.value}"


class MeasureRelation(Versioned):
    """How a measure stands to another one (Beziehung), perhaps of another plan."""

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="relations", verbose_name=_("measure")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RelationKind.choices)
    other = models.ForeignKey(
        Measure,
        on_delete=models.CASCADE,
        related_name="relations_from_others",
        verbose_name=_("other measure"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("relation of measures")
        verbose_name_plural = _("relations of measures")
        constraints = [
            models.UniqueConstraint(name="relation_once", fields=["measure", "kind", "other"]),
            models.CheckConstraint(
                name="relation_to_another_measure", condition=~Q(measure=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.get_kind_display()} {self.other}"
