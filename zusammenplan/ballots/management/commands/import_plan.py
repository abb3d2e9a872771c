"""``zusammenplan import plan FILE``: take over a plan's table, with the marks of its groups."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.actions import RefusedError, TakenOver, take_over
from zusammenplan.ballots.actions.outlook import LONGEST_TITLE
from zusammenplan.ballots.forms.table_files import readable_name
from zusammenplan.core.locks import in_one_snapshot
from zusammenplan.core.tables import UnreadableFileError, demand_size, read_tables
from zusammenplan.plans.actions import RowRefusedError
from zusammenplan.plans.domain.plan_table import (
    NotAPlanTableError,
    PlanTable,
    RowsAs,
    best_table,
    understand,
)
from zusammenplan.plans.domain.plan_table.marks import sign_named
from zusammenplan.plans.domain.table_rows import heading_above
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries.table_words import hint_text, not_a_plan_text, reason_text


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    heading: str
    table: PlanTable


class Command(BaseCommand):
    """Take over what could be read, all of it or nothing; name the rows that could not."""

    help = "Take over a plan's table (TSV, CSV, XLSX, DOCX or text) with its fields and measures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file with the table")
        target = parser.add_mutually_exclusive_group()
        target.add_argument(
            "--title", help="the plan's title; a plan of this title is continued, else it is added"
        )
        target.add_argument("--plan", metavar="SLUG", help="the address of an existing plan")
        parser.add_argument(
            "--marks-of",
            action="append",
            default=[],
            metavar="GROUP",
            help="whose marks stand in the table; SIGN=GROUP where it holds several signs",
        )
        parser.add_argument(
            "--action-goals",
            choices=[it.value for it in RowsAs],
            default=RowsAs.MEASURES.value,
            help="what the action goals of a table of goals become (default: measures)",
        )
        parser.add_argument("--dry-run", action="store_true", help="answer, but write nothing")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file = _read(Path(options["file"]), RowsAs(options["action_goals"]))
        plan = _plan(options["plan"]) if options["plan"] else None
        title = " ".join((options["title"] or "").split()) or file.heading
        if len(title) > LONGEST_TITLE:
            raise CommandError(
                _("The title is longer than %(limit)s characters. Shorten it.")
                % {"limit": LONGEST_TITLE}
            )
        marks_of = _marks_of(options["marks_of"], file.table)
        try:
            taken = _take_over(file, plan, title, marks_of, dry_run=options["dry_run"])
        except (RefusedError, RowRefusedError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(_record(taken, file.table), ensure_ascii=False))
        else:
            self.stdout.write(_words(taken, file.table, dry_run=options["dry_run"]))


@in_one_snapshot
def _take_over(
    file: _File, plan: Plan | None, title: str, marks_of: dict[str, str], *, dry_run: bool
) -> TakenOver:
    taken = take_over(
        file.table,
        plan=plan,
        title=title,
        marks_of=marks_of,
        source=file.name,
        by=None,
        now=timezone.now(),
    )
    if dry_run:
        transaction.set_rollback(True)
    return taken


def _read(path: Path, rows_as: RowsAs) -> _File:
    try:
        if path.is_dir():
            raise CommandError(
                _("“%(file)s” is a folder. Name the file with the table.") % {"file": path}
            )
        demand_size(path.name, path.stat().st_size)
        tables = read_tables(path.name, path.read_bytes())
        best = best_table([[(row.number, row.cells) for row in table.rows] for table in tables])
    except FileNotFoundError as fault:
        raise CommandError(_("There is no file “%(file)s”.") % {"file": path}) from fault
    except OSError as fault:
        raise CommandError(
            _("The file “%(file)s” cannot be read: %(fault)s")
            % {"file": path, "fault": fault.strerror}
        ) from fault
    except UnreadableFileError as refusal:
        raise CommandError(str(refusal)) from refusal
    except NotAPlanTableError as refusal:
        raise CommandError(not_a_plan_text(refusal.reason)) from refusal
    if not (best.plan.measures or best.plan.goals):
        reasons = [_("Not a single measure could be read."), *_refused_lines(best.plan)]
        raise CommandError("\n".join(reasons))
    heading = heading_above(best.rows, best.plan) or readable_name(path.name)
    table = best.plan if rows_as is RowsAs.MEASURES else understand(best.rows, rows_as=rows_as)
    return _File(path.name, heading[:LONGEST_TITLE], table)


def _plan(slug: str) -> Plan:
    plan = Plan.objects.filter(slug=slug).first()
    if plan is None:
        known = ", ".join(Plan.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(
            _("There is no plan “%(slug)s”. There are: %(known)s")
            % {"slug": slug, "known": known or _("none yet")}
        )
    return plan


def _marks_of(given: Sequence[str], table: PlanTable) -> dict[str, str]:
    """Tell whose sign is whose: named, or by the legend, or because there is only one."""
    if given and not table.signs:
        raise CommandError(_("The table holds no marks. Leave out --marks-of."))
    signs: dict[str, str] = {}
    for words in given:
        before, equals, after = words.partition("=")
        sign = sign_named(before.strip()) if equals else None
        group = after.strip() if sign else words.strip()
        sign = sign or _sign_of(group, table)
        if not group or sign in signs:
            raise CommandError(
                _("--marks-of needs one group for each sign, such as “x=Steering group”.")
            )
        signs[sign] = group
    return signs


def _sign_of(group: str, table: PlanTable) -> str:
    by_legend = [sign for sign, name in table.legend.items() if name.casefold() == group.casefold()]
    if by_legend and by_legend[0] in table.signs:
        return by_legend[0]
    if len(table.signs) == 1:
        return table.signs[0]
    raise CommandError(
        _(
            "The table holds marks of several groups: %(signs)s. Say whose each is, "
            "such as --marks-of “%(sign)s=%(group)s”."
        )
        % {"signs": ", ".join(table.signs), "sign": table.signs[0], "group": group}
    )


def _record(taken: TakenOver, table: PlanTable) -> dict[str, object]:
    """Give the answer as scripts read it (docs/commands.md)."""
    return {
        "plan": taken.plan.slug,
        "round": taken.round.slug if taken.round else None,
        "fields": len(table.fields),
        "goals": len(table.goals),
        "measures": len(table.measures),
        "indicators": table.indicator_count,
        "changed": taken.changed,
        "refused": [
            {"row": refused.row, "reason": reason_text(refused)} for refused in taken.refused
        ],
    }


def _words(taken: TakenOver, table: PlanTable, *, dry_run: bool) -> str:
    lines = [
        f"{taken.plan.title} ({taken.plan.slug})",
        _("%(fields)s, %(goals)s%(measures)s; %(changed)s new or changed")
        % {
            "goals": _goal_words(table),
            "fields": ngettext(
                "%(count)s field of action", "%(count)s fields of action", len(table.fields)
            )
            % {"count": len(table.fields)},
            "measures": ngettext("%(count)s measure", "%(count)s measures", len(table.measures))
            % {"count": len(table.measures)},
            "changed": taken.changed,
        },
    ]
    if taken.round:
        lines.append(
            _("Marks: round “%(round)s” (%(slug)s)")
            % {"round": taken.round.title, "slug": taken.round.slug}
        )
    lines += [
        _("Row %(row)s: %(text)s") % {"row": note.row, "text": hint_text(note)}
        for note in table.notes
    ]
    if taken.refused:
        lines += ["", _("Not taken over:"), *_refused_lines(table)]
    if dry_run:
        lines += ["", _("Nothing was written.")]
    return "\n".join(lines)


def _goal_words(table: PlanTable) -> str:
    if not table.goals:
        return ""
    count = len(table.goals)
    return ngettext("%(count)s goal", "%(count)s goals", count) % {"count": count} + ", "


def _refused_lines(table: PlanTable) -> list[str]:
    return [
        _("Row %(row)s: %(text)s") % {"row": refused.row, "text": reason_text(refused)}
        for refused in table.refused
    ]
