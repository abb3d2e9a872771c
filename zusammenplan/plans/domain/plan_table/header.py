"""Header and columns: where they stand, and what each column means."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.numbers import clean_number, is_number
from zusammenplan.plans.domain.plan_table.cells import Line, date_parts, split_number
from zusammenplan.plans.domain.plan_table.shapes import ColumnMeaning, NotAPlan, NotAPlanTableError

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADINGS: dict[ColumnMeaning, str] = {
    ColumnMeaning.NUMBER: (
        r"(lfd\.? ?)?(nr|nummer|no|number|ziffer|pos|position|id|code|kennziffer|kürzel|#)\.?"
        r"|(maßnahmen?|hf)[ -]?(nr|nummer)\.?|(nr|nummer)\.? (der )?maßnahmen?"
    ),
    ColumnMeaning.FIELD: (
        r"hf|handlungsfeld(er)?|themenfeld(er)?|aktionsfeld|feld|bereich|(leit)?thema"
        r"|schwerpunkt|kategorie|category|field( of action)?|area"
    ),
    ColumnMeaning.TITLE: (
        r"(?!art:).*(maßnahmen?|massnahmen?)|titel|bezeichnung|vorhaben|projekte?|handlungsziele?|name"
        r"|measures?|title|action|themenschwerpunkt.*|aktivität(en)?"
        r"|was( wir)? (vorhaben|planen|tun|machen)( wollen)?|was (wird|soll) getan( werden)?\??"
    ),
    ColumnMeaning.TEXT: (
        r"(kurz)?beschreibung|erläuterung(en)?|inhalte?|text|details?|description"
        r"|wozu( .*)?\??|zweck|was (sich ändern soll|soll sich ändern)\??|what shall change\??"
    ),
    ColumnMeaning.RESPONSIBLE: (
        r"verantwortlich.*|zuständig.*|federführ.*|träger|akteure?|responsible|lead"
        r"|(durch wen|wer)( macht[’']?s| macht (es|was)| ist zuständig)?\??"
        r"|umsetzung durch"
    ),
    ColumnMeaning.PERIOD: (
        r"(umsetzungs)?zeitraum|laufzeit|zeitplan|zeit(rahmen|schiene)?|termin|(bis )?wann\??"
        r"|period|time ?frame|when"
    ),
    ColumnMeaning.STATUS: (
        r"status|(umsetzungs|sach|bearbeitungs)?stand"
        r"|stand der (dinge|umsetzung|bearbeitung|maßnahmen?)|state"
    ),
    ColumnMeaning.GOAL: (
        r"(leit|ober|haupt|unter|teil|wirkungs)?ziele?(setzung)?|(strategische|operative)s? ziele?"
        r"|goals?"
    ),
    ColumnMeaning.INDICATOR: r"indikator(en)?|messgröße(n)?|erfolgskriteri(um|en)|indicators?",
    ColumnMeaning.PARENT: (
        r"übergeordnet.*|(ist )?teil von|gehört zu|(nr|nummer)\.? (des|der) übergeordneten.*"
        r"|(eltern|ober)(nummer|element|punkt|nr\.?)|parent.*|belongs to"
        r"|nummer der zeile darüber|number of the row above"
    ),
    ColumnMeaning.KIND: r"art(:.*)?|typ|(ziel)?ebene|kind(:.*)?|type|level",
    ColumnMeaning.PROGRESS: r"fortschritt.*|(umsetzungs|erfüllungs)grad.*|progress.*|%|prozent",
    ColumnMeaning.PARTNERS: (
        r"(kooperations)?partner.*|beteiligte.*|mitwirkende.*|partners?|mit wem\??"
    ),
    ColumnMeaning.BEGIN: r"(beginn|start|anfang)(datum|termin)?|begins?|start ?(date)?|von",
    ColumnMeaning.END: r"(ende|abschluss)(datum|termin)?|frist|ends?|end ?date|due( date)?|bis",
    ColumnMeaning.COST: (
        r"(gesamt|geschätzte |voraussichtliche )?kosten.*|(finanz|mittel)bedarf.*|budget.*|costs?.*"
        r"|geld|(geld|mittel|finanzierung) \d{4}( \(.*\))?"
    ),
    ColumnMeaning.NEED: r"(handlungs)?bedarfe?|needs?",
    ColumnMeaning.TARGET_GROUP: r"zielgruppen?|target groups?|für wen\??",
    ColumnMeaning.AREA: r"(planungs|sozial)r(aum|äume)|stadtteile?|gemeinden?|planning areas?",
}
# Meanings that several columns may have: costs of several years, goals of several levels.
SEVERAL = frozenset(
    {
        ColumnMeaning.GRADE,
        ColumnMeaning.IGNORED,
        ColumnMeaning.COST,
        ColumnMeaning.INDICATOR,
        ColumnMeaning.GOAL,
    }
)
GRADE_HEADING = re.compile(
    r"(?:(?:priorisierungs)?grad|note|prio(?:rität)?|stufe|grade|priority)?\.? ?"
    r"(\d{1,2})(?:\.|\)| ?[(=:–-].*)?",
    re.IGNORECASE,
)
SHORTEST_SCALE = 2
HEADING_WORDS_NEEDED = 2
MOST = 0.5
HEADER_WITHIN = 2_000
LONGEST_HEADING = 60
# “Geld 2027” heads a column; as a number it would be the 2027th of “Geld”.
WORD_AND_YEAR = re.compile(r"[^\W\d_]{2,}\.?[ -]?(?:19|20|21)\d\d")
ACTION_GOAL = re.compile(r"handlungsziele?", re.IGNORECASE)
NAMES_A_GOAL = re.compile(r".*(ziel|goal)", re.IGNORECASE)
OWN_TITLE = re.compile(r".*ma(ß|ss)nahmen?", re.IGNORECASE)


@dataclass(slots=True)
class Layout:
    header: list[Line]
    first_header: int
    first_body: int
    width: int
    meanings: dict[int, ColumnMeaning]
    grades: dict[int, int]
    is_ragged: bool
    second_scale: bool = False

    def index(self, meaning: ColumnMeaning) -> int | None:
        return next((index for index, given in self.meanings.items() if given is meaning), None)

    def indexes(self, meaning: ColumnMeaning) -> list[int]:
        return [index for index, given in self.meanings.items() if given is meaning]

    def heading(self, index: int) -> str:
        return heading_of(self.header, index)

    @property
    def is_tree(self) -> bool:
        """Tell a list of goals and measures, each naming the one above or what it is."""
        present = set(self.meanings.values())
        return bool(present & {ColumnMeaning.PARENT, ColumnMeaning.KIND}) and not self.grades

    @property
    def has_goals(self) -> bool:
        """Tell a table whose measures stand beside their goals."""
        return ColumnMeaning.GOAL in self.meanings.values() and not self.grades


def find_layout(lines: list[Line], given: Mapping[int, ColumnMeaning]) -> Layout:
    """
    Find header and columns of a plan's table.

    :raises NotAPlanTableError: if it has no numbers, or no titles
    """
    layout = find_columns(lines, given)
    body = lines[layout.first_body :]
    if not (layout.has_goals or layout.is_tree or _has_numbers(layout, body)):
        raise NotAPlanTableError(NotAPlan.NO_NUMBERS)
    if layout.is_tree and layout.index(ColumnMeaning.NUMBER) is None:
        raise NotAPlanTableError(NotAPlan.NO_NUMBERS)
    if layout.index(ColumnMeaning.TITLE) is None:
        raise NotAPlanTableError(NotAPlan.NO_TITLES)
    return layout


def find_columns(lines: list[Line], given: Mapping[int, ColumnMeaning]) -> Layout:
    first, size, grades, second_scale = _find_header(lines)
    header = lines[first : first + size]
    body = lines[first + size :]
    width = _width(header, body)
    meanings: dict[int, ColumnMeaning] = dict.fromkeys(grades, ColumnMeaning.GRADE)
    for index in range(width):
        if index not in meanings and (meaning := meaning_of(heading_of(header, index))):
            meanings[index] = meaning
    free = {index for index in range(width) if index not in grades}
    _keep_one_of_each(meanings, free, header, body)
    _overrule(meanings, grades, given, header, width)
    return Layout(
        header,
        first,
        first + size,
        width,
        {index: meanings.get(index, ColumnMeaning.IGNORED) for index in range(width)},
        dict(sorted(grades.items())),
        is_ragged=len({len(line.cells) for line in lines}) > 1,
        second_scale=second_scale,
    )


def _overrule(
    meanings: dict[int, ColumnMeaning],
    grades: dict[int, int],
    given: Mapping[int, ColumnMeaning],
    header: list[Line],
    width: int,
) -> None:
    """Give columns the meaning that a person chose; a column whose meaning moved is ignored."""
    chosen = {index: meaning for index, meaning in given.items() if 0 <= index < width}
    taken = set(chosen.values()) - SEVERAL
    for index, meaning in meanings.items():
        if meaning in taken:
            meanings[index] = ColumnMeaning.IGNORED
    meanings.update(chosen)
    for index, meaning in meanings.items():
        if meaning is not ColumnMeaning.GRADE:
            grades.pop(index, None)
        elif index not in grades:
            grade = _grade(heading_of(header, index))
            if grade is None or grade in grades.values():
                meanings[index] = ColumnMeaning.IGNORED
            else:
                grades[index] = grade


def _width(header: list[Line], body: list[Line]) -> int:
    widths = Counter(len(line.cells) for line in body if len(line.cells) > 1)
    usual = widths.most_common(1)[0][0] if widths else 1
    return max([usual, *(len(line.cells) for line in header)])


def _find_header(lines: list[Line]) -> tuple[int, int, dict[int, int], bool]:
    """Give first line and number of lines of the header, and the grade of each grade column."""
    worded: int | None = None
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        words = {meaning_of(cell) for cell in line.cells} - {None}
        if (scales := _scales(line)) and (worded is None or _is_only_header(line, scales)):
            above = lines[at - 1] if at else None
            size = 2 if above and not words and _may_be_header(above, line) else 1
            return at + 1 - size, size, scales[0], len(scales) > 1
        if (
            worded is None
            and len(words) >= HEADING_WORDS_NEEDED
            and words & {ColumnMeaning.TITLE, ColumnMeaning.NUMBER}
        ):
            worded = at
    if worded is not None:
        return worded, 1, {}, False
    first = _first_numbered(lines)
    if first is None:
        at = _first_row(lines)
        return at, int(at + 1 < len(lines) and _may_be_words(lines[at])), {}, False
    if first and _may_be_words(lines[first - 1]):
        return first - 1, 1, {}, False
    return first, 0, {}, False


def _first_row(lines: list[Line]) -> int:
    return next((at for at, line in enumerate(lines) if line.filled > 1), 0)


def _may_be_words(line: Line) -> bool:
    """Tell a header whose words nobody knows: short words over the columns, and no number."""
    return line.filled > 1 and not any(
        len(cell) > LONGEST_HEADING or _is_number(cell) or date_parts(cell) or split_number(cell)[0]
        for cell in line.cells
    )


def _is_only_header(line: Line, scales: list[dict[int, int]]) -> bool:
    """Tell a line of grades from a measure whose field and number happen to count on."""
    graded = {index for scale in scales for index in scale}
    return all(
        index in graded or not cell or meaning_of(cell) for index, cell in enumerate(line.cells)
    )


def _first_numbered(lines: list[Line]) -> int | None:
    """Find where a table without a header begins: a number in a cell of its own, text beside it."""
    for at, line in enumerate(lines):
        if len(line.cells) > 1 and any(
            _is_number(cell) and any(line.cells[index + 1 :])
            for index, cell in enumerate(line.cells)
        ):
            return at
    return None


def _is_number(cell: str) -> bool:
    return is_number(clean_number(cell)) and not WORD_AND_YEAR.fullmatch(cell)


def _may_be_header(line: Line, below: Line) -> bool:
    first = next(cell for cell in line.cells if cell)
    return 1 < len(line.cells) <= len(below.cells) and not is_number(clean_number(first))


def _scales(line: Line) -> list[dict[int, int]]:
    """Find runs of grades, such as 1 to 6, counting up or down; none if the row has a number."""
    runs: list[dict[int, int]] = []
    run: dict[int, int] = {}
    for index, cell in enumerate(line.cells):
        grade = _grade(cell)
        if grade is None:
            if cell:
                runs.append(run)
                run = {}
                if "." in cell and is_number(clean_number(cell)):
                    return []
            continue
        if run and not _counts_on(list(run.values()), grade):
            runs.append(run)
            run = {}
        run[index] = grade
    runs.append(run)
    return [run for run in runs if len(run) >= SHORTEST_SCALE]


def _counts_on(run: list[int], grade: int) -> bool:
    step = grade - run[-1]
    return abs(step) == 1 and (len(run) == 1 or step == run[-1] - run[-2])


def _grade(heading: str) -> int | None:
    found = GRADE_HEADING.fullmatch(heading)
    return int(found.group(1)) if found else None


def heading_of(header: list[Line], index: int) -> str:
    cells = [line.cell(index) for line in header]
    if len(cells) > 1 and _grade(cells[-1]) is not None:
        return cells[-1]
    return " ".join(cell for cell in cells if cell)


def meaning_of(heading: str) -> ColumnMeaning | None:
    words = heading.casefold().rstrip(" :*").replace("ß", "ss")
    for meaning, pattern in HEADINGS.items():
        if re.fullmatch(pattern.replace("ß", "ss"), words):
            return meaning
    return None


def _keep_one_of_each(
    meanings: dict[int, ColumnMeaning], free: set[int], header: list[Line], body: list[Line]
) -> None:
    """Let the first heading of a kind win, then find number and title by content."""
    seen: set[ColumnMeaning] = set()
    sample = [line for line in body if line.filled > 1]
    _tell_goals_from_numbers_above(meanings, header, sample)
    titles = [index for index in sorted(meanings) if meanings[index] is ColumnMeaning.TITLE]
    own = [index for index in titles if OWN_TITLE.fullmatch(heading_of(header, index))]
    for index in titles:
        if own and index != own[0]:
            is_goal = ACTION_GOAL.fullmatch(heading_of(header, index))
            meanings[index] = ColumnMeaning.GOAL if is_goal else ColumnMeaning.IGNORED
    for index in sorted(meanings):
        meaning = meanings[index]
        if meaning not in SEVERAL and meaning in seen:
            meanings[index] = ColumnMeaning.IGNORED
        seen.add(meaning)
    of_goals = ColumnMeaning.GOAL in seen and not any(
        meaning is ColumnMeaning.GRADE for meaning in meanings.values()
    )
    if ColumnMeaning.NUMBER not in seen and not of_goals:
        numbered = {index: _share_of_numbers(sample, index) for index in free}
        candidates = [
            index
            for index in sorted(free)
            if numbered[index] >= MOST
            and meanings.get(index) in {ColumnMeaning.FIELD, ColumnMeaning.IGNORED, None}
        ]
        if candidates:
            meanings[candidates[0]] = ColumnMeaning.NUMBER
    if ColumnMeaning.TITLE not in meanings.values():
        lengths = {index: sum(len(line.cell(index)) for line in sample) for index in free}
        for usable in ({None, ColumnMeaning.TEXT, ColumnMeaning.IGNORED}, {ColumnMeaning.FIELD}):
            texts = [at for at in sorted(free) if meanings.get(at) in usable and lengths[at]]
            if texts:
                meanings[max(texts, key=lengths.__getitem__)] = ColumnMeaning.TITLE
                break


def _tell_goals_from_numbers_above(
    meanings: dict[int, ColumnMeaning], header: list[Line], sample: list[Line]
) -> None:
    """Read “Übergeordnetes Ziel” over words as goals; over numbers it names the rows above."""
    for index, meaning in meanings.items():
        if (
            meaning is ColumnMeaning.PARENT
            and NAMES_A_GOAL.match(heading_of(header, index))
            and any(line.cell(index) for line in sample)
            and _share_of_numbers(sample, index) < MOST
        ):
            meanings[index] = ColumnMeaning.GOAL


def _share_of_numbers(lines: list[Line], index: int) -> float:
    cells = [line.cell(index) for line in lines if line.cell(index)]
    good = sum(1 for cell in cells if is_number(clean_number(cell)) or date_parts(cell))
    return good / len(cells) if cells and len(cells) >= len(lines) / 4 else 0


def _has_numbers(layout: Layout, body: list[Line]) -> bool:
    if layout.index(ColumnMeaning.NUMBER) is not None:
        return True
    title = layout.index(ColumnMeaning.TITLE)
    return any(split_number(line.cell(title))[0] for line in body)
