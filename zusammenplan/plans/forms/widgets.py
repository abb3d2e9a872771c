"""A select that writes its options itself: a template for each of hundreds takes too long."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """A select without groups, fast for long lists."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = (
            (str(key), SafeString(" selected") if str(key) == chosen else "", label)
            for key, label in self.choices
        )
        written = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html(
            "<select{}>{}</select>",
            format_html_join("", ' {}="{}"', written.items()),
            format_html_join("", '<option value="{}"{}>{}</option>', options),
        )
