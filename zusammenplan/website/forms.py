"""The filter above a plan's measures and the form for reporting a barrier."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import MeasureQuerySet, Plan
from zusammenplan.website.queries.offered import offered_by

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrOrPromise

SEARCHED = ("number", "title_de", "title_en", "text_de", "text_en")
WORDS_AT_MOST = 6
LONGEST_WORD = 100


ORDERS = (
    ("", _("Field of action")),
    ("priority", _("Priority")),
    ("progress", _("Progress")),
)


class Option(NamedTuple):
    """A tuple, because a template unpacks it several times faster than it looks up attributes."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One list of the filter, ready for the page."""

    name: str
    label: "StrOrPromise"
    options: list[Option]


class MeasureFilter:
    """
    Narrows the measures of a plan and puts them in order; every field is optional.

    It has the few lines of a form that it needs: Django's own form with its fields and widgets
    costs as much as twenty measures, on a page that everybody opens.
    """

    labels: "Mapping[str, StrOrPromise]" = {
        "q": _("Search word"),
        "status": _("Status"),
        "area": _("Planning area"),
        "field": _("Field of action"),
        "group": _("For whom"),
        "order": _("Order"),
    }
    columns: ClassVar = {
        "status": "status",
        "area": "areas",
        "field": "field",
        "group": "target_groups",
    }

    def __init__(self, data: QueryDict, *, plan: Plan) -> None:
        offered = offered_by(plan)
        self.plan_fields = [(one.pk, one.code, one.name) for one in offered["field"]]
        self.choices: dict[str, Sequence[tuple[str, StrOrPromise]]] = {
            "status": MeasureStatus.choices,
            "area": [(str(one.pk), one.name) for one in offered["area"]],
            "field": [(str(pk), f"{code} {name}") for pk, code, name in self.plan_fields],
            "group": [(str(one.pk), one.name) for one in offered["group"]],
        }
        self.typed = {name: data.get(name, "").strip() for name in self.labels}
        self.wanted = self.typed if self._is_sensible() else dict.fromkeys(self.labels, "")

    def _is_sensible(self) -> bool:
        """Tell whether one could have typed it on the page; a wrong address narrows nothing."""
        offered = {**self.choices, "order": ORDERS}
        word = self.typed["q"]
        return (
            len(word) <= LONGEST_WORD
            and word.isprintable()
            and all(
                not self.typed[name] or any(self.typed[name] == value for value, _label in choices)
                for name, choices in offered.items()
            )
        )

    @property
    def selects(self) -> list[Select]:
        """Give the lists that have anything to choose from."""
        every = {"area": _("Everywhere"), "group": _("For everybody")}
        named = [
            (name, [("", every.get(name, _("All"))), *choices])
            for name, choices in self.choices.items()
            if choices
        ]
        return [
            Select(
                name,
                self.labels[name],
                [Option(value, str(label), value == self.typed[name]) for value, label in choices],
            )
            for name, choices in [*named, ("order", ORDERS)]
        ]

    @property
    def narrowing_selects(self) -> list[Select]:
        """Give the lists without the order, for a page that has its own."""
        return [select for select in self.selects if select.name != "order"]

    @property
    def word(self) -> str:
        return self.typed["q"]

    @property
    def is_narrowing(self) -> bool:
        return any(value for name, value in self.wanted.items() if name != "order")

    @property
    def wanted_order(self) -> str:
        return self.wanted["order"]

    def apply(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        for word in self.wanted["q"].split()[:WORDS_AT_MOST]:
            measures = measures.filter(_contains(word))
        for name, column in self.columns.items():
            if value := self.wanted[name]:
                measures = measures.filter(**{column: value})
        return measures


def _contains(word: str) -> Q:
    """Ask for the word in any case; SQLite folds only ASCII, so umlauts are asked for twice."""
    spellings = {word, word.lower(), word.upper(), word.capitalize()}
    if word.isascii():
        spellings = {word}
    asked = (Q(**{f"{name}__icontains": form}) for name in SEARCHED for form in spellings)
    return reduce(or_, asked)


class BarrierForm(forms.Form):
    """Somebody tells what keeps them from using the site."""

    page = forms.CharField(
        label=_("On which page?"),
        required=False,
        max_length=500,
        help_text=_("The address or the title is enough."),
    )
    message = forms.CharField(
        label=_("What does not work for you?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please describe in a few words what does not work.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you would like an answer. It is used for nothing else."),
    )
