"""Records in words, in the language that is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from zusammenplan.core.german import like, together
from zusammenplan.plans.queries.plans import period_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from zusammenplan.plans.domain.content import (
        ChapterContent,
        FieldContent,
        GoalContent,
        PlanContent,
        Span as Period,
        Words,
    )


def say(words: Words) -> str:
    return words.say(get_language() or "de")


def named(number: str, words: Words) -> str:
    """Put a record's number before its name."""
    name = say(words)
    return like(name, f"{number} {name}".strip())


def goal_title(goal: GoalContent) -> str:
    return named(goal.number, goal.title)


def field_heading(name: str, code: str | None) -> str:
    """Say that the number is a field's, which looks like a chapter's."""
    return name if code is None else like(name, _("Field of action %(field)s") % {"field": name})


def chosen_fields(
    content: PlanContent, chapter: ChapterContent
) -> Iterator[tuple[str | None, str, FieldContent | None]]:
    for field in content.fields:
        if chapter.field in {None, field.code}:
            yield field.code, named(field.code, field.name), field
    if chapter.field is None:
        yield None, _("Without a field of action"), None


def joined(terms: Iterable[Words]) -> str:
    return together(", ", map(say, terms))


def upper(text: object) -> str:
    told = str(text)
    return told[:1].upper() + told[1:]


def period_text(period: Period) -> str:
    return period_label(period.text, period.starts_on, period.ends_on)


def day_text(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def years_of(content: PlanContent) -> str:
    """Give the years of the plan."""
    begin, end = content.starts_on, content.ends_on
    if begin and end:
        return str(begin.year) if begin.year == end.year else f"{begin.year}–{end.year}"
    if begin:
        return _("from %(year)s") % {"year": begin.year}
    return _("until %(year)s") % {"year": end.year} if end else ""
