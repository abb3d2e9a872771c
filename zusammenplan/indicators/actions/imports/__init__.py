"""Take files of statistics over, and undo that."""

from zusammenplan.indicators.actions.imports.shapes import (
    ColumnsUnknownError,
    ImportRefusedError,
    Origin,
    OtherThanShownError,
    Outlook,
    SourceFile,
    Wishes,
)
from zusammenplan.indicators.actions.imports.taking import look_ahead, proposed_origin, take_over
from zusammenplan.indicators.actions.imports.undoing import relying_on, undo_import

__all__ = [
    "ColumnsUnknownError",
    "ImportRefusedError",
    "Origin",
    "OtherThanShownError",
    "Outlook",
    "SourceFile",
    "Wishes",
    "look_ahead",
    "proposed_origin",
    "relying_on",
    "take_over",
    "undo_import",
]
