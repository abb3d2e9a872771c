"""Texts as papers and feeds can hold them: without signs that only steer a machine."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from zusammenplan.core.german import like

# Control characters, signs that turn the direction of reading, halves of characters.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\ufffe\uffff]"
)
T = TypeVar("T")


def printable(value: T) -> T:
    """Give the same value without such signs in any text in it, however deep."""
    found: Any = value
    if isinstance(value, str):
        found = like(value, UNPRINTABLE.sub("", value)) if UNPRINTABLE.search(value) else value
    elif isinstance(value, dict):
        found = {key: printable(one) for key, one in value.items()}
    elif isinstance(value, list | tuple):
        found = type(value)(printable(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        cleaned = {name: printable(part) for name, part in parts.items()}
        found = value if cleaned == parts else replace(value, **cleaned)
    return found  # type: ignore[no-any-return] # of the same kind as it was given
