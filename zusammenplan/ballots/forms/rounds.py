"""What planners type for a round: scale, rules, words of the grades, secrecy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import get_language, gettext, gettext_lazy as _

from zusammenplan.ballots.actions import SETTINGS
from zusammenplan.ballots.choices import Audience, Direction, HalfStep, Pooling, Stage
from zusammenplan.ballots.forms.inputs import radios, whole_number
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import grade_words
from zusammenplan.core.forms import VersionedForm
from zusammenplan.core.history import FieldChange, differences
from zusammenplan.plans.models import Plan

if TYPE_CHECKING:
    RoundModelForm = forms.ModelForm[Round]
else:
    RoundModelForm = forms.ModelForm

GRADES_AT_MOST = 101
GRADES_WITH_WORDS = 12  # on a longer scale only its two ends get words
ROUND_CHOICES: Mapping[str, type[TextChoices]] = {
    "stage": Stage,
    "direction": Direction,
    "pooling": Pooling,
    "half_step": HalfStep,
    "audience": Audience,
}


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A grade with the fields for its words."""

    grade: int
    german: forms.BoundField
    english: forms.BoundField


class RoundForm(VersionedForm, RoundModelForm):
    """A round's settings; those that decide the result only until voting begins."""

    class Meta:
        model = Round
        fields = [
            "title_de",
            "title_en",
            "intro_de",
            "intro_en",
            "stage",
            "lowest",
            "highest",
            "direction",
            "pooling",
            "half_step",
            "is_secret",
            "audience",
            "takes_proposals",
        ]
        widgets = {
            "intro_de": forms.Textarea(attrs={"rows": 4}),
            "intro_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "title_de": _("As it stands on the ballot and above the result."),
            "intro_de": _("One or two sentences for those who vote: what it is about, until when."),
            "stage": _("The result of a first vote is marked as not final."),
            "pooling": _("The degree of a measure is the value in the middle."),
            "half_step": _("With an even number of values the middle can lie between two grades."),
            "is_secret": _(
                "Nobody can join a person to marks. Results are shown only when all groups are "
                "closed and at least five people have voted in each. A closed vote cannot be "
                "opened again."
            ),
            "takes_proposals": _("You decide later whether a proposal joins the ballot."),
        }

    names = tuple(Meta.fields)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        instance: Round | None = None,
        plans: Sequence[Plan] = (),
        is_frozen: bool = False,
    ) -> None:
        super().__init__(data, instance=instance)
        self.is_frozen = is_frozen
        for name, choices in ROUND_CHOICES.items():
            self.fields[name] = radios(self.fields[name], choices)
        if len(plans) > 1:
            self.fields["plan"] = forms.ModelChoiceField(
                Plan.objects.filter(pk__in=[plan.pk for plan in plans]),
                label=gettext("Plan"),
                empty_label=None,
                initial=plans[0],
            )
        self._add_words(data)
        if is_frozen:
            for name in [*SETTINGS, *self._word_names()]:
                self.fields.pop(name, None)

    def _add_words(self, data: QueryDict | None) -> None:
        self.grades = _worded_grades(
            whole_number(data, "lowest", self.instance.lowest),
            whole_number(data, "highest", self.instance.highest),
        )
        words = self.instance.words if self.instance.pk else _first_words(self.grades)
        for grade in self.grades:
            for language, label in (("de", _("Grade %s, German")), ("en", _("Grade %s, English"))):
                self.fields[f"word_{language}_{grade}"] = forms.CharField(
                    label=str(label) % grade,
                    required=False,
                    max_length=60,
                    initial=words.get(str(grade), {}).get(language, ""),
                )

    def _word_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("word_")]

    def grade_rows(self) -> list[GradeRow]:
        """Give a row for each grade that can have words."""
        if self.is_frozen:
            return []
        return [
            GradeRow(grade, self[f"word_de_{grade}"], self[f"word_en_{grade}"])
            for grade in self.grades
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        lowest, highest = values.get("lowest"), values.get("highest")
        if lowest is not None and highest is not None:
            if highest <= lowest:
                self.add_error("highest", gettext("The highest grade must be above the lowest."))
            elif highest - lowest >= GRADES_AT_MOST:
                self.add_error(
                    "highest",
                    gettext("A scale has at most %(number)s grades.") % {"number": GRADES_AT_MOST},
                )
        return values

    def validate_constraints(self) -> None:
        """Leave the scale to :meth:`clean`, whose sentence says what to do."""

    def values(self) -> dict[str, Any]:
        """Give what the actions take."""
        values = super().values()
        return values if self.is_frozen else {**values, "words": self._words()}

    def clash_with(self, record: Round) -> list[FieldChange]:
        """Tell where the settings differ from the stored ones; words are written in words."""
        values = self.values()
        words = values.pop("words", record.words)
        found = differences(record, values)
        if words != record.words:
            found.append(
                FieldChange(
                    label=gettext("Words for the grades"),
                    old=_words_text(record.words),
                    new=_words_text(words),
                )
            )
        return found

    def _words(self) -> dict[str, dict[str, str]]:
        words = {}
        for grade in self.grades:
            told = {
                language: text
                for language in ("de", "en")
                if (text := self.cleaned_data.get(f"word_{language}_{grade}", ""))
            }
            if told:
                words[str(grade)] = told
        return words


def frozen_facts(round_: Round) -> list[dict[str, str]]:
    """Tell the settings that cannot change any more."""
    told = grade_words(round_, get_language() or "de").items()
    words = ", ".join(f"{grade} {word}" for grade, word in told)
    facts = [
        (_("Scale"), gettext("%(lowest)s to %(highest)s") % vars(round_)),
        (_("Direction"), round_.get_direction_display()),
        (_("Words for the grades"), words or gettext("none")),
        (_("Median"), round_.get_pooling_display()),
        (_("Half steps"), round_.get_half_step_display()),
        (_("Kind of vote"), gettext("secret") if round_.is_secret else gettext("open")),
    ]
    return [{"label": str(label), "value": str(value)} for label, value in facts]


def _words_text(words: Mapping[str, Mapping[str, str]]) -> str:
    told = [
        f"{grade} {' / '.join(text for text in texts.values() if text)}"
        for grade, texts in words.items()
    ]
    return ", ".join(told) or gettext("none")


def _worded_grades(lowest: int, highest: int) -> list[int]:
    if highest <= lowest:
        return []
    if highest - lowest < GRADES_WITH_WORDS:
        return list(range(lowest, highest + 1))
    return [lowest, highest]


def _first_words(grades: Sequence[int]) -> dict[str, dict[str, str]]:
    if not grades:
        return {}
    return {
        str(grades[0]): {"de": "zuerst", "en": "first"},
        str(grades[-1]): {"de": "zuletzt", "en": "last"},
    }
