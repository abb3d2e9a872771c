"""What a planner types when figures are taken over: files, provenance, what columns mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy as _

from zusammenplan.core.choosing import keys_in
from zusammenplan.core.inputs import DayInput, UploadField
from zusammenplan.core.tables import MAX_BYTES as MOST_OF_WORKBOOK, MAX_ROWS
from zusammenplan.indicators.actions.imports import Origin, Outlook, Wishes, proposed_origin
from zusammenplan.indicators.domain.files import MOST_ON_A_PAGE
from zusammenplan.indicators.domain.own import Meaning, OwnColumn, OwnMapping, OwnTable
from zusammenplan.indicators.domain.workbooks import letters
from zusammenplan.indicators.models import Quantity

if TYPE_CHECKING:
    from datetime import date

    from django.core.files.uploadedfile import UploadedFile

MEGABYTE = 1024 * 1024
MAX_BYTES = MOST_ON_A_PAGE
MOST_FILES = 12
NEW = ""
MEANINGS = {
    Meaning.IGNORED: _("not taken over"),
    Meaning.KEY: _("key of the area (AGS, ARS)"),
    Meaning.NAME: _("name of the area"),
    Meaning.WITHIN: _("county in which the area lies"),
    Meaning.TIME: _("time (day, year, month)"),
    Meaning.SEX: _("sex"),
    Meaning.AGE: _("age or group of ages"),
    Meaning.SIDE: _("further breakdown"),
    Meaning.MEASURE: _("what is counted"),
    Meaning.VALUE: _("value"),
}
FAULTS = {
    "area": _(
        "Say which column holds the key or the name of the area. If all values are of one area, "
        "write its name, as the list of areas has it, into a line of its own above the headings."
    ),
    "counted": _(
        "Say what each column of values counts: choose a quantity, or write a name for a new one."
    ),
    "value": _("Say which column holds the values."),
    "time": _("Say which column holds the time, or write the time that all values are of."),
}


class SeveralFilesInput(forms.ClearableFileInput):
    """A field that takes several files at once."""

    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files; each is checked by itself."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        files = data if isinstance(data, list | tuple) else [data]
        cleaned = [super(FilesField, self).clean(file, initial) for file in files or [None]]
        if len(cleaned) > MOST_FILES:
            raise ValidationError(
                gettext("At most %(most)s files can be taken over at once.") % {"most": MOST_FILES}
            )
        if sum(file.size or 0 for file in cleaned) > MAX_BYTES:
            raise ValidationError(
                gettext(
                    "The files have more than %(limit)s MB. Larger ones are taken over with the "
                    "command “zusammenplan import statistics”."
                )
                % {"limit": MAX_BYTES // MEGABYTE}
            )
        return cleaned


class FilesForm(forms.Form):
    """The files with the figures."""

    tables = FilesField(
        label=_("Files with figures"),
        help_text=format_lazy(
            _(
                "CSV, XLSX or the ZIP of GENESIS, up to {limit} MB, several at once; of XLSX up to "
                "{workbook} MB and {rows} rows, of longer tables the CSV. They are only read; "
                "nothing is saved yet."
            ),
            limit=MAX_BYTES // MEGABYTE,
            workbook=MOST_OF_WORKBOOK // MEGABYTE,
            rows=f"{MAX_ROWS // 1000}\N{NO-BREAK SPACE}000",
        ),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file with figures.")},
    )


class FetchForm(forms.Form):
    """The number of one table of the online service."""

    table = forms.RegexField(
        r"^[A-Za-z0-9-]{3,30}$",
        label=_("Number of the table"),
        help_text=_("As the service names it, such as 12411-01-01-4."),
        error_messages={
            "invalid": _("A table's number has letters, digits and hyphens, such as 12411-01-01-4.")
        },
    )
    start_year = forms.IntegerField(
        label=_("From year"), min_value=1950, max_value=2100, required=False
    )
    end_year = forms.IntegerField(
        label=_("To year"), min_value=1950, max_value=2100, required=False
    )


class OriginForm(forms.Form):
    """Where a file came from."""

    publisher = forms.CharField(label=_("Published by"), max_length=200, required=False)
    licence = forms.CharField(label=_("Licence"), max_length=300, required=False)
    url = forms.URLField(
        label=_("Web address"), max_length=500, required=False, assume_scheme="https"
    )
    retrieved_on = forms.DateField(label=_("Retrieved on"), widget=DayInput())

    def origin(self) -> Origin:
        return Origin(**self.cleaned_data)


def wishes_of(data: QueryDict, mappings: dict[str, OwnMapping]) -> Wishes:
    """Read from an address or a form how the files are to be taken over."""
    names = {}
    for name, area in zip(data.getlist("name"), data.getlist("area"), strict=False):
        for key in keys_in([area]):
            names[name] = key
    return Wishes(known_areas_only=data.get("known") == "1", mappings=mappings, names=names)


def pairs_of(wishes: Wishes) -> list[tuple[str, str]]:
    """Write the wishes as they stand in an address or in hidden fields."""
    pairs = [("known", "1")] if wishes.known_areas_only else []
    for name, area in wishes.names.items():
        pairs += [("name", name), ("area", str(area))]
    return pairs


def origin_forms(number: int, data: QueryDict) -> list[OriginForm]:
    """Give the form of provenance of each of so many files, as somebody filled it in."""
    return [OriginForm(data, prefix=f"file-{at}") for at in range(number)]


def proposed_forms(outlook: Outlook, *, today: "date") -> list[OriginForm]:
    """Give the form of provenance of each file, filled with what the file says of itself."""
    proposals = [proposed_origin(file) for file in outlook.files]
    return [
        OriginForm(
            prefix=f"file-{at}",
            initial={
                "publisher": origin.publisher,
                "licence": origin.licence,
                "retrieved_on": today,
            },
        )
        for at, origin in enumerate(proposals)
    ]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """One line of the page that asks what columns mean."""

    index: int
    letter: str
    heading: str
    samples: tuple[str, ...]
    column: OwnColumn


def column_lines(table: OwnTable, mapping: OwnMapping) -> list[ColumnLine]:
    return [
        ColumnLine(index, letters(index), heading, table.samples[index][:3], column)
        for index, (heading, column) in enumerate(zip(table.headings, mapping.columns, strict=True))
    ]


def mapping_of(data: QueryDict, table: OwnTable) -> OwnMapping:
    """Read what a person said about each column; a wrong word means nothing."""
    known = set(Quantity.objects.values_list("code", flat=True))
    columns = []
    for index in range(len(table.headings)):
        meaning = data.get(f"meaning-{index}", "")
        quantity = data.get(f"quantity-{index}", NEW)
        columns.append(
            OwnColumn(
                Meaning(meaning) if meaning in set(Meaning) else Meaning.IGNORED,
                quantity if quantity in known else NEW,
                _typed(data, f"name-{index}", 200),
                _typed(data, f"unit-{index}", 60),
            )
        )
    return OwnMapping(tuple(columns), _typed(data, "time", 40), data.get("english") == "1")


def _typed(data: QueryDict, name: str, most: int) -> str:
    """Give what somebody wrote into a line, without signs that nobody sees and nothing keeps."""
    words = " ".join(data.get(name, "").split())
    return "".join(filter(str.isprintable, words))[:most]


def fault_words(faults: list[str]) -> list[str]:
    """Say in sentences what a mapping lacks or says twice."""
    return [
        str(FAULTS[fault])
        if fault in FAULTS
        else gettext("Only one column can be “%(meaning)s”.")
        % {"meaning": MEANINGS[Meaning(fault)]}
        for fault in faults
    ]
