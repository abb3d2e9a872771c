"""The filter above a plan's measures and the form for reporting a barrier."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zusammenplan.plans.choices import MeasureStatus
from zusammenplan.plans.models import MeasureQuerySet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

SEARCHED = ("number", "title_de", "title_en", "text_de", "text_en")
WORDS_AT_MOST = 6


class MeasureFilter(forms.Form):
    """Narrows the measures of a plan by word and status. Every field is optional."""

    q = forms.CharField(label=_("Search word"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=MeasureStatus.choices)

    # The page writes the two fields itself: a widget costs as much as twenty measures.
    @property
    def statuses(self) -> "Sequence[tuple[str, StrOrPromise]]":
        return [("", _("All")), *MeasureStatus.choices]

    @property
    def chosen_status(self) -> str:
        return str(self["status"].value() or "")

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())

    def apply(self, measures: MeasureQuerySet) -> MeasureQuerySet:
        """Narrow the measures; a wrong value in the address bar narrows nothing."""
        wanted = self.cleaned_data if self.is_valid() else {}
        for word in wanted.get("q", "").split()[:WORDS_AT_MOST]:
            measures = measures.filter(_contains(word))
        if status := wanted.get("status"):
            measures = measures.filter(status=status)
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
