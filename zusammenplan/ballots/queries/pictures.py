"""A result as a page shows it: pictures, their texts, and the table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _, ngettext, pgettext

from zusammenplan.ballots import domain
from zusammenplan.ballots.queries.participation import GroupInfo
from zusammenplan.ballots.queries.results import ItemStanding, RoundResult
from zusammenplan.ballots.queries.words import agreement_word
from zusammenplan.core.numbers import NONE, decimal_text
from zusammenplan.core.pictures import GroupMarks, MirrorHistogram, mirror_histogram, rows_needed

GRADES_IN_TABLE = 15
MIRRORED_GROUPS = 2  # more have their names in the picture
WIDE_DIFFERENCE = 3
PICTURES_AT_ONCE = 30
PICTURES_A_PAGE = 20
TABLE_ITEMS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One measure in the list of a result, ready to be written."""

    number: str
    title: str
    href: str
    is_additional: bool
    degree: Decimal | None
    rank: str
    picture: MirrorHistogram
    picture_text: str
    agreement: str
    difference: str
    is_wide: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One group's marks for a measure."""

    name: str
    cells: tuple[str, ...]
    marks: str
    value: str


@dataclass(frozen=True, slots=True)
class TableItem:
    """One measure in the table of a result, with a row for each group."""

    rank: str
    name: str
    degree: str
    agreement: str
    rows: tuple[TableRow, ...]


def is_long(result: RoundResult) -> bool:
    """Tell whether the result has too many pictures for one page, so that its table comes first."""
    return len(result.items) > PICTURES_AT_ONCE


def pictures_a_page(result: RoundResult) -> int:
    return PICTURES_A_PAGE if is_long(result) else max(1, len(result.items))


def legend_of(groups: Sequence[GroupInfo]) -> list[str]:
    """Give the groups' names for the legend; none where the pictures themselves name them."""
    return [group.name for group in groups] if len(groups) <= MIRRORED_GROUPS else []


def result_rows(
    result: RoundResult,
    standings: Sequence[ItemStanding],
    *,
    href_of: Callable[[int], str] | None = None,
) -> list[ResultRow]:
    """
    Draw the pictures of some measures, all of the same height.

    ``href_of`` gives the address of a measure's page by its key, where the title leads to one.
    """
    grades = result.rule.scale.grades
    marks = [group_marks(standing, result.groups) for standing in standings]
    rows = rows_needed(grades, marks)
    return [
        ResultRow(
            number=standing.item.number,
            title=standing.item.title,
            href=href_of(standing.item.measure_id) if href_of else "",
            is_additional=standing.item.is_additional,
            degree=standing.result.degree,
            rank=_rank(standing.result),
            picture=mirror_histogram(grades, told, as_float(standing.result.degree), rows=rows),
            picture_text=picture_text(told),
            agreement=agreement_text(standing.result.agreement),
            difference=difference_text(standing.result, result.groups),
            is_wide=(standing.result.difference or 0) >= WIDE_DIFFERENCE,
            sentence=standing.sentence,
        )
        for standing, told in zip(standings, marks, strict=True)
    ]


def table_page(result: RoundResult, number: str | None) -> Page[ItemStanding]:
    """Give a page of the result's table; only a plan of a Land has more than one."""
    return Paginator(result.items, TABLE_ITEMS_A_PAGE).get_page(number)


def result_table(result: RoundResult, standings: Iterable[ItemStanding]) -> list[TableItem]:
    """Give a part of the result as a table; its columns are :func:`table_grades`."""
    grades = table_grades(result.rule)
    return [
        TableItem(
            rank=NONE if standing.result.rank is None else str(standing.result.rank),
            name=str(standing.item),
            degree=decimal_text(standing.result.degree),
            agreement=agreement_number(standing.result.agreement),
            rows=table_rows(standing.result, result.groups, grades),
        )
        for standing in standings
    ]


def table_grades(rule: domain.Rule) -> tuple[int, ...]:
    """Give the grades that get a column of their own; none on a long scale."""
    grades = rule.scale.grades
    return grades if len(grades) <= GRADES_IN_TABLE else ()


def table_rows(
    result: domain.ItemResult, groups: Sequence[GroupInfo], grades: Sequence[int]
) -> tuple[TableRow, ...]:
    known = {group.key: group for group in groups}
    return tuple(
        TableRow(
            name=known[part.key].name,
            cells=tuple(
                str(part.tally.get(grade, 0)) if known[part.key].counts_marks else ""
                for grade in grades
            ),
            marks=str(part.marks) if known[part.key].counts_marks else "",
            value=decimal_text(part.value),
        )
        for part in result.groups
    )


def group_marks(standing: ItemStanding, groups: Sequence[GroupInfo]) -> list[GroupMarks]:
    known = {group.key: group for group in groups}
    return [
        GroupMarks(
            known[part.key].name,
            part.tally if known[part.key].counts_marks else {},
            as_float(part.value),
            majority_only=not known[part.key].counts_marks,
        )
        for part in standing.result.groups
    ]


def picture_text(groups: Sequence[GroupMarks]) -> str:
    """Tell a picture to those who do not see it."""
    return " ".join(f"{group.name}: {_told_marks(group)}." for group in groups)


def _told_marks(group: GroupMarks) -> str:
    if group.majority_only and group.value is not None:
        return _("majority for %(value)s") % {"value": decimal_text(group.value)}
    if not group.count:
        return _("no mark")
    marks = ", ".join(
        _("grade %(grade)s: %(count)s") % {"grade": grade, "count": count}
        for grade, count in sorted(group.tally.items())
        if count
    )
    return _("%(marks)s; result %(value)s") % {"marks": marks, "value": decimal_text(group.value)}


def _rank(result: domain.ItemResult) -> str:
    if result.rank is None:
        return _("without a rank")
    if not result.shares_rank_with:
        return _("Rank %(rank)s") % {"rank": result.rank}
    return ngettext(
        "Rank %(rank)s, together with %(others)s other",
        "Rank %(rank)s, together with %(others)s others",
        result.shares_rank_with,
    ) % {"rank": result.rank, "others": result.shares_rank_with}


def agreement_text(value: float | None, *, long: bool = False) -> str:
    """Tell how far the marks agree; the long way explains the number."""
    if value is None:
        return NONE
    told = {"word": agreement_word(round(value, 2)), "value": agreement_number(value)}
    if long:
        return _("%(word)s (%(value)s; 1 means that all agree)") % told
    return _("%(word)s (%(value)s)") % told


def agreement_number(value: float | None) -> str:
    """Write van der Eijk's A with two places and a real minus sign."""
    return decimal_text(value, places=2).replace("-", "\N{MINUS SIGN}")


def difference_text(result: domain.ItemResult, groups: Sequence[GroupInfo]) -> str:
    """Tell how far the groups' results lie apart; a wide gap names each. One group has none."""
    if len(groups) < 2:  # noqa: PLR2004 - it takes two to differ
        return ""
    gap = result.difference
    told = steps_text(gap)
    if gap is None or gap < WIDE_DIFFERENCE:
        return told
    names = {group.key: group.name for group in groups}
    values = ", ".join(
        f"{names[part.key]} {decimal_text(part.value)}"
        for part in result.groups
        if part.value is not None
    )
    return f"{told}: {values}"


def steps_text(gap: Fraction | None) -> str:
    if gap is None:
        return NONE
    if not gap:
        return pgettext("difference", "none")
    return _("1 step") if gap == 1 else _("%(count)s steps") % {"count": decimal_text(gap)}


def as_float(value: Decimal | Fraction | None) -> float | None:
    return None if value is None else float(value)
