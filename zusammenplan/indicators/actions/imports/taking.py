"""Take files of statistics over: all of them or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.imports.compare import (
    CHANGED,
    COMPUTED,
    match,
    outlook_of,
    periods_of,
    settle,
)
from zusammenplan.indicators.actions.imports.gather import gather, known_import
from zusammenplan.indicators.actions.imports.making import adopt, make_areas, make_quantities
from zusammenplan.indicators.actions.imports.shapes import (
    ImportRefusedError,
    Origin,
    OtherThanShownError,
    Outlook,
    Wishes,
)
from zusammenplan.indicators.actions.imports.stage import JOINED, RAW, Stage
from zusammenplan.indicators.actions.locks import figures_alone
from zusammenplan.indicators.models import ColumnMapping, Quantity, StatisticsImport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from zusammenplan.indicators.actions.imports.gather import Gathered
    from zusammenplan.indicators.actions.imports.shapes import FileOutcome, SourceFile
    from zusammenplan.people.models import User

PUBLISHER = re.compile(r"©\s*(.+?),\s*(?:Deutschland\b|Germany\b|(?:19|20)\d{2})")
LICENCE = re.compile(r"lizenz|licen[cs]e", re.IGNORECASE)


def look_ahead(files: Sequence[SourceFile], wishes: Wishes) -> Outlook:
    """
    Tell what taking the files over would do; nothing is saved.

    :raises ImportRefusedError: if a file cannot be read
    """
    with Stage() as stage:
        gathered = gather(stage, files, wishes)
        settle(stage, gathered)
        match(stage, gathered)
        return outlook_of(stage, gathered, with_values=True)


def take_over(
    files: Sequence[SourceFile],
    wishes: Wishes,
    *,
    origins: Mapping[int, Origin] | None = None,
    by: User | None,
    now: datetime,
    seen: str | None = None,
) -> Outlook:
    """
    Take the files over, all of them or nothing, and compute anew what follows.

    They are read before the database is locked, so that nobody waits for that. ``seen`` is the
    fingerprint of what the page showed.

    :raises ImportRefusedError: if a file cannot be read, or files contradict each other
    :raises OtherThanShownError: if something else would happen than was shown
    """
    with Stage() as stage:
        gathered = gather(stage, files, wishes)
        settle(stage, gathered)
        stage_outlook = outlook_of(stage, gathered, with_values=False)
        if stage_outlook.contradictions:
            raise ImportRefusedError(
                _("The files contradict themselves or each other. Nothing was taken over.")
                + "\n"
                + "\n".join(stage_outlook.contradictions)
            )
        stage.forget_read()
        with transaction.atomic():
            figures_alone()
            return _take(stage, gathered, stage_outlook, origins or {}, by, now, seen)


def _take(
    stage: Stage,
    gathered: Gathered,
    outlook: Outlook,
    origins: Mapping[int, Origin],
    by: User | None,
    now: datetime,
    seen: str | None,
) -> Outlook:
    _demand_still_there(stage)
    if adopt(stage, gathered):
        outlook = outlook_of(stage, gathered, with_values=False)
    for number, file in enumerate(gathered.files):
        file.known = known_import(file.checksum)
        is_old = int(file.known is not None)
        stage.run("UPDATE zp_mark SET is_old = %s WHERE file = %s", [is_old, number])
    match(stage, gathered)
    if seen is not None and seen != outlook.fingerprint:
        raise OtherThanShownError(
            _("Something else would be taken over than was shown, for the data changed meanwhile.")
        )
    if outlook.changes_nothing and all(file.known for file in gathered.files):
        return outlook
    for number, file in enumerate(gathered.files):
        record = _record(file, origins.get(number, Origin()), by, now)
        outlook.imports.append(record)
        stage.run("UPDATE zp_mark SET source = %s WHERE file = %s", [record.pk, number])
    if not outlook.changes_nothing:
        deed = _("Import %(number)s") % {"number": outlook.imports[0].pk}
        make_quantities(stage, gathered, outlook, by=by, deed=deed)
        make_areas(stage, gathered, outlook, by=by, deed=deed)
        _write(stage)
    for file in gathered.files:
        if file.digest:
            _remember(file, gathered, now)
    recompute(quantities=_touched(gathered), periods=periods_of(gathered))
    return outlook


def _demand_still_there(stage: Stage) -> None:
    """Refuse to write values of what was deleted since the files were read."""
    gone = stage.ask(
        """
        SELECT 1 FROM zp_place p WHERE p.version IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM places_areaversion v WHERE v.id = p.version)
        UNION ALL SELECT 1 FROM zp_kind k WHERE k.quantity IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM indicators_quantity q WHERE q.id = k.quantity)
        """
    )
    if gone:
        raise OtherThanShownError(
            _(
                "Areas or quantities that the files name were deleted meanwhile. Nothing was taken "
                "over. Begin once more."
            )
        )


def _record(file: FileOutcome, origin: Origin, by: User | None, now: datetime) -> StatisticsImport:
    about = file.about
    proposed = proposed_origin(file)
    return keep(
        StatisticsImport(
            file_name=file.name[-200:],
            checksum=file.checksum,
            layout=about.layout.value,
            encoding=about.encoding,
            table=about.table[:60],
            title=about.title[:500],
            statistics=about.statistics[:60],
            as_of=about.as_of[:60],
            retrieved_on=origin.retrieved_on or localdate(now),
            publisher=(origin.publisher or proposed.publisher)[:200],
            licence=(origin.licence or proposed.licence)[:300],
            url=origin.url,
            rows=about.rows,
            values=file.values,
            new=file.new,
            changed=file.changed,
            unchanged=file.unchanged,
            skipped=file.skipped_count,
            refused=file.refused_count,
            imported_at=now,
            imported_by=by,
        ),
        by=by,
        deed=_("Figures taken over"),
    )


def proposed_origin(file: FileOutcome) -> Origin:
    """Propose publisher and licence as the file itself names them."""
    text = file.about.licence
    found = PUBLISHER.match(text)
    if found:
        rest = text[found.end() :].lstrip("., 0123456789")
        return Origin(publisher=found.group(1), licence=rest if LICENCE.search(rest) else "")
    return Origin(
        publisher=text.removeprefix("Quelle:").strip() if "Quelle" in text else "",
        licence=text if LICENCE.search(text) else "",
    )


def _write(stage: Stage) -> None:
    """Write what is new, replace what changed, and keep what it replaced."""
    is_unknown = ""
    if stage.ask("SELECT 1 FROM zp_match LIMIT 1"):
        _replace(stage)
        is_unknown = "AND NOT EXISTS (SELECT 1 FROM zp_match t WHERE t.key = s.key)"
    stage.run(
        f"""
        INSERT INTO indicators_observation (quantity_id, area_version_id, starts_on, ends_on, sex,
            age_from, age_to, other, value, sign, quality, raw, secrecy, source_id)
        SELECT k.quantity, p.version, p.starts_on, p.ends_on, k.sex, k.age_from, k.age_to, k.other,
            s.value, m.sign, m.quality, {RAW}, '', m.source
        {JOINED.format(more="")} {is_unknown}
        """
    )


def _replace(stage: Stage) -> None:
    stage.run(
        f"""
        INSERT INTO indicators_replacedvalue
            (observation_id, value, sign, quality, raw, source_id, replaced_by_id)
        SELECT o.id, o.value, o.sign, o.quality, o.raw, o.source_id, m.source
        FROM zp_stage s JOIN zp_match t ON t.key = s.key AND t.state = {CHANGED}
        JOIN zp_mark m ON m.number = s.mark
        JOIN indicators_observation o ON o.id = t.observation
        """  # noqa: S608 - our own words
    )
    stage.run(
        f"""
        UPDATE indicators_observation SET value = n.value, sign = n.sign, quality = n.quality,
            raw = n.raw, source_id = n.source, secrecy = ''
        FROM (
            SELECT t.observation, s.value, m.sign, m.quality, {RAW} AS raw, m.source
            FROM zp_stage s JOIN zp_match t ON t.key = s.key AND t.state IN ({CHANGED}, {COMPUTED})
            JOIN zp_mark m ON m.number = s.mark
        ) n WHERE n.observation = indicators_observation.id
        """  # noqa: S608 - our own words
    )


def _touched(gathered: Gathered) -> list[int]:
    return [it.pk for it in gathered.kinds.quantities if isinstance(it, Quantity)]


def _remember(file: FileOutcome, gathered: Gathered, now: datetime) -> None:
    """Keep what the columns mean, so that the next file with these headings is known."""
    mapping = gathered.wishes.mappings.get(file.digest)
    if mapping is None:
        ColumnMapping.objects.filter(headings=file.digest).update(used_at=now)
        return
    ColumnMapping.objects.update_or_create(
        headings=file.digest,
        defaults={"name": file.name[-200:], "columns": mapping.as_json(), "used_at": now},
    )
