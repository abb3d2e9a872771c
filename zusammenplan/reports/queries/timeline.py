"""The timeline as a drawing: the same SVG stands on the page and in the PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, LABELS, LINE, TOP = 720, 300, 22, 26
FONT = 'font-family="Fira Sans" font-size="12"'
BLUE, INK, MUTED, HAIR = "#2044aa", "#131525", "#51577a", "#cfd2e0"
# Signs that no typeface of the PDF is sure to have.
ODD = re.compile("[^\u0020-\u007e\u00a0-\u017f\u2010-\u2026\u20ac]")


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    starts_on: date | None
    ends_on: date | None


def timeline_svg(bars: Sequence[Bar], first: int, last: int) -> str:
    """Draw a bar for each measure; a bar that is open at an end is drawn on with dashes."""
    years = last - first + 1
    step = (WIDTH - LABELS) / years
    height = TOP + LINE * len(bars) + 6
    every = max(1, -(-years // 10))
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="zp-timeline" {size} {FONT}>',
    ]
    for number in range(years + 1):
        x = LABELS + number * step
        parts.append(
            f'<line class="t-line" x1="{x:.1f}" y1="18" x2="{x:.1f}" y2="{height}" '
            f'stroke="{HAIR}" stroke-width="1"/>'
        )
        if number < years and number % every == 0:
            place = f'x="{x + 3:.1f}" y="13" fill="{MUTED}"'
            parts.append(f'<text class="t-muted" {place}>{first + number}</text>')
    for row, bar in enumerate(bars):
        y = TOP + row * LINE
        parts.append(
            f'<text x="0" y="{y + 14}" fill="{INK}">{escape(ODD.sub(" ", bar.label))}</text>'
        )
        begin = _x(bar.starts_on, first, step) if bar.starts_on else None
        end = _x(bar.ends_on, first, step, is_end=True) if bar.ends_on else None
        edge = LABELS + years * step
        if begin is not None and end is not None:
            parts.append(_solid(begin, max(end, begin + 3), y))
        elif begin is not None:
            solid = min(edge, begin + min(step, edge - begin) / 2)
            parts += [_solid(begin, max(solid, begin + 3), y), _open(solid, edge, y)]
        elif end is not None:
            solid = max(float(LABELS), end - step / 2)
            parts += [_open(float(LABELS), solid, y), _solid(min(solid, end - 3), end, y)]
    parts.append("</svg>")
    return "".join(parts)


def _x(day: date, first: int, step: float, *, is_end: bool = False) -> float:
    days = (date(day.year, 12, 31) - date(day.year, 1, 1)).days + 1
    into = (day.timetuple().tm_yday - (0 if is_end else 1)) / days
    return LABELS + (day.year - first + into) * step


def _solid(begin: float, end: float, y: int) -> str:
    return (
        f'<rect class="t-bar" x="{begin:.1f}" y="{y + 4}" width="{end - begin:.1f}" height="12" '
        f'rx="2" fill="{BLUE}"/>'
    )


def _open(begin: float, end: float, y: int) -> str:
    return (
        f'<line class="t-open" x1="{begin:.1f}" y1="{y + 10}" x2="{end:.1f}" y2="{y + 10}" '
        f'stroke="{BLUE}" stroke-width="2" stroke-dasharray="4 3"/>'
    )
