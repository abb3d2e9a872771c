"""
Rich text of few marks: read from HTML or from plain marks, written back, and addressed.

A text is a list of lines: paragraphs, headings of two levels, and items of lists. Whatever comes
in, only what :func:`write_html` writes is kept, so that no foreign tag or script can survive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import nh3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Kind = Literal["p", "h3", "h4", "ul", "ol"]
DEEPEST_LIST = 3
LONGEST_ADDRESS = 2000
SCHEMES = {"http", "https", "mailto"}
# Two lines are one and the same, edited, if so much of their text is alike.
ALIKE = 0.5
LONGEST_COMPARED = 4000

_BREAKS = {"p", "div", "li", "ul", "ol", "tr", "td", "th", "blockquote", "table", "section"}
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_INLINE = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
_KNOWN = _BREAKS | set(_HEADINGS) | set(_INLINE) | {"a", "br"}
_BLANK = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with the same marks; a line feed is a break within the line."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, heading or item. ``key`` is its address within the text."""

    kind: Kind
    runs: tuple[Run, ...]
    depth: int = 1
    key: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


# --- HTML --------------------------------------------------------------------------------


def clean_html(html: str) -> str:
    """Keep what we know of a text, with the keys of its lines."""
    return write_html(read_html(html))


def read_html(html: str) -> list[Line]:
    """Read HTML of whatever origin as lines."""
    safe = nh3.clean(
        html,
        tags=_KNOWN,
        clean_content_tags={"script", "style", "title", "template", "noscript", "iframe"},
        attributes={"a": {"href"}, **{tag: {"id"} for tag in ("p", "li", "h3", "h4")}},
        url_schemes=SCHEMES,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return reader.finish()


def write_html(lines: Sequence[Line]) -> str:
    """Write lines as HTML of few tags."""
    return "".join(_write(lines))


def _write(lines: Sequence[Line]) -> Iterator[str]:
    open_lists: list[str] = []
    for line in lines:
        if line.kind not in {"ul", "ol"}:
            while open_lists:
                yield f"</li></{open_lists.pop()}>"
            yield f"<{line.kind}{_id(line)}>{inline_html(line.runs)}</{line.kind}>"
            continue
        depth = min(line.depth, len(open_lists) + 1, DEEPEST_LIST)
        while len(open_lists) > depth:
            yield f"</li></{open_lists.pop()}>"
        if len(open_lists) == depth and open_lists[-1] != line.kind:
            yield f"</li></{open_lists.pop()}>"
        if len(open_lists) < depth:
            open_lists.append(line.kind)
            yield f"<{line.kind}>"
        else:
            yield "</li>"
        yield f"<li{_id(line)}>{inline_html(line.runs)}"
    while open_lists:
        yield f"</li></{open_lists.pop()}>"


def _id(line: Line) -> str:
    return f' id="{escape(line.key)}"' if line.key else ""


def inline_html(runs: Iterable[Run]) -> str:
    """Write the stretches of a line."""
    written = []
    for run in runs:
        text = escape(run.text, quote=False).replace("\n", "<br>")
        if run.italic:
            text = f"<em>{text}</em>"
        if run.bold:
            text = f"<strong>{text}</strong>"
        if run.href:
            text = f'<a href="{escape(run.href)}">{text}</a>'
        written.append(text)
    return "".join(written)


class _Reader(HTMLParser):
    """Turns HTML that nh3 has cleaned into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.runs: list[Run] = []
        self.key = ""
        self.heading: Kind | None = None
        self.lists: list[Kind] = []
        self.marks = {"bold": 0, "italic": 0}
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _HEADINGS or tag in _BREAKS:
            # The paragraph that an editor puts into an item is the item itself.
            key = self.key if tag == "p" and not self.runs and self.lists else ""
            self.flush()
            self.key = values.get("id") or key
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]  # type: ignore[assignment] # one of two kinds
        elif tag in {"ul", "ol"}:
            self.lists.append(tag)  # type: ignore[arg-type] # one of two kinds
        elif tag in _INLINE:
            self.marks[_INLINE[tag]] += 1
        elif tag == "a":
            self.hrefs.append(known_address(values.get("href") or ""))
        elif tag == "br":
            self.add("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS or tag in _BREAKS:
            self.flush()
            self.key = ""
        if tag in _HEADINGS:
            self.heading = None
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag in _INLINE:
            self.marks[_INLINE[tag]] = max(0, self.marks[_INLINE[tag]] - 1)
        elif tag == "a" and self.hrefs:
            self.hrefs.pop()

    def handle_data(self, data: str) -> None:
        self.add(_BLANK.sub(" ", _CONTROL.sub("", data)))

    def add(self, text: str) -> None:
        self.runs.append(
            Run(
                text,
                bold=self.marks["bold"] > 0 and self.heading is None,
                italic=self.marks["italic"] > 0,
                href=self.hrefs[-1] if self.hrefs else "",
            )
        )

    def flush(self) -> None:
        runs = tidy(self.runs)
        self.runs = []
        if not runs:
            return
        kind: Kind = self.heading or (self.lists[-1] if self.lists else "p")
        depth = min(max(1, len(self.lists)), DEEPEST_LIST) if kind in {"ul", "ol"} else 1
        key = self.key if re.fullmatch(r"[a-z0-9]{1,20}", self.key) else ""
        self.lines.append(Line(kind, runs, depth, key))
        self.key = ""

    def finish(self) -> list[Line]:
        self.flush()
        return self.lines


def known_address(href: str) -> str:
    """Give an address of the web or of mail; anything else is none."""
    href = _CONTROL.sub("", href).strip()
    if len(href) > LONGEST_ADDRESS or re.search(r"\s", href):
        return ""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        return href if "@" in parts.path else ""
    return href if parts.scheme in {"http", "https"} and parts.netloc else ""


def tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join stretches of the same marks, and leave no blanks at the ends or doubled."""
    joined: list[Run] = []
    for run in runs:
        text = re.sub(r" *\n *", "\n", re.sub(r"[ \t]+", " ", run.text))
        before = joined[-1].text[-1:] if joined else "\n"
        if before in {" ", "\n"}:
            text = text.lstrip(" ")
        if not text:
            continue
        if text.startswith("\n") and before == " ":
            joined[-1] = replace(joined[-1], text=joined[-1].text[:-1])
            if not joined[-1].text:
                joined.pop()
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and not joined[0].text.strip():
        joined.pop(0)
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


# --- marks -------------------------------------------------------------------------------

_SPECIAL = re.compile(r"([\\*\[\]])")
_LINE_START = re.compile(r"^(#{1,2} |- |\d+\. )")
_TOKEN = re.compile(
    r"\\(?P<escaped>[\\*\[\]#\-.0-9])|(?P<bold>\*\*)|(?P<italic>\*)"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])*)\]\((?P<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)"
)
_ITEM = re.compile(r"^(?P<indent> *)(?P<sign>-|\d+\.) +(?P<text>.*)$")
_HEAD = re.compile(r"^(?P<sign>#{1,2}) +(?P<text>.*)$")


def from_marks(text: str) -> list[Line]:
    """
    Read a text with marks.

    They are ``# heading``, ``## heading``, ``- item``, ``1. item``, ``**bold**``, ``*italic*`` and
    ``[words](address)``. An empty line ends a paragraph.
    """
    lines: list[Line] = []
    paragraph: list[str] = []

    def end() -> None:
        runs = tidy(_marked("\n".join(paragraph)))
        paragraph.clear()
        if runs:
            lines.append(Line("p", runs))

    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = _CONTROL.sub("", raw).rstrip()
        if not line.strip():
            end()
        elif head := _HEAD.match(line):
            end()
            kind: Kind = "h3" if head["sign"] == "#" else "h4"
            runs = tidy(replace(run, bold=False) for run in _marked(head["text"]))
            lines += [Line(kind, runs)] if runs else []
        elif item := _ITEM.match(line):
            end()
            depth = min(len(item["indent"]) // 2 + 1, DEEPEST_LIST)
            runs = tidy(_marked(item["text"]))
            lines += [Line("ul" if item["sign"] == "-" else "ol", runs, depth)] if runs else []
        else:
            paragraph.append(line.strip())
    end()
    return lines


def to_marks(lines: Sequence[Line]) -> str:
    """Write lines with marks, so that reading them gives the same lines."""
    parts: list[str] = []
    previous: Line | None = None
    for line in lines:
        is_item = line.kind in {"ul", "ol"}
        if previous is not None:
            close = is_item and previous.kind in {"ul", "ol"}
            parts.append("\n" if close else "\n\n")
        body = "".join(_mark(run) for run in line.runs)
        if is_item:
            sign = "-" if line.kind == "ul" else "1."
            parts.append(f"{'  ' * (line.depth - 1)}{sign} {body.replace(chr(10), ' ')}")
        elif line.kind == "p":
            parts.append("\n".join(map(_harmless_start, body.split("\n"))))
        else:
            parts.append(f"{'#' if line.kind == 'h3' else '##'} {body.replace(chr(10), ' ')}")
        previous = line
    return "".join(parts)


def _harmless_start(line: str) -> str:
    if found := _LINE_START.match(line):
        sign = found[0].rstrip()
        return f"{sign[:-1]}\\{sign[-1]}{line[len(sign) :]}" if sign != "-" else f"\\{line}"
    return line


def _mark(run: Run) -> str:
    text = _SPECIAL.sub(r"\\\1", run.text)
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :] if text.strip() else ""
    text = text.strip()
    if not text:
        return before
    if run.href:
        text = f"[{text}]({run.href})"
    sign = "**" * run.bold + "*" * run.italic
    return f"{before}{sign}{text}{sign[::-1]}{after}"


def _marked(text: str) -> Iterator[Run]:
    bold = italic = False
    here = 0
    for token in _TOKEN.finditer(text):
        if token.start() > here:
            yield Run(text[here : token.start()], bold=bold, italic=italic)
        here = token.end()
        if token["escaped"] is not None:
            yield Run(token["escaped"], bold=bold, italic=italic)
        elif token["bold"]:
            bold = not bold
        elif token["italic"]:
            italic = not italic
        else:
            label = re.sub(r"\\(.)", r"\1", token["label"])
            yield Run(label, bold=bold, italic=italic, href=known_address(token["href"]))
    if here < len(text):
        yield Run(text[here:], bold=bold, italic=italic)


# --- addresses ---------------------------------------------------------------------------


def carry_keys(old: Sequence[Line], new: Sequence[Line], fresh: Callable[[], str]) -> list[Line]:
    """
    Give each new line its key.

    It is that of the same line before, wherever it stands now, or of the line that it was edited
    from, else a fresh one. A key never goes to another line's text.
    """
    keys: dict[int, str] = {}
    left_old = _match_same(old, new, keys)
    _match_edited(old, new, keys, left_old)
    taken = {line.key for line in old} | set(keys.values())
    carried = []
    for place, line in enumerate(new):
        key = keys.get(place, "")
        while not key or (place not in keys and key in taken):
            key = fresh()
        taken.add(key)
        carried.append(replace(line, key=key))
    return carried


def _match_same(old: Sequence[Line], new: Sequence[Line], keys: dict[int, str]) -> list[int]:
    """Match lines of the same text, first in order, then wherever they went."""
    before, after = [line.text for line in old], [line.text for line in new]
    left = set(range(len(old)))
    for same in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for step in range(same.size):
            _match(old, keys, left, same.a + step, same.b + step)
    for there, text in enumerate(after):
        if there not in keys:
            here = next((place for place in sorted(left) if before[place] == text), None)
            if here is not None:
                _match(old, keys, left, here, there)
    return sorted(left)


def _match_edited(
    old: Sequence[Line], new: Sequence[Line], keys: dict[int, str], left_old: list[int]
) -> None:
    """Match what is left by likeness, the most alike first."""
    left = set(left_old)
    pairs = []
    for there, line in enumerate(new):
        if there in keys:
            continue
        for here in left_old:
            likeness = _likeness(old[here].text, line.text)
            if likeness >= ALIKE:
                pairs.append((-likeness, abs(here - there), here, there))
    for _unlikeness, _distance, here, there in sorted(pairs):
        if here in left and there not in keys:
            _match(old, keys, left, here, there)


def _match(
    old: Sequence[Line], keys: dict[int, str], left: set[int], here: int, there: int
) -> None:
    left.discard(here)
    if old[here].key:
        keys[there] = old[here].key


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(
        None, one[:LONGEST_COMPARED], other[:LONGEST_COMPARED], autojunk=False
    )
    # Both are cheap upper bounds; the exact likeness is not.
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


# --- footnotes ---------------------------------------------------------------------------

_NOTE = re.compile(r"\s?\(\((?P<note>(?:(?!\(\(|\)\)).)+)\)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or a footnote where ``note`` is filled."""

    run: Run
    note: str = ""


def pieces_of(runs: Iterable[Run]) -> list[Piece]:
    """Take the footnotes, ``((text))``, out of a line."""
    pieces = []
    for run in runs:
        here = 0
        for found in _NOTE.finditer(run.text):
            if found.start() > here:
                pieces.append(Piece(replace(run, text=run.text[here : found.start()])))
            note = " ".join(found["note"].split())
            if note:
                pieces.append(Piece(Run(""), note))
            here = found.end()
        if here < len(run.text):
            pieces.append(Piece(replace(run, text=run.text[here:])))
    return pieces


# --- tables ------------------------------------------------------------------------------


def read_cells(text: str) -> list[list[str]]:
    """Read a table: tabs between cells as Excel copies them, or bars, or semicolons."""
    lines = [
        _CONTROL.sub("", line)
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if line.strip()
    ]
    if not lines:
        return []
    sign = next((sign for sign in ("\t", "|", ";") if any(sign in line for line in lines)), "\t")
    rows = [[cell.strip() for cell in _edge(line, sign).split(sign)] for line in lines]
    if sign == "|":
        rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def write_cells(cells: Sequence[Sequence[str]]) -> str:
    """Write a table as Excel copies it."""
    return "\n".join("\t".join(cell.replace("\n", " ") for cell in row) for row in cells)


def _edge(line: str, sign: str) -> str:
    return line.strip().removeprefix("|").removesuffix("|") if sign == "|" else line
