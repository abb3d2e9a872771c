"""Compare the staged values with what is known: new, changed, unchanged, contradicting."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zusammenplan.indicators.actions.imports.shapes import MOST_SHOWN, Outlook, Shown
from zusammenplan.indicators.actions.imports.stage import (
    FILE_OF,
    JOINED,
    KIND_BITS,
    KIND_OF,
    PLACE_OF,
    Spot,
    spot_of,
)
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.places.models import AreaVersion

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.indicators.actions.imports.gather import Gathered
    from zusammenplan.indicators.actions.imports.stage import Stage

UNCHANGED, CHANGED, COMPUTED, OVERTAKEN = range(4)
MOST_CLASHES = 20
SAME_KEY = """
    o.quantity_id = k.quantity AND o.area_version_id = p.version
    AND o.ends_on = p.ends_on AND o.starts_on = p.starts_on AND o.sex = k.sex
    AND o.age_from = k.age_from AND o.age_to = k.age_to AND o.other = k.other
"""
SAME_VALUE = """
    (o.value = s.value OR (o.value IS NULL AND s.value IS NULL))
    AND o.sign = m.sign AND o.quality = m.quality
"""


def settle(stage: Stage, gathered: Gathered) -> None:
    """
    Decide on what only the whole of the files tells.

    Regions without a single number are none that exist; ``-`` is zero where the rule says so.
    """
    _fill_small(stage, gathered)
    twice = stage.sort()
    if twice:
        _count_twice(stage, gathered)
    _leave_out_numberless(stage, gathered)
    if any("-" in file.values for file in gathered.files):
        _make_zeros(stage)


def _fill_small(stage: Stage, gathered: Gathered) -> None:
    stage.fill(
        "zp_place",
        [
            (
                number,
                area.pk if isinstance(area, AreaVersion) else None,
                time.starts_on.isoformat(),
                time.ends_on.isoformat(),
            )
            for number, (area, time) in gathered.places.rows.items()
        ],
    )
    quantities = gathered.kinds.quantities
    known = [it.pk if isinstance(it, Quantity) else None for it in quantities]
    stage.fill(
        "zp_kind",
        [
            (number, which, known[which], int(quantities[which].is_additive), *of)
            for (which, of), number in gathered.kinds.rows.items()
        ],
    )
    is_old = [int(it.known is not None) for it in gathered.files]
    stage.fill(
        "zp_mark",
        [
            (number, sign, quality, file, None, is_old[file])
            for (sign, quality, file), number in gathered.marks.items()
        ],
    )


def _count_twice(stage: Stage, gathered: Gathered) -> None:
    rows = stage.ask(
        f"SELECT {FILE_OF.replace('s.', 'r.')}, COUNT(*) FROM zp_read r JOIN zp_stage s"  # noqa: S608
        " ON s.key = r.key AND s.at <> r.at GROUP BY 1"
    )
    for file, count in rows:
        gathered.files[file].skip("twice", count)


def _leave_out_numberless(stage: Stage, gathered: Gathered) -> None:
    wanted = gathered.places.wanted
    numberless = [
        number
        for number in gathered.places.candidates
        if getattr(gathered.places.rows[number][0], "key", "") not in wanted
    ]
    if not numberless:
        return
    stage.run("CREATE TEMPORARY TABLE zp_none (number INTEGER PRIMARY KEY)")
    stage.fill("zp_none", [(number,) for number in numberless])
    where = f"WHERE {PLACE_OF} IN (SELECT number FROM zp_none)"  # noqa: S608 - our own words
    counted = f"SELECT {FILE_OF}, COUNT(*) FROM zp_stage s {where} GROUP BY 1"  # noqa: S608
    for file, count in stage.ask(counted):
        gathered.files[file].skip("no_number", count)
    numberless_keys = f"SELECT s.key FROM zp_stage s {where}"  # noqa: S608
    stage.run(f"DELETE FROM zp_stage WHERE key IN ({numberless_keys})")  # noqa: S608
    stage.run("DROP TABLE zp_none")
    used = f"SELECT {KIND_OF} FROM zp_stage s"  # noqa: S608
    stage.run(f"DELETE FROM zp_kind WHERE number NOT IN ({used})")  # noqa: S608


def _make_zeros(stage: Stage) -> None:
    """Make ``-`` zero: of a count, where the area existed and the file has a number for it then."""
    stage.run(
        f"""
        UPDATE zp_stage SET value = 0 WHERE key IN (
            SELECT s.key FROM zp_stage s
            JOIN zp_mark m ON m.number = s.mark AND m.sign = '-'
            JOIN zp_kind k ON k.number = {KIND_OF} AND k.is_count = 1
            JOIN (
                SELECT DISTINCT {PLACE_OF} AS place, k.which, m.file FROM zp_stage s
                JOIN zp_mark m ON m.number = s.mark AND m.sign = ''
                JOIN zp_kind k ON k.number = {KIND_OF}
                WHERE s.value IS NOT NULL
            ) n ON n.place = {PLACE_OF} AND n.which = k.which AND n.file = m.file
        )
        """  # noqa: S608 - our own words
    )


def match(stage: Stage, gathered: Gathered) -> None:
    """Find what is known of each value, and count it for its file."""
    known = [it.pk for it in gathered.kinds.quantities if isinstance(it, Quantity)]
    stage.run("DELETE FROM zp_match")
    for file in gathered.files:
        file.new = file.changed = file.unchanged = 0
        file.skipped.pop("overtaken", None)
    matched = 0
    if known and Observation.objects.filter(quantity__in=known).exists():
        matched = stage.run(
            f"""
            INSERT INTO zp_match SELECT s.key, o.id, CASE
                WHEN o.source_id IS NULL THEN {COMPUTED}
                WHEN {SAME_VALUE} THEN {UNCHANGED}
                WHEN m.is_old = 1 THEN {OVERTAKEN} ELSE {CHANGED} END
            {JOINED.format(more="CROSS JOIN indicators_observation o")} AND {SAME_KEY}
            """
        )
    state, joined = "t.state", "LEFT JOIN zp_match t ON t.key = s.key"
    if not matched:
        state, joined = "NULL", ""
    of = FILE_OF if len(gathered.files) > 1 else "0"
    counted = f"SELECT {of}, {state}, COUNT(*) FROM zp_stage s {joined} GROUP BY 1, 2"  # noqa: S608
    for file, state, count in stage.ask(counted):
        outcome = gathered.files[file]
        if state is None or state == COMPUTED:
            outcome.new += count
        elif state == CHANGED:
            outcome.changed += count
        elif state == OVERTAKEN:
            outcome.skip("overtaken", count)
        else:
            outcome.unchanged += count


def outlook_of(stage: Stage, gathered: Gathered, *, with_values: bool) -> Outlook:
    """Tell what would happen; ``with_values`` also shows some of them, for the preview."""
    wanted = gathered.places.wanted
    seen: set[str] = set()
    used = {row[0] for row in stage.ask("SELECT DISTINCT which FROM zp_kind")}
    outlook = Outlook(
        gathered.files,
        quantities=[
            it
            for number, it in enumerate(gathered.kinds.quantities)
            if number in used and not isinstance(it, Quantity)
        ],
        areas=sorted(wanted.values(), key=lambda area: (len(area.key), area.key)),
        ambiguous=list(gathered.places.ambiguous.values()),
        contradictions=_contradictions(stage, gathered),
    )
    for file, number in (
        stage.ask(
            f"SELECT DISTINCT {FILE_OF}, {PLACE_OF} FROM zp_stage s ORDER BY 1"  # noqa: S608
        )
        if wanted
        else ()
    ):
        key = getattr(gathered.places.rows[number][0], "key", "")
        if key in wanted and key not in seen:
            seen.add(key)
            gathered.files[file].areas_added += 1
    if with_values:
        outlook.changed = _shown(stage, gathered, f"t.state = {CHANGED}")
        outlook.added = _shown(stage, gathered, f"(t.state IS NULL OR t.state = {COMPUTED})")
    return outlook


def _contradictions(stage: Stage, gathered: Gathered) -> list[str]:
    """Name the values that stand twice and differ, each with both places."""
    if not any("twice" in file.skipped for file in gathered.files):
        return []
    told = []
    kinds = list(gathered.kinds.rows)
    for key, first, second in stage.clashes(MOST_CLASHES):
        which, _of = kinds[key & ((1 << KIND_BITS) - 1)]
        quantity = gathered.kinds.quantities[which]
        area, time = gathered.places.rows[key >> KIND_BITS]
        told.append(
            _("%(quantity)s, %(area)s, %(time)s: %(first)s says otherwise than %(second)s.")
            % {
                "quantity": quantity.name,
                "area": area.name,
                "time": time.text,
                "first": _spot(gathered, first),
                "second": _spot(gathered, second),
            }
        )
    return told


def _spot(gathered: Gathered, spot: Spot) -> str:
    return _("“%(file)s”, line %(line)s, column %(column)s") % {
        "file": gathered.files[spot.file].name,
        "line": spot.line,
        "column": spot.column,
    }


def _shown(stage: Stage, gathered: Gathered, where: str) -> list[Shown]:
    rows = stage.ask(
        f"""
        SELECT s.at, {PLACE_OF}, {KIND_OF}, s.value, m.sign, m.quality,
            o.value, o.sign, o.quality, t.state
        FROM zp_stage s JOIN zp_mark m ON m.number = s.mark
        LEFT JOIN zp_match t ON t.key = s.key
        LEFT JOIN indicators_observation o ON o.id = t.observation
        WHERE {where} ORDER BY s.at LIMIT {MOST_SHOWN}
        """  # noqa: S608 - our own words
    )
    shown = []
    kinds = list(gathered.kinds.rows)
    for at, place, kind, value, sign, quality, *old, state in rows:
        area, time = gathered.places.rows[place]
        which, of = kinds[kind]
        spot = spot_of(at)
        shown.append(
            Shown(
                file=spot.file,
                row=spot.line,
                quantity=str(gathered.kinds.quantities[which].name),
                area=area.name,
                starts_on=time.starts_on,
                ends_on=time.ends_on,
                whom=of,
                old=(_decimal(old[0]), old[1], old[2]) if state == CHANGED else None,
                new=(_decimal(value), sign, quality),
            )
        )
    return shown


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value)).normalize()


def periods_of(gathered: Gathered) -> list[tuple[date, date]]:
    """Give the periods that occur, for computing anew what follows from them."""
    return sorted({(time.starts_on, time.ends_on) for _area, time in gathered.places.rows.values()})
