"""Words for what was understood of a table that comes in: what was refused, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from zusammenplan.plans.domain.plan_table import Hint, NotAPlan, Reason

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from zusammenplan.plans.domain.plan_table import Note, Refused

REASON_TEXTS: dict[Reason, str | Promise] = {
    Reason.NUMBER_MISSING: gettext_lazy(
        "The number is missing in row “%(title)s”. Add it in the column of numbers."
    ),
    Reason.NUMBER_UNREADABLE: gettext_lazy(
        "“%(number)s” is not a number such as 1.1 or A 3. Correct it."
    ),
    Reason.NUMBER_IS_DATE: gettext_lazy(
        "The number is a date (%(number)s); the spreadsheet program made one of it. "
        "Format the column as text and write the number anew, perhaps %(meant)s."
    ),
    Reason.NUMBER_TWICE: gettext_lazy(
        "The number %(number)s stands in row %(first_row)s already. Give one of the two another."
    ),
    Reason.TITLE_MISSING: gettext_lazy("Number %(number)s has no title. Add it."),
    Reason.NAME_TOO_LONG: gettext_lazy(
        "The name of the field %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.VALUE_TOO_LONG: gettext_lazy(
        "“%(column)s” of measure %(number)s is longer than %(limit)s characters. Shorten it."
    ),
    Reason.FIELD_TWICE: gettext_lazy(
        "The field %(number)s stands in row %(first_row)s already, with another name. "
        "Correct one of the two."
    ),
    Reason.FIELD_UNKNOWN: gettext_lazy(
        "Measure %(number)s belongs to field %(field)s, which is not in the table. "
        "Add a row for the field or correct the number."
    ),
    Reason.BEFORE_ANY_FIELD: gettext_lazy(
        "Measure %(number)s stands above the first field. Move it below the row of its field."
    ),
    Reason.MARK_ON_FIELD: gettext_lazy(
        "The field %(number)s itself has a mark (grade %(grades)s). "
        "Only measures are rated. Delete the mark."
    ),
    Reason.MARK_OUTSIDE_SCALE: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” in column %(column)s, outside the grades. "
        "Move it to a column of the grades."
    ),
    Reason.SIGN_UNREADABLE: gettext_lazy(
        "“%(sign)s” in column %(column)s (grade %(grade)s) of measure %(number)s is not a mark. "
        "Marks are signs such as x or -, or a number of marks."
    ),
    Reason.TWO_MARKS: gettext_lazy(
        "Measure %(number)s has the mark “%(sign)s” at the grades %(grades)s "
        "(columns %(columns)s). Leave only one."
    ),
    Reason.PARENT_UNKNOWN: gettext_lazy(
        "%(number)s stands below %(parent)s, but no row has that number. "
        "Add the row or correct the number above."
    ),
    Reason.PARENT_REFUSED: gettext_lazy(
        "%(number)s stands below %(parent)s (row %(first_row)s), which is not taken over. "
        "Correct that row first."
    ),
    Reason.PARENT_WRONG: gettext_lazy(
        "%(number)s cannot stand below %(parent)s (row %(first_row)s): nothing stands below a "
        "measure, and a field stands below nothing. Correct the number above or the kind."
    ),
    Reason.TWO_PARENTS: gettext_lazy(
        "%(number)s names a second number above it (%(parents)s; see row %(first_row)s). "
        "A row stands below one other. Leave only one."
    ),
    Reason.CYCLE: gettext_lazy(
        "%(number)s stands below %(parent)s and so, in a circle, below itself. "
        "Correct the number above."
    ),
    Reason.KIND_UNKNOWN: gettext_lazy(
        "“%(kind)s” of row %(number)s is no kind that we know. Write field, goal or measure."
    ),
    Reason.ROW_EMPTY: gettext_lazy(
        "This row has no title, so it cannot be a measure: “%(text)s”. Add the title."
    ),
    Reason.ROW_TWICE: gettext_lazy(
        "“%(title)s” stands below the same goal in row %(first_row)s already. "
        "Delete one of the two or give each a number."
    ),
    Reason.DATE_UNREADABLE: gettext_lazy(
        "“%(written)s” in “%(column)s” of %(number)s is not a date. Write it such as 31.12.2027."
    ),
    Reason.ENDS_BEFORE: gettext_lazy(
        "%(number)s would end before it begins. Correct one of the two dates."
    ),
    Reason.AMOUNT_UNREADABLE: gettext_lazy(
        "“%(written)s” in “%(column)s” of %(number)s is not an amount. Write it such as 12.500,00."
    ),
}
HINT_TEXTS: dict[Hint, str | Promise] = {
    Hint.NO_MARK: gettext_lazy("No grade marked. It is taken as “not rated”."),
    Hint.ROWS_JOINED: gettext_lazy("Joined with row %(above)s, which a page break had torn apart."),
    Hint.HEADER_REPEATED: gettext_lazy("The header stands here once more. It was skipped."),
    Hint.FIELD_REPEATED: gettext_lazy(
        "The field %(number)s stands here once more. It was taken once."
    ),
    Hint.LINE_SKIPPED: gettext_lazy("“%(text)s” is no row of the table. It was skipped."),
    Hint.NUMBER_WAS_DATE: gettext_lazy(
        "The date %(written)s was read as number %(number)s, as the field above suggests."
    ),
    Hint.NUMBER_RESPELLED: gettext_lazy("“%(written)s” was read as number %(number)s."),
    Hint.DASHES_ARE_EMPTY: gettext_lazy("Dashes were read as empty cells, not as marks."),
    Hint.TITLE_SHORTENED: gettext_lazy(
        "The title is longer than %(limit)s characters. It was shortened; "
        "the whole wording is kept as text."
    ),
    Hint.NO_FIELDS: gettext_lazy("The table names no fields. The measures are taken without one."),
    Hint.SECOND_SCALE: gettext_lazy(
        "The table holds more than one set of grade columns. Only the first was read."
    ),
    Hint.STATUS_UNKNOWN: gettext_lazy(
        "“%(written)s” is no status that we know. A new measure counts as planned, any other keeps "
        "its status. You can say above what the word means."
    ),
    Hint.PROGRESS_READ: gettext_lazy("The progress “%(written)s” was read as a status."),
    Hint.PROGRESS_UNKNOWN: gettext_lazy(
        "The progress “%(written)s” says nothing that we know. It was left out."
    ),
    Hint.PROGRESS_LEFT: gettext_lazy(
        "The status stands beside the progress “%(written)s”, which was left out."
    ),
    Hint.WORDS_HEALED: gettext_lazy("A line break had torn the word “%(word)s”."),
    Hint.GOAL_REPEATED: gettext_lazy(
        "The goal “%(title)s” stands in row %(first_row)s already. It was taken once."
    ),
    Hint.INDICATORS_SPLIT: gettext_lazy(
        "%(count)s indicators stand in one cell. Check how they were told apart."
    ),
    Hint.INDICATORS_LEFT: gettext_lazy(
        "Indicators belong to measures. Those of this row were left out."
    ),
    Hint.PERIOD_UNREAD: gettext_lazy(
        "The period “%(written)s” names no days that we know. It is kept as written, without days."
    ),
}
NOT_A_PLAN_TEXTS: dict[NotAPlan, str | Promise] = {
    NotAPlan.EMPTY: gettext_lazy("The table is empty."),
    NotAPlan.NO_NUMBERS: gettext_lazy(
        "No column with the measures' numbers (such as 1.1) was found. Add one, headed “No.”."
    ),
    NotAPlan.NO_TITLES: gettext_lazy(
        "No column with the measures' titles was found. Add one, headed “Measure”."
    ),
    NotAPlan.NO_MEASURES: gettext_lazy(
        "No measures were found in the table. Each needs a row with number and title."
    ),
}


def reason_text(refused: Refused) -> str:
    """Say why a row of a table could not be taken, and what to do."""
    return str(REASON_TEXTS[refused.reason]) % _shown(refused.values)


def hint_text(note: Note) -> str:
    """Say what to look at in a row that was taken."""
    return str(HINT_TEXTS[note.hint]) % _shown(note.values)


def not_a_plan_text(reason: NotAPlan) -> str:
    """Say why a table is no plan's."""
    return str(NOT_A_PLAN_TEXTS[reason])


def _shown(values: dict[str, str]) -> dict[str, str]:
    return {key: value or "–" for key, value in values.items()}
