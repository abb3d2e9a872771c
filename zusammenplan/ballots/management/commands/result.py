"""``zusammenplan result ROUND``: show the result of a prioritisation."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import RoundResult, result_of, result_record
from zusammenplan.core.numbers import NONE, decimal_text


class Command(BaseCommand):
    """Print a result as a table for people or, with --json, for scripts."""

    help = "Show the result of a prioritisation: released, or as the marks stand now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("round", help="the round's address, as at the end of its web address")
        parser.add_argument("--json", action="store_true", help="answer with JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["round"]
        round_ = Round.objects.filter(slug=slug).first()
        if round_ is None:
            known = ", ".join(Round.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(
                _("There is no round “%(slug)s”. There are: %(known)s")
                % {"slug": slug, "known": known or _("none yet")}
            )
        result = result_of(round_)
        if options["json"]:
            self.stdout.write(json.dumps(result_record(result), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_table(result))


def _table(result: RoundResult) -> str:
    lines = [result.round.title, result.label]
    if result.hidden_because:
        return "\n".join([*lines, "", result.hidden_because])
    rows = [(_("Rank"), _("Degree"), _("No."), _("Measure"))]
    rows += [
        (
            NONE if one.result.rank is None else str(one.result.rank),
            decimal_text(one.result.degree),
            one.item.number,
            one.item.title,
        )
        for one in result.items
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines.append("")
    for rank, degree, number, title in rows:
        figures = f"{rank:>{widths[0]}}  {degree:>{widths[1]}}"
        lines.append(f"{figures}  {number:<{widths[2]}}  {title}")
    return "\n".join(lines)
