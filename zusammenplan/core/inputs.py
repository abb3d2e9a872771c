"""Inputs of forms that Django does not have."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from zusammenplan.core.viruses import UnsafeFileError, search_for_viruses

if TYPE_CHECKING:
    RecordsField = forms.ModelMultipleChoiceField[Any]
else:
    RecordsField = forms.ModelMultipleChoiceField

LONGEST_KEY = 18


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
