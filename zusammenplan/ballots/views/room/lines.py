"""What stands on the ballot: its measures with their grades, and how far one has come."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext as _

from zusammenplan.ballots.actions import Grades
from zusammenplan.ballots.models import Item, Round
from zusammenplan.ballots.queries import grade_words, items_of, scale_of
from zusammenplan.core.german import like


@dataclass(frozen=True, slots=True)
class GradeChoice:
    """One radio button."""

    value: str
    text: str
    word: str
    is_picked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One measure on the ballot with its radio buttons."""

    key: int
    number: str
    title: str
    text: str
    is_additional: bool
    is_done: bool
    grade: str
    choices: tuple[GradeChoice, ...]
    skips: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The measures of one field of action."""

    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many measures have a mark, and the next one that has none."""

    done: int
    total: int
    next_open: int | None

    @property
    def open(self) -> int:
        return self.total - self.done

    @property
    def width(self) -> int:
        """How far the bar of 160 units reaches."""
        return 160 * self.done // self.total if self.total else 0


def sections_of(round_: Round, grades: Grades) -> list[Section]:
    """Give the ballot's lines under their fields, in the order of the ballot."""
    scale = scale_of(round_).grades
    words = grade_words(round_, get_language() or "de")
    sections: dict[int | None, Section] = {}
    for item in items_of(round_):
        field = item.measure.field
        name = (
            like(field.name, f"{field.code}\N{EN SPACE}{field.name}")
            if field
            else _("Without a field")
        )
        section = sections.setdefault(field.pk if field else None, Section(name, []))
        section.lines.append(_line(item, grades, scale, words))
    return list(sections.values())


def _line(item: Item, grades: Grades, scale: tuple[int, ...], words: Mapping[int, str]) -> Line:
    is_done = item.pk in grades
    grade = grades.get(item.pk)
    return Line(
        key=item.pk,
        number=item.number,
        title=item.title,
        text=item.measure.text,
        is_additional=item.is_additional,
        is_done=is_done,
        grade="" if grade is None else str(grade),
        choices=tuple(
            GradeChoice(str(choice), str(choice), words.get(choice, ""), choice == grade)
            for choice in scale
        ),
        skips=is_done and grade is None,
    )


def words_between(words: Mapping[int, str], scale: tuple[int, ...]) -> list[str]:
    """Explain the grades if more than the two ends have words."""
    if not any(grade in words for grade in scale[1:-1]):
        return []
    return [f"{grade} = {words[grade]}" for grade in scale if grade in words]


def progress_of(round_: Round, grades: Grades) -> Progress:
    keys = round_.items.order_by("position", "pk").values_list("pk", flat=True)
    return progress_in([(key, key in grades) for key in keys])


def progress_in(lines: list[tuple[int, bool]]) -> Progress:
    open_ = [key for key, is_done in lines if not is_done]
    return Progress(
        done=len(lines) - len(open_), total=len(lines), next_open=open_[0] if open_ else None
    )
