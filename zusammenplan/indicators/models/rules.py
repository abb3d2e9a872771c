"""What holds for all data of this installation."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned

LEAST_MINIMUM = 3


class DataRules(Versioned):
    """The rules of the data pages (Regeln für Daten). There is at most one row."""

    # R35: below it a count is hidden from the public; a municipality may only raise it.
    minimum_cases = models.PositiveSmallIntegerField(
        _("smallest number of cases that is shown"),
        default=LEAST_MINIMUM,
        validators=[MinValueValidator(LEAST_MINIMUM)],
    )
    # Up to this import everything was published: what came later is new, or was changed by it.
    published_import = models.PositiveBigIntegerField(
        _("last import that was published"), default=0, editable=False
    )
    history = HistoricalRecords(excluded_fields=["published_import"])

    class Meta:
        verbose_name = _("rules of the data")
        verbose_name_plural = _("rules of the data")
        constraints = [
            models.CheckConstraint(name="data_rules_are_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="minimum_cases_is_three_or_more",
                condition=models.Q(minimum_cases__gte=LEAST_MINIMUM),
            ),
        ]

    def __str__(self) -> str:
        return str(self.minimum_cases)
