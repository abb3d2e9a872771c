"""Forms of the document: chapters, blocks, abbreviations."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from zusammenplan.core.choosing import offer_choices
from zusammenplan.core.history import FieldChange
from zusammenplan.core.inputs import UploadField
from zusammenplan.core.picture_files import PICTURE_BYTES, PictureRefusedError, check_picture
from zusammenplan.indicators.models import Indicator
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.places.queries.tree import choices_of_areas
from zusammenplan.plans.actions.chapters import Upload
from zusammenplan.plans.choices import BlockKind, ChapterKind, DataKind
from zusammenplan.plans.domain.rich_text import read_cells, write_cells
from zusammenplan.plans.forms.base import RecordForm, long_text
from zusammenplan.plans.forms.rich_text import RichTextField, as_marks, without_keys
from zusammenplan.plans.models import Block, Chapter, FieldOfAction, Plan
from zusammenplan.plans.queries.data_choices import choices_of_indicators

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_CELLS = 20_000
MOST_COLUMNS = 12
NARROWED = {ChapterKind.FIELDS, ChapterKind.NEEDS, ChapterKind.MEASURES}


class ChapterForm(RecordForm):
    """A chapter's title and what it holds."""

    names = ("title_de", "kind", "field", "title_en")

    title_de = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("What the chapter holds"),
        choices=ChapterKind.choices,
        initial=ChapterKind.TEXT,
        help_text=gettext_lazy("Choose “text” to write yourself. All other kinds fill themselves."),
    )
    field: Any = forms.ModelChoiceField(
        FieldOfAction.objects.none(),
        label=gettext_lazy("Only this field of action"),
        required=False,
        empty_label=gettext_lazy("All fields of action"),
        help_text=gettext_lazy("Counts for fields, needs and measures only."),
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title (English)"), max_length=200, required=False
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields["field"]
        fields.queryset = plan.fields.order_by("position", "pk")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") not in NARROWED:
            values["field"] = None
        return values


class NewChapterForm(ChapterForm):
    """A new chapter, and under which one it stands."""

    parent: Any = forms.ModelChoiceField(
        Chapter.objects.none(),
        label=gettext_lazy("Stands under"),
        required=False,
        empty_label=gettext_lazy("At the top level"),
    )

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        parents: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        above: Any = self.fields["parent"]
        above.queryset = plan.chapters.filter(pk__in=[pk for pk, _title in parents])
        above.choices = [("", above.empty_label), *parents]


class FirstChapterForm(forms.Form):
    """Whether the numbers begin at 0 or 1."""

    first = forms.TypedChoiceField(
        label=gettext_lazy("Number of the first chapter"),
        choices=[("0", "0"), ("1", "1")],
        coerce=int,
    )


class BlockForm(RecordForm):
    """What the forms of blocks share: the values of the kind, and a readable clash."""

    kind: BlockKind

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        initial = super().initial_of(record)
        return {
            name: without_keys(value) if name.startswith("text_") else value
            for name, value in initial.items()
        }

    def clash_with(self, record: Model) -> list[FieldChange]:
        rich = {str(self.fields[name].label) for name in self.names if name.startswith("text_")}
        return [
            FieldChange(one.label, as_marks(one.old), as_marks(one.new))
            if one.label in rich
            else one
            for one in super().clash_with(record)
        ]

    @property
    def upload(self) -> Upload | None:
        return None


class TextForm(BlockForm):
    """A written text."""

    kind = BlockKind.TEXT
    names = ("text_de", "text_en")

    text_de = RichTextField(label=gettext_lazy("Text"))
    text_en = RichTextField(label=gettext_lazy("Text (English)"), required=False)


class QuoteForm(BlockForm):
    """What a source says, in its own words."""

    kind = BlockKind.QUOTE
    names = ("text_de", "source", "text_en")

    text_de = RichTextField(label=gettext_lazy("Words of the source"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Who says it, where and when."),
    )
    text_en = RichTextField(label=gettext_lazy("Words of the source (English)"), required=False)


class FigureForm(BlockForm):
    """A picture with what it shows."""

    kind = BlockKind.FIGURE
    names = (
        "caption_de",
        "alt_de",
        "is_decorative",
        "source",
        "caption_en",
        "alt_en",
    )

    picture = UploadField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, up to 8 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    caption_de = forms.CharField(label=gettext_lazy("Caption"), max_length=300, required=False)
    alt_de = forms.CharField(
        label=gettext_lazy("Alternative text"),
        max_length=500,
        required=False,
        widget=long_text(3),
        help_text=gettext_lazy(
            "What the picture shows, for people who do not see it. Name the figures that count."
        ),
    )
    is_decorative = forms.BooleanField(
        label=gettext_lazy("The picture only adorns and says nothing"), required=False
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example “Own count, 2026” or who took the photograph."),
    )
    caption_en = forms.CharField(
        label=gettext_lazy("Caption (English)"), max_length=300, required=False
    )
    alt_en = forms.CharField(
        label=gettext_lazy("Alternative text (English)"),
        max_length=500,
        required=False,
        widget=long_text(3),
    )

    def __init__(self, *args: Any, has_picture: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].widget = forms.FileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp"}
        )
        self.fields["picture"].required = not has_picture
        if has_picture:
            self.fields["picture"].label = _("Another picture")
        self._upload: Upload | None = None

    def clean_picture(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data.get("picture")
        if file is None:
            return None
        content = file.read(PICTURE_BYTES + 1)
        try:
            check_picture(content)
        except PictureRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        self._upload = Upload(file.name or "", content)
        return file

    @property
    def upload(self) -> Upload | None:
        return self._upload


class TableForm(BlockForm):
    """A table as somebody pastes it from Excel or types it."""

    kind = BlockKind.TABLE
    names = ("caption_de", "cells", "source", "caption_en")

    caption_de = forms.CharField(label=gettext_lazy("Caption"), max_length=300, required=False)
    cells = forms.CharField(
        label=gettext_lazy("Cells"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "zp-cells"}),
        help_text=gettext_lazy(
            "Copy the cells in Excel and paste them here. The first row is the header. If you "
            "type, put a | or a semicolon between two cells."
        ),
        strip=False,
    )
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    caption_en = forms.CharField(
        label=gettext_lazy("Caption (English)"), max_length=300, required=False
    )

    @classmethod
    def initial_of(cls, record: Model) -> dict[str, Any]:
        initial = super().initial_of(record)
        return {**initial, "cells": write_cells(initial["cells"])}

    def clean_cells(self) -> str:
        cells = read_cells(self.cleaned_data["cells"])
        if not cells:
            raise forms.ValidationError(_("Enter at least the header and one row."))
        if len(cells[0]) > MOST_COLUMNS:
            raise forms.ValidationError(
                ngettext(
                    "The table has %(number)d column. No page is wide enough for more than 12.",
                    "The table has %(number)d columns. No page is wide enough for more than 12.",
                    len(cells[0]),
                )
                % {"number": len(cells[0])}
            )
        if len(cells) * len(cells[0]) > MOST_CELLS:
            raise forms.ValidationError(_("The table is too large. Show the most important rows."))
        return write_cells(cells)

    def values(self) -> dict[str, Any]:
        return {**super().values(), "cells": read_cells(self.cleaned_data["cells"])}


class DataForm(BlockForm):
    """A look at the data, which draws itself."""

    kind = BlockKind.DATA
    names = ("shows", "indicator", "area", "level", "caption_de", "caption_en")

    shows = forms.ChoiceField(label=gettext_lazy("What is shown"), choices=DataKind.choices)
    indicator: Any = forms.ModelChoiceField(
        Indicator.objects.filter(is_public=True).in_order(),
        label=gettext_lazy("Indicator"),
        required=False,
        help_text=gettext_lazy("For a chart over time, a map and a table."),
    )
    area: Any = forms.ModelChoiceField(
        Area.objects.own().in_order(),
        label=gettext_lazy("Area"),
        required=False,
        help_text=gettext_lazy("For everything but a table."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Areas in the table"),
        choices=[
            (AreaKind.MUNICIPALITY, AreaKind.MUNICIPALITY.label),
            (AreaKind.PLANNING_AREA, AreaKind.PLANNING_AREA.label),
        ],
        required=False,
        help_text=gettext_lazy("For a table."),
    )
    caption_de = forms.CharField(
        label=gettext_lazy("Caption"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Left empty, it tells what the data say."),
    )
    caption_en = forms.CharField(
        label=gettext_lazy("Caption (English)"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "indicator", choices_of_indicators(_("Please choose"), is_public=True))
        offer_choices(self, "area", [("", _("Please choose")), *choices_of_areas()])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        shows = values.get("shows")
        needs_indicator = shows in {DataKind.SERIES, DataKind.MAP, DataKind.TABLE}
        if needs_indicator and not values.get("indicator") and "indicator" not in self.errors:
            self.add_error("indicator", _("Choose the indicator that is shown."))
        if shows != DataKind.TABLE and not values.get("area") and "area" not in self.errors:
            self.add_error("area", _("Choose the area that is shown."))
        # What the kind does not show is not kept.
        if not needs_indicator:
            values["indicator"] = None
        if shows == DataKind.TABLE:
            values["area"] = None
        else:
            values["level"] = ""
        return values


class AbbreviationForm(RecordForm):
    """An abbreviation and what it stands for."""

    names = ("short", "long_de", "long_en")

    short = forms.CharField(label=gettext_lazy("Abbreviation"), max_length=30)
    long_de = forms.CharField(label=gettext_lazy("Stands for"), max_length=200)
    long_en = forms.CharField(
        label=gettext_lazy("Stands for (English)"), max_length=200, required=False
    )


BLOCK_FORMS: dict[str, type[BlockForm]] = {
    form.kind: form for form in (TextForm, FigureForm, TableForm, QuoteForm, DataForm)
}


def block_form(block_kind: str, *args: Any, block: Block | None = None, **kwargs: Any) -> BlockForm:
    """Give the form of a kind of block."""
    form = BLOCK_FORMS[block_kind]
    if form is FigureForm:
        kwargs["has_picture"] = block is not None and block.picture_id is not None
    if block is not None:
        kwargs["initial"] = form.initial_of(block)
    return form(*args, **kwargs)
