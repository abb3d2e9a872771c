"""What stands beside a title: status, days, costs, partners, indicators."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from zusammenplan.core.periods import parse_day, parse_period
from zusammenplan.plans.domain.plan_table.cells import short
from zusammenplan.plans.domain.plan_table.indicators import split_indicators
from zusammenplan.plans.domain.plan_table.shapes import (
    BESIDE,
    MAX_INDICATOR,
    MAX_PERIOD,
    MAX_RESPONSIBLE,
    ColumnMeaning,
    Hint,
    Reason,
)
from zusammenplan.plans.domain.plan_table.statuses import is_share, status_of, status_of_progress

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.plans.domain.plan_table.cells import Line
    from zusammenplan.plans.domain.plan_table.header import Layout
    from zusammenplan.plans.domain.plan_table.lines import Findings

LONGEST = {ColumnMeaning.RESPONSIBLE: MAX_RESPONSIBLE, ColumnMeaning.PERIOD: MAX_PERIOD}
YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
NOTHING = frozenset({"", "-", "–", "—", "/", "k. a.", "k.a.", "keine", "offen", "n. n.", "none"})
MAX_AMOUNT = Decimal("9999999999.99")


@dataclass(slots=True)
class Details:
    """What a row says beside number and title."""

    extra: dict[str, str] = field(default_factory=dict)
    status: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    costs: tuple[tuple[int | None, Decimal], ...] = ()
    indicators: tuple[str, ...] = ()


class _CellRefusedError(Exception):
    def __init__(self, reason: Reason, **values: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values = values


def details_of(line: Line, layout: Layout, findings: Findings, name: str) -> Details | None:
    """Read what stands beside a title; nothing if a cell must be corrected first."""
    details = Details()
    costs: dict[int | None, Decimal] = {}
    indicators: list[str] = []
    for index, meaning in layout.meanings.items():
        cell = line.cell(index)
        if not cell or meaning not in BESIDE:
            continue
        heading = layout.heading(index)
        try:
            match meaning:
                case ColumnMeaning.BEGIN:
                    details.starts_on = _day(cell, at_end=False)
                case ColumnMeaning.END:
                    details.ends_on = _day(cell, at_end=True)
                case ColumnMeaning.COST:
                    _add_cost(costs, cell, year_in(heading))
                case ColumnMeaning.INDICATOR:
                    indicators += split_indicators(line.raw_cell(index))
                case _:
                    details.extra[meaning.value] = _short_enough(cell, meaning)
        except _CellRefusedError as refusal:
            column = heading or meaning.value
            findings.refuse(
                line.number, refusal.reason, column=column, number=name, **refusal.values
            )
            return None
    if details.starts_on and details.ends_on and details.ends_on < details.starts_on:
        findings.refuse(line.number, Reason.ENDS_BEFORE, number=name)
        return None
    details.costs = tuple(costs.items())
    details.indicators = tuple(text[:MAX_INDICATOR] for text in dict.fromkeys(indicators))
    if len(details.indicators) > 1:
        findings.note(line.number, Hint.INDICATORS_SPLIT, count=len(details.indicators))
    _note_unread_period(line, details, findings)
    details.status = _status(line, details, findings)
    return details


def _note_unread_period(line: Line, details: Details, findings: Findings) -> None:
    """Say that a period names no days; days in columns of their own make up for it."""
    written = details.extra.get(ColumnMeaning.PERIOD, "")
    has_days = details.starts_on or details.ends_on
    if written.casefold() not in NOTHING and not (has_days or parse_period(written).is_understood):
        findings.note(line.number, Hint.PERIOD_UNREAD, written=written)


def _day(cell: str, *, at_end: bool) -> date | None:
    day = parse_day(cell, at_end=at_end)
    if day is None and cell.casefold() not in NOTHING:
        raise _CellRefusedError(Reason.DATE_UNREADABLE, written=short(cell))
    return day


def _add_cost(costs: dict[int | None, Decimal], cell: str, year: int | None) -> None:
    if cell.casefold() in NOTHING:
        return
    amount = parse_amount(cell)
    if amount is None:
        raise _CellRefusedError(Reason.AMOUNT_UNREADABLE, written=short(cell))
    costs[year] = costs.get(year, Decimal(0)) + amount


def _short_enough(cell: str, meaning: ColumnMeaning) -> str:
    limit = LONGEST.get(meaning, len(cell))
    if len(cell) > limit:
        raise _CellRefusedError(Reason.VALUE_TOO_LONG, limit=limit)
    return cell


def _status(line: Line, details: Details, findings: Findings) -> str | None:
    written = details.extra.get(ColumnMeaning.STATUS, "")
    progress = details.extra.get(ColumnMeaning.PROGRESS, "")
    if written and (status := status_of(written)):
        if progress:
            findings.note(line.number, Hint.PROGRESS_LEFT, written=short(progress))
        return status
    # Offices write “50 %” below the heading “Status” as well.
    if written and not is_share(written):
        findings.note(line.number, Hint.STATUS_UNKNOWN, written=short(written))
        return None
    if share := written or progress:
        status = status_of_progress(share)
        hint = Hint.PROGRESS_UNKNOWN if status is None else Hint.PROGRESS_READ
        findings.note(line.number, hint, written=short(share), status=status or "")
        return status
    return None


def year_in(heading: str) -> int | None:
    found = YEAR.search(heading)
    return int(found.group()) if found else None


def parse_amount(text: str) -> Decimal | None:
    """Read an amount in euros: “12.500,00 €”, “12500”, “15 TEUR”, “1,2 Mio. €”."""
    plain = text.casefold().replace("\u00a0", " ").replace("'", "").strip()
    plain = re.sub(r"^(?:ca\.?|rd\.?|etwa)\s*|\s*(?:€|(?<!t)euro?)\s*", "", plain)
    plain = re.sub(r"[.,][-–]+$", "", plain)
    factor = 1
    if found := re.search(r"\s*(t|tsd\.?|teur|mio\.?|millionen)$", plain):
        factor = 1_000_000 if found[1].startswith("mi") else 1_000
        plain = plain[: found.start()]
    elif found := re.match(r"t(?=\d)", plain):
        plain, factor = plain[1:], 1_000
    plain = plain.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain):
        plain = plain.replace(",", "")
    elif not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return None
    try:
        amount = (Decimal(plain) * factor).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount <= MAX_AMOUNT else None
