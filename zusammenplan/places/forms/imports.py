"""A file of areas, and what of it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.core.inputs import DayInput, UploadField
from zusammenplan.core.tables import UnreadableFileError
from zusammenplan.core.uploads import short_name
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.queries.area_file import demand_area_file_size, read_area_file
from zusammenplan.places.queries.area_import import own_prefix, prefixes_of
from zusammenplan.places.queries.file_words import MEGABYTE, MOST_BYTES

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from zusammenplan.places.domain.area_files import AreaFile


class AreaFileForm(forms.Form):
    """The file with the areas."""

    file = UploadField(
        label=_("File with the areas"),
        help_text=format_lazy(
            _(
                "GeoJSON in WGS 84, or the municipal directory of the Statistisches Bundesamt as "
                "XLSX or CSV, up to {limit} MB."
            ),
            limit=MOST_BYTES // MEGABYTE,
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose the file with the areas.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = ""
        self.content = b""

    def clean_file(self) -> UploadedFile[Any]:
        """Read it once, so that what cannot be read is told here."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        name = file.name or ""
        self.name = short_name(name)
        try:
            demand_area_file_size(self.name, file.size or 0)
            self.content = file.read()
            read_area_file(self.name, self.content)
        except UnreadableFileError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file


class ChoiceForm(forms.Form):
    """Which areas of the file are taken, and of which day its territory is."""

    as_of = forms.DateField(
        label=_("Territory of"),
        help_text=_("The day of which the file tells the areas."),
        widget=DayInput(),
    )
    only = forms.ChoiceField(label=_("Which areas"), required=False)
    keyless = forms.ChoiceField(
        label=_("Areas without a key are"),
        choices=[(kind.value, kind.label) for kind in (AreaKind.PLANNING_AREA, AreaKind.DISTRICT)],
        required=False,
    )

    def __init__(self, *args: Any, file: AreaFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = prefixes_of(file)
        only: Any = self.fields["only"]
        only.choices = [("", gettext("all"))] + [
            (key, f"{key} {name} ({number})".replace("  ", " ")) for key, name, number in prefixes
        ]
        own = own_prefix()
        if own in {key for key, _name, _number in prefixes}:
            self.fields["only"].initial = own
        # Own areas are of today, unless the file says otherwise; official keys are of their day.
        has_keys = any(area.ags for area in file.areas)
        self.fields["as_of"].initial = file.as_of or (None if has_keys else localdate())
        if len(prefixes) < 2:  # noqa: PLR2004 - there is nothing to choose from
            del self.fields["only"]
        if all(area.ags for area in file.areas):
            del self.fields["keyless"]
