"""The tag that writes a field out of which records are picked."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.forms.boundfield import BoundField

from zusammenplan.core.choosing import RecordField, RecordsField

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
    """Write the records as boxes in groups; what is picked stands in the line above them."""
    field = bound.field
    if not isinstance(field, (RecordsField, RecordField)):
        raise TypeError("choose is for a RecordsField or a RecordField")
    is_single = field.empty_label is not None
    value = bound.value()
    picked = {str(key) for key in ([value or ""] if is_single else value or ())}
    number = 0
    groups = []
    offered = field.groups
    if is_single:
        none = ("", str(field.empty_label))
        offered = {"": [none, *offered.get("", ())], **{k: v for k, v in offered.items() if k}}
    for name, entries in offered.items():
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
    part = field.part
    return {
        "field": bound,
        "groups": groups,
        "kind": "radio" if is_single else "checkbox",
        "picked": field.names([key for key in field.records if key in picked]),
        "is_long": number > LONG_LIST and part.is_all,
        "is_empty": not field.records and part.is_all,
        "is_open": bool(bound.errors) or open_at_first or part.is_asked,
        "part": part,
        "before": part.page - 1,
        "after": part.page + 1 if part.has_more else 0,
        "described_by": " ".join(described),
    }
