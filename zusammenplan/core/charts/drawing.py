"""A chart as SVG: on a page, where the sheet gives it its colours, and as a file by itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zusammenplan.core.charts.axis import NumberFormat, width_of
from zusammenplan.core.charts.bars import BarChart, StackedChart
from zusammenplan.core.charts.choropleth import Choropleth
from zusammenplan.core.charts.line import LineChart
from zusammenplan.core.charts.pyramid import Pyramid

# Of a longer table a page shows the beginning; the whole is in the files beside it.
ROWS_SHOWN = 200
Chart = LineChart | BarChart | StackedChart | Pyramid | Choropleth


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; numbers stand to the right."""

    text: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Exactly the numbers that a picture shows; the first cell of a row names it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    # For each row but its name: the address of the page that tells where it comes from, if any.
    origins: Sequence[Sequence[str]] = ()

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, bool, str]]]]:
        """Give each shown row's name and its cells: text, whether it is a number, and origin."""
        numbers = [column.is_number for column in self.columns[1:]]
        unknown = [""] * len(numbers)
        origins = self.origins or [unknown] * len(self.rows)
        return [
            (row[0], list(zip(row[1:], numbers, keys, strict=True)))
            for row, keys in islice(zip(self.rows, origins, strict=True), ROWS_SHOWN)
        ]

    @property
    def is_cut(self) -> bool:
        return len(self.rows) > ROWS_SHOWN


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A chart with all that belongs to it on a page.

    ``heading`` is the finding in a sentence, ``note`` measure, unit and date, ``told`` the
    picture for those who do not see it; ``key`` makes its ids unlike those of other charts.
    """

    key: str
    heading: str
    chart: Chart | None
    told: str
    table: Table
    note: str = ""
    source: str = ""
    # What else one must know to read the picture, in a sentence.
    remark: str = ""
    # Kinds of files and their addresses.
    downloads: Sequence[tuple[str, str]] = ()


def svg(chart: Chart, *, key: str, title: str, told: str) -> SafeString:
    """Draw a chart for a page; ``key`` makes its ids unlike those of other charts."""
    context = {"chart": chart, "key": key, "title": title, "told": told}
    return SafeString(
        " ".join(render_to_string(f"components/charts/{chart.kind}.svg", context).split())
    )


def class_labels(bounds: Sequence[Decimal], number: NumberFormat) -> list[str]:
    """Name the classes between bounds: under 26, 26 to under 28, 28 and more."""
    if not bounds:
        return [_("all values")]
    between = [
        _("%(low)s to under %(high)s") % {"low": number(low), "high": number(high)}
        for low, high in pairwise(bounds)
    ]
    return [
        _("under %(high)s") % {"high": number(bounds[0])},
        *between,
        _("%(low)s and more") % {"low": number(bounds[-1])},
    ]


# What the sheet says of each class, for a file that has no sheet: the light theme.
INK, MUTED, HAIR, EDGE, PAPER = "#131525", "#51577a", "#cfd2e0", "#6e7597", "#ffffff"
ONE, TWO, REST = "#2044aa", "#ad6500", "#8187a7"
STYLES: dict[str, dict[str, str]] = {
    "t-muted": {"fill": MUTED},
    "t-strong": {"font-weight": "600"},
    "t-one": {"fill": ONE, "font-weight": "600"},
    "t-two": {"fill": "#925400", "font-weight": "600"},
    "t-rest": {"fill": MUTED, "font-weight": "600"},
    "t-value": {"font-weight": "600"},
    "t-name": {},
    "t-key": {},
    "axis": {"stroke": INK, "fill": "none"},
    "grid": {"stroke": HAIR, "fill": "none"},
    "f-one": {"fill": ONE},
    "f-two": {"fill": TWO},
    "f-rest": {"fill": REST},
    "f-paper": {"fill": PAPER},
    "s-one": {"stroke": ONE, "fill": "none"},
    "s-two": {"stroke": TWO, "fill": PAPER},
    "s-two-line": {"stroke": TWO, "fill": "none"},
    "s-ink": {"stroke": INK, "fill": "none"},
    "s-rest": {"stroke": REST, "fill": "none"},
    "c1": {"fill": "#e5ebf7"},
    "c2": {"fill": "#b2c4e9"},
    "c3": {"fill": "#85a0da"},
    "c4": {"fill": "#5174c5"},
    "c5": {"fill": "#2e53b2"},
    "c6": {"fill": "#092797"},
    "c7": {"fill": "#192857"},
    "area-line": {"stroke": PAPER, "stroke-width": "2", "stroke-linejoin": "round"},
    "area-thin": {"stroke": EDGE, "stroke-width": ".5", "stroke-linejoin": "round"},
    "area-edge": {"stroke": PAPER, "stroke-width": "1.5"},
    "area-key": {"stroke": EDGE},
    "area-out": {"stroke": EDGE, "fill": "none", "stroke-linejoin": "round"},
    "area-here": {"stroke": INK, "stroke-width": "3", "fill": "none", "stroke-linecap": "round"},
    "on-dark": {"fill": PAPER},
    "on-light": {"fill": INK},
}
_CLASS = re.compile(r' class="([^"]*)"')
# XML knows no other characters below the blank.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
GAP = 14.0
_HEAD = re.compile(r"<svg[^>]*>")
FONTS = "'Fira Sans', sans-serif"
# Left, top, right, bottom: whatever font the reader's machine has, its words stay inside.
MARGIN = (16.0, 12.0, 40.0, 12.0)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a chart in a file by itself: what it shows, and where it comes from."""

    heading: str = ""
    note: str = ""
    below: Sequence[str] = ()


def svg_file(chart: Chart, *, title: str, told: str, around: Around | None = None) -> bytes:
    """Draw a chart as a file that needs no sheet: colours and fonts stand in the drawing."""
    wide, high = (float(size) for size in (chart.width, chart.height))
    around = around or Around()
    heads = [*_written(around.heading, 20, wide, INK, 600), *_written(around.note, 15, wide)]
    feet = [line for text in around.below for line in _written(text, 13, wide)]
    head_high, feet_high = (sum(line.high for line in lines) for lines in (heads, feet))
    above = head_high + GAP if heads else 0.0
    left, top, right, bottom = MARGIN
    top, bottom = top + above, bottom + feet_high + (GAP if feet else 0.0)
    box = f"{-left:g} {-top:g} {wide + left + right:g} {high + top + bottom:g}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{FONTS}" viewBox="{box}" role="img"'
        ' aria-labelledby="chart-title chart-told">'
    )
    paper = f'<rect x="{-left:g}" y="{-top:g}" width="100%" height="100%" fill="{PAPER}"/>'
    words = _stacked(heads, -above) + _stacked(feet, high + GAP)
    drawn = _HEAD.sub(head, svg(chart, key="chart", title=title, told=told), count=1)
    body = _CLASS.sub(_attributes, drawn).replace("</desc>", f"</desc>{paper}{words}", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_CONTROL.sub("", body)}\n'.encode()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of words around a chart."""

    text: str
    size: int
    fill: str
    weight: int

    @property
    def high(self) -> float:
        return self.size * 1.4


def _written(
    text: str, size: int, wide: float, fill: str = MUTED, weight: int = 400
) -> list[_Line]:
    """Break a text into lines that fit above or below a chart."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= wide:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_Line(line, size, fill, weight) for line in lines]


def _stacked(lines: Sequence[_Line], y: float) -> str:
    drawn = ""
    for line in lines:
        y += line.high
        drawn += (
            f'<text x="0" y="{y - line.size * 0.4:g}" font-size="{line.size}" fill="{line.fill}"'
            f' font-weight="{line.weight}">{escape(line.text)}</text>'
        )
    return drawn


def _attributes(found: re.Match[str]) -> str:
    """Write what the sheet says of some classes as attributes."""
    styles: dict[str, str] = {}
    for name in found[1].split():
        styles |= STYLES.get(name, {})
    return "".join(f' {name}="{value}"' for name, value in styles.items())
