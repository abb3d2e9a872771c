"""From a plan to the records of its sheets, each value in the one form that is compared."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from zusammenplan.plans.domain.workbook.shapes import ELSEWHERE, Record, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zusammenplan.plans.domain.content import (
        GoalContent,
        MeasureContent,
        NeedContent,
        PlanContent,
        RelationContent,
        Words,
    )

BREAKS = re.compile(r"\r\n|\r|\v|\f|\x85|\u2028|\u2029")
UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Records = dict[str, list[Record]]


def clean_text(text: str) -> str:
    """Give a text as a cell can hold it."""
    return UNWRITABLE.sub("", BREAKS.sub("\n", text)).strip()


def clean_name(text: str) -> str:
    """Give a name as a cell can hold it: on one line."""
    return " ".join(clean_text(text).split())


def names(wanted: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for it in wanted if (name := clean_name(it))}))


def records_of(content: PlanContent) -> Records:
    """Lay the plan out in the records of its sheets."""
    levels = {level.depth: clean_name(level.name.de) for level in content.levels}
    goal_labels = _labels((one.identity, one.number, one.title.de) for one in content.goals)
    need_labels = _labels((one.identity, one.number, one.title.de) for one in content.needs)
    labels = _labels((one.identity, one.number, one.title.de) for one in content.measures)
    indicator_labels = _labels(
        (f"i{one.pk}", "", f"{labels[measure.identity]}: {one.text.de}")
        for measure in content.measures
        for one in measure.indicators
    )
    records: Records = {
        "measures": [
            Record(one.identity, labels[one.identity], _measure(one)) for one in content.measures
        ],
        "goals": [
            Record(one.identity, goal_labels[one.identity], _goal(one, levels))
            for one in content.goals
        ],
        "needs": [
            Record(one.identity, need_labels[one.identity], _need(one)) for one in content.needs
        ],
        "costs": [],
        "milestones": [],
        "indicators": [],
        "values": [],
        "relations": [],
        "evidence": [],
        ELSEWHERE: _elsewhere(content, labels),
    }
    labels |= {one.key: one.label for one in records[ELSEWHERE]}
    for need in content.needs:
        records["evidence"] += _evidence(need, need_labels[need.identity])
    for measure in content.measures:
        name = labels[measure.identity]
        records["costs"] += _costs(measure, name)
        records["milestones"] += _milestones(measure, name)
        for one in _indicators(measure, indicator_labels):
            records["indicators"].append(one)
        records["values"] += _values(measure, indicator_labels)
        records["relations"] += _relations(content, measure, labels)
    return records


def labels_of(records: Records) -> dict[str, str]:
    """Give the label of every key."""
    return {one.key: one.label for rows in records.values() for one in rows}


def _labels(wanted: Iterable[tuple[str, str, str]], known: Iterable[str] = ()) -> dict[str, str]:
    """Name each record so that no two names are alike: by number, by title, by both."""
    rows = [(key, clean_name(number), clean_name(title)) for key, number, title in wanted]
    numbers = Counter(number.casefold() for _key, number, _title in rows)
    titles = Counter(title.casefold() for _key, _number, title in rows)
    labels: dict[str, str] = {}
    taken = {label.casefold() for label in known}
    for key, number, title in rows:
        if number and numbers[number.casefold()] == 1 and not titles[number.casefold()]:
            label = number
        elif title and titles[title.casefold()] == 1 and not numbers[title.casefold()]:
            label = title
        else:
            label = f"{number} {title}".strip() or "-"
        first, count = label, 1
        while label.casefold() in taken:
            count += 1
            label = f"{first} ({count})"
        taken.add(label.casefold())
        labels[key] = label
    return labels


def _texts(name: str, words: Words) -> Iterator[tuple[str, Value]]:
    yield f"{name}_de", clean_text(words.de)
    yield f"{name}_en", clean_text(words.en)


def _shared(one: NeedContent | MeasureContent) -> dict[str, Value]:
    return {
        "areas": names(one.areas),
        "target_groups": names(it.de for it in one.target_groups),
        "life_situations": names(it.de for it in one.life_situations),
    }


def _measure(one: MeasureContent) -> dict[str, Value]:
    return {
        "number": clean_name(one.number),
        "field": one.field or "",
        **dict(_texts("title", one.title)),
        **dict(_texts("text", one.text)),
        "title_easy": clean_text(one.title_easy),
        "text_easy": clean_text(one.text_easy),
        "status": one.status,
        "status_reason": clean_text(one.status_reason),
        "status_on": one.status_on,
        "period_text": clean_text(one.period.text),
        "starts_on": one.period.starts_on,
        "ends_on": one.period.ends_on,
        "responsible": clean_name(one.responsible),
        "partners": names(one.partners),
        "goals": tuple(sorted(one.goals)),
        "needs": tuple(sorted(one.needs)),
        **_shared(one),
        "source": clean_text(one.source),
    }


def _goal(one: GoalContent, levels: dict[int, str]) -> dict[str, Value]:
    return {
        "number": clean_name(one.number),
        "level": levels.get(one.level, "") if one.level is not None else "",
        "parent": one.parent or "",
        "field": one.field or "",
        **dict(_texts("title", one.title)),
        **dict(_texts("text", one.text)),
        "period_text": clean_text(one.period.text),
        "starts_on": one.period.starts_on,
        "ends_on": one.period.ends_on,
        "state": one.state,
        "state_reason": clean_text(one.state_reason),
        "needs": tuple(sorted(one.needs)),
    }


def _need(one: NeedContent) -> dict[str, Value]:
    return {
        "number": clean_name(one.number),
        "field": one.field or "",
        **dict(_texts("title", one.title)),
        **dict(_texts("text", one.text)),
        "strength": one.strength,
        "state": one.state,
        "state_reason": clean_text(one.state_reason),
        **_shared(one),
    }


def _costs(measure: MeasureContent, name: str) -> Iterator[Record]:
    for one in measure.costs:
        values: dict[str, Value] = {
            "measure": measure.identity,
            "year": one.year,
            "amount": one.amount,
            "source": clean_text(one.source),
            "note": clean_text(one.note),
        }
        yield Record(f"c{one.pk}", f"{name}: {one.year or ''} {one.source}".strip(": "), values)


def _milestones(measure: MeasureContent, name: str) -> Iterator[Record]:
    for one in measure.milestones:
        values: dict[str, Value] = {
            "measure": measure.identity,
            **dict(_texts("title", one.title)),
            "due_on": one.due_on,
            "moved_reason": clean_text(one.moved_reason),
            "done_on": one.done_on,
        }
        yield Record(f"m{one.pk}", f"{name}: {clean_name(one.title.de)}", values)


def _indicators(measure: MeasureContent, labels: dict[str, str]) -> Iterator[Record]:
    for one in measure.indicators:
        values: dict[str, Value] = {
            "measure": measure.identity,
            **dict(_texts("text", one.text)),
            "kind": one.kind,
            "reached_on": one.reached_on,
            "evidence": clean_text(one.evidence),
            "unit": clean_text(one.unit),
            "baseline": one.baseline,
            "baseline_on": one.baseline_on,
            "target": one.target,
            "target_on": one.target_on,
            "source": clean_text(one.source),
            "unit_en": clean_text(one.unit_en),
        }
        yield Record(f"i{one.pk}", labels[f"i{one.pk}"], values)


def _values(measure: MeasureContent, labels: dict[str, str]) -> Iterator[Record]:
    for indicator in measure.indicators:
        # Nobody types the values of the data.
        for one in () if indicator.tie else indicator.values:
            values: dict[str, Value] = {
                "indicator": f"i{indicator.pk}",
                "on": one.on,
                "value": one.value,
                "note": clean_text(one.note),
            }
            label = f"{labels[f'i{indicator.pk}']}, {one.on:%d.%m.%Y}"
            yield Record(f"v{one.pk}", label, values)


def _key_of_other(content: PlanContent, relation: RelationContent) -> str:
    """Tell a measure of another plan from its namesake in this one: identities stay over plans."""
    if relation.plan_slug == content.slug:
        return relation.identity
    return f"{relation.identity}@{relation.plan_slug}"


def _elsewhere(content: PlanContent, labels: Mapping[str, str]) -> list[Record]:
    """Name the measures of other plans that relations lead to."""
    wanted = {
        key: ("", f"{one.plan.de}: {one.title.de}")
        for measure in content.measures
        for one in measure.relations
        if "@" in (key := _key_of_other(content, one))
    }
    found = _labels(((key, *names) for key, names in wanted.items()), known=labels.values())
    return [Record(key, label, {}) for key, label in found.items()]


def _relations(
    content: PlanContent, measure: MeasureContent, labels: Mapping[str, str]
) -> Iterator[Record]:
    for one in measure.relations:
        other = _key_of_other(content, one)
        values: dict[str, Value] = {
            "measure": measure.identity,
            "kind": one.kind,
            "other": other,
            "note": clean_text(one.note),
        }
        yield Record(f"r{one.pk}", f"{labels[measure.identity]}: {labels[other]}", values)


def _evidence(need: NeedContent, name: str) -> Iterator[Record]:
    for one in need.evidence:
        values: dict[str, Value] = {
            "need": need.identity,
            "kind": one.kind,
            **dict(_texts("text", one.text)),
            "source": clean_text(one.source),
            "url": clean_name(one.url),
            "dated_on": one.dated_on,
        }
        yield Record(f"e{one.pk}", f"{name}: {clean_name(one.text.de)}", values)
