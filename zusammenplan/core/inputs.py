"""Inputs of forms that Django does not have."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from zusammenplan.core.choosing import LONGEST_KEY
from zusammenplan.core.days import DayFault, Edge, UnreadableDayError, read_day
from zusammenplan.core.viruses import UnsafeFileError, search_for_viruses

if TYPE_CHECKING:
    RecordsField = forms.ModelMultipleChoiceField[Any]
else:
    RecordsField = forms.ModelMultipleChoiceField

WRITTEN_DAY_HINT = gettext_lazy(
    "A day, month or year, for example 31.10.2027, Oktober 2027 or 2028"
)


class ObjectField(forms.JSONField):
    """An object in JSON; numbers and depths that Python refuses to read are refused politely."""

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value)
        except (RecursionError, ValueError) as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault
        if read is not None and not isinstance(read, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Give what the page shows again; nobody typed it."""
        try:
            return super().bound_data(data, initial)
        except (RecursionError, ValueError):
            return None


class SeveralRecordsField(RecordsField):
    """Several records out of some; what no key can be is refused before the database is asked."""

    def clean(self, value: Any) -> QuerySet[Any]:
        for key in value if isinstance(value, list | tuple) else ():
            if len(str(key)) > LONGEST_KEY:
                told = {"pk": str(key)[:LONGEST_KEY]}
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params=told)
        return super().clean(value)


class UploadField(forms.FileField):
    """A file that comes in; every form takes files by this field, so that each one is searched."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            try:
                search_for_viruses(file)
            except UnsafeFileError as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file


class DayInput(forms.DateInput):
    """The browser's own calendar; it sends the day the same way in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WrittenDayField(forms.DateField):
    """A day, or a month or year that stands for its first or last day."""

    def __init__(self, *, edge: Edge = "last", **options: Any) -> None:
        options.setdefault("help_text", WRITTEN_DAY_HINT)
        options.setdefault("required", False)
        super().__init__(**options)
        self.edge: Edge = edge

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return read_day(str(value), edge=self.edge)
        except UnreadableDayError as refusal:
            raise ValidationError(day_fault_text(refusal.fault, str(value))) from refusal

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d.%m.%Y") if isinstance(value, date) else value


def day_fault_text(fault: DayFault, typed: str) -> str:
    """Say what is wrong with a day that somebody typed."""
    match fault:
        case DayFault.NO_YEAR:
            return _("Add the year to “%(typed)s”.") % {"typed": typed}
        case DayFault.WRONG_YEAR:
            return _("The year in “%(typed)s” cannot be right. Write it with four digits.") % {
                "typed": typed
            }
        case DayFault.NO_SUCH_DAY:
            return _("“%(typed)s” does not exist in the calendar.") % {"typed": typed}
        case DayFault.NO_SINGLE_DAY:
            return _("“%(typed)s” is more than one day. Write the day, for example 31.10.2027.") % {
                "typed": typed
            }
        case _:
            return _(
                "“%(typed)s” is not understood. Write for example 31.10.2027, Oktober 2027 or 2028."
            ) % {"typed": typed}
