"""The tag that writes a field out of which several records are picked."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.forms.boundfield import BoundField

from zusammenplan.core.choosing import RecordsField

register = template.Library()
# A list of more entries than this gets a field to narrow it.
LONG_LIST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One record to pick."""

    key: str
    label: str
    id: str
    is_picked: bool


@register.inclusion_tag("components/choose.html")
def choose(bound: BoundField, open_at_first: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - named in the template
    """Write the records as checkboxes in groups; what is picked stands in the line above them."""
    field = bound.field
    if not isinstance(field, RecordsField):
        raise TypeError("choose is for a RecordsField")
    picked = {str(key) for key in bound.value() or ()}
    number = 0
    groups = []
    for name, entries in field.groups.items():
        choices = []
        for key, label in entries:
            choices.append(Choice(key, label, f"{bound.auto_id}_{number}", key in picked))
            number += 1
        groups.append({"name": name, "choices": choices})
    described = [
        f"{bound.auto_id}_{part}"
        for part, present in (("helptext", bound.help_text), ("error", bound.errors))
        if present
    ]
    return {
        "field": bound,
        "groups": groups,
        "picked": field.names([key for key in field.records if key in picked]),
        "is_long": number > LONG_LIST,
        "is_empty": number == 0,
        "is_open": bool(bound.errors) or open_at_first,
        "described_by": " ".join(described),
    }
