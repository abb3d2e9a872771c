"""The field for rich text: an editor with script, a text with marks without, HTML inside."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.translation import gettext as _

from zusammenplan.plans.domain.rich_text import (
    Line,
    clean_html,
    from_marks,
    read_html,
    to_marks,
    write_html,
)


def without_keys(html: str) -> str:
    """Give the text as forms compare it; the addresses of its paragraphs are not typed."""
    return write_html([Line(line.kind, line.runs, line.depth) for line in read_html(html)])


def as_marks(html: str) -> str:
    return to_marks(read_html(html))


class RichTextarea(forms.Textarea):
    """A textarea with marks, which the script turns into an editor; gives HTML either way."""

    template_name = "plans/rich_textarea.html"

    def format_value(self, value: Any) -> str:
        return as_marks(str(value)) if value else ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["html"] = clean_html(str(value)) if value else ""
        context["widget"]["editor"] = static("django_prose_editor/editor.js")
        return context

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: Any,  # noqa: ARG002 - Django's own
        name: str,
    ) -> str:
        typed = str(data.get(name) or "")
        if data.get(f"{name}-format") == "html":
            return without_keys(typed)
        return write_html(from_marks(typed))


class RichTextField(forms.CharField):
    """Rich text; the clean value is HTML of few tags."""

    widget = RichTextarea

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=True, max_length=200_000, **kwargs)
        self.widget.attrs.pop("maxlength", None)
        self.error_messages["max_length"] = _("The text is too long. Divide it into two blocks.")
