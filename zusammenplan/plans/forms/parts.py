"""What people type about a measure's costs, milestones, indicators, relations and files."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from zusammenplan.core.choosing import offer_choices, offer_records
from zusammenplan.core.files import ACCEPTED, CheckedFile, FileRefusedError, check_file
from zusammenplan.core.inputs import UploadField, WrittenDayField
from zusammenplan.indicators.models import Indicator
from zusammenplan.places.models import Area
from zusammenplan.plans.choices import RelationKind
from zusammenplan.plans.domain.indicators import may_be_negative
from zusammenplan.plans.domain.workbook.shapes import Why
from zusammenplan.plans.forms.base import RecordForm
from zusammenplan.plans.forms.typed import AmountField, NumberField, YearField
from zusammenplan.plans.models import Measure, MeasureIndicator
from zusammenplan.plans.queries.data_choices import choices_of_all_areas, choices_of_indicators
from zusammenplan.plans.queries.workbook import WHY

NOTE = gettext_lazy("Note")
LESS_THAN_NONE = WHY[Why.LESS_THAN_NONE]


class CostForm(RecordForm):
    """An amount in euros."""

    year = YearField(
        label=gettext_lazy("Year"),
        help_text=gettext_lazy("Leave empty if the amount belongs to no year."),
        required=False,
    )
    amount = AmountField(
        label=gettext_lazy("Amount in euros"), help_text=gettext_lazy("For example 1.234,56")
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the money"),
        help_text=gettext_lazy("For example Land (LSZ), Landkreis, own means"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "cost-sources", "autocomplete": "off"}),
    )
    note = forms.CharField(label=NOTE, required=False, max_length=300)
    names = ("year", "amount", "source", "note")


class MilestoneForm(RecordForm):
    """A milestone; whoever moves its day says why."""

    title_de = forms.CharField(label=gettext_lazy("Milestone"), max_length=200)
    title_en = forms.CharField(
        label=gettext_lazy("Milestone in English"), required=False, max_length=200
    )
    due_on = WrittenDayField(label=gettext_lazy("Due"))
    done_on = WrittenDayField(
        label=gettext_lazy("Reached"), help_text=gettext_lazy("Leave empty while it is open.")
    )
    moved_reason = forms.CharField(
        label=gettext_lazy("Why does the day move?"),
        help_text=gettext_lazy("Only needed if you change the day on which it is due."),
        required=False,
        max_length=300,
    )
    names = ("title_de", "title_en", "due_on", "done_on")

    @property
    def moves(self) -> dict[str, Any]:
        """Give the reason along with what is saved, for a milestone that is there already."""
        return {**self.values(), "moved_reason": self.cleaned_data["moved_reason"]}


class VerbalIndicatorForm(RecordForm):
    """A statement of which one can say whether it came true."""

    text_de = forms.CharField(
        label=gettext_lazy("Statement"),
        help_text=gettext_lazy("For example “In each planning area somebody gives advice.”"),
        max_length=400,
    )
    text_en = forms.CharField(
        label=gettext_lazy("Statement in English"), required=False, max_length=400
    )
    target_on = WrittenDayField(label=gettext_lazy("To be reached by"))
    reached_on = WrittenDayField(
        label=gettext_lazy("Reached"), help_text=gettext_lazy("Leave empty while it is open.")
    )
    evidence = forms.CharField(
        label=pgettext_lazy("what shows it", "Evidence"),
        help_text=gettext_lazy("What shows it. A file can be attached afterwards."),
        required=False,
        max_length=300,
    )
    names = ("text_de", "text_en", "target_on", "reached_on", "evidence")


class NumericIndicatorForm(RecordForm):
    """A number with a target."""

    text_de = forms.CharField(
        label=gettext_lazy("What is counted or measured?"),
        help_text=gettext_lazy("For example “Independent advice on care in the county per year”"),
        max_length=400,
    )
    text_en = forms.CharField(
        label=gettext_lazy("What is counted, in English"), required=False, max_length=400
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("For example consultations, per cent, weeks"),
        required=False,
        max_length=60,
    )
    unit_en = forms.CharField(label=gettext_lazy("Unit in English"), required=False, max_length=60)
    baseline = NumberField(label=gettext_lazy("Baseline"), required=False)
    baseline_on = WrittenDayField(label=gettext_lazy("Baseline of"))
    target = NumberField(label=gettext_lazy("Target"), required=False)
    target_on = WrittenDayField(label=gettext_lazy("Target to be reached by"))
    source = forms.CharField(
        label=gettext_lazy("Source of the numbers"), required=False, max_length=300
    )
    tied_indicator: Any = forms.ModelChoiceField(
        label=gettext_lazy("Take the values from the data"),
        help_text=gettext_lazy(
            "Choose an indicator and an area; then values and unit come from there and nobody "
            "types them."
        ),
        queryset=Indicator.objects.in_order(),
        required=False,
        empty_label=gettext_lazy("no, they are typed"),
    )
    tied_area: Any = forms.ModelChoiceField(
        label=gettext_lazy("For the area"),
        queryset=Area.objects.in_order(),
        required=False,
        empty_label=gettext_lazy("no area"),
    )
    names = (
        "text_de",
        "text_en",
        "unit",
        "unit_en",
        "baseline",
        "baseline_on",
        "target",
        "target_on",
        "source",
        "tied_indicator",
        "tied_area",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "tied_indicator", choices_of_indicators(_("no, they are typed")))
        offer_choices(self, "tied_area", choices_of_all_areas(_("no area")))

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        if self.cleaned_data["target"] is None and self.cleaned_data["target_on"]:
            self.add_error("target", _("A day is set, but no target. Add the number."))
        if self.cleaned_data["baseline"] is None and self.cleaned_data["baseline_on"]:
            self.add_error("baseline", _("A day is set, but no baseline. Add the number."))
        if not may_be_negative(self.cleaned_data["text_de"], self.cleaned_data["unit"]):
            for name in ("baseline", "target"):
                if (self.cleaned_data.get(name) or 0) < 0:
                    self.add_error(name, str(LESS_THAN_NONE))
        tied, area = self.cleaned_data["tied_indicator"], self.cleaned_data["tied_area"]
        if tied and not area:
            self.add_error("tied_area", _("Choose the area, too."))
        if area and not tied:
            self.add_error("tied_indicator", _("Choose the indicator, too."))
        begin, end = self.cleaned_data["baseline_on"], self.cleaned_data["target_on"]
        if begin and end and end < begin:
            self.add_error(
                "target_on", _("The target must not lie before the baseline. Check both days.")
            )
        return self.cleaned_data


class ValueForm(RecordForm):
    """An actual value of a day."""

    on = WrittenDayField(label=gettext_lazy("Day"), required=True)
    value = NumberField(label=gettext_lazy("Value"))
    note = forms.CharField(label=NOTE, required=False, max_length=300)
    names = ("on", "value", "note")

    def __init__(self, *args: Any, indicator: MeasureIndicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator

    def clean_value(self) -> Decimal:
        value: Decimal = self.cleaned_data["value"]
        if value < 0 and not may_be_negative(self.indicator.text_de, self.indicator.unit):
            raise forms.ValidationError(str(LESS_THAN_NONE))
        return value


class RelationForm(RecordForm):
    """How the measure stands to another one."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of the relation"), choices=RelationKind)
    other = forms.ModelChoiceField(
        label=gettext_lazy("Other measure"),
        queryset=Measure.objects.none(),
        error_messages={"required": gettext_lazy("Look for the other measure and pick it.")},
    )
    note = forms.CharField(label=NOTE, required=False, max_length=300)
    names = ("kind", "note")

    def __init__(self, *args: Any, measures: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measures is None:
            del self.fields["other"]
        else:
            offer_records(self, "other", measures)


class AttachmentForm(RecordForm):
    """What is told of a file, and to whom."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=gettext_lazy("What is in the file. Without one the file's name stands there."),
        required=False,
        max_length=300,
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Public: everybody may download it"), required=False
    )
    names = ("description", "is_public")


class UploadForm(AttachmentForm):
    """A file to attach."""

    file = UploadField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PDF, picture, Word, Excel, OpenDocument, text or CSV, 20 MB at most"
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )
    field_order = ("file", "description", "is_public")

    def clean_file(self) -> CheckedFile:
        try:
            return check_file(self.cleaned_data["file"])
        except FileRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
