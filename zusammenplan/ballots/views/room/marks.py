"""Marks as they arrive from the ballot."""

import re
from collections.abc import Mapping

from django.http import QueryDict
from django.utils.translation import gettext as _

from zusammenplan.ballots.actions import Grades, RefusedError

NO_GRADE = "none"
MARK_FIELD = re.compile(r"m([0-9]{1,18})")
GRADE = re.compile(r"-?[0-9]{1,4}")


class UnreadableMarkError(RefusedError):
    """What arrived as a mark is no grade at all."""


def posted_grades(posted: QueryDict) -> Grades:
    """
    Read the marks that differ from what the page showed when it was loaded.

    So an older tab does not put back what another device changed meanwhile.

    :raises UnreadableMarkError: if a value is no grade
    """
    seen = _read_seen(posted.get("seen", ""))
    grades: dict[int, int | None] = {}
    for name, value in posted.items():
        if not (match := MARK_FIELD.fullmatch(name)) or seen.get(name) == value:
            continue
        if value != NO_GRADE and not GRADE.fullmatch(str(value)):
            raise UnreadableMarkError(
                _("A mark could not be read. Please load the page again and pick it anew.")
            )
        grades[int(match[1])] = None if value == NO_GRADE else int(str(value))
    return grades


def readable_grades(posted: QueryDict) -> Grades:
    """Read the marks that can be read, so that nothing chosen is lost on a page with an error."""
    return {
        int(match[1]): None if value == NO_GRADE else int(str(value))
        for name, value in posted.items()
        if (match := MARK_FIELD.fullmatch(name))
        and (value == NO_GRADE or GRADE.fullmatch(str(value)))
    }


def seen_text(grades: Grades) -> str:
    return " ".join(f"m{item}={_value(grade)}" for item, grade in grades.items())


def _read_seen(text: str | list[object]) -> Mapping[str, str]:
    return dict(part.split("=", 1) for part in str(text).split() if "=" in part)


def _value(grade: int | None) -> str:
    return NO_GRADE if grade is None else str(grade)
