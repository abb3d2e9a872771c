"""The preview of an import as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _, ngettext

from zusammenplan.places.queries.words import day_text, kind_name, period_text, some

if TYPE_CHECKING:
    from zusammenplan.places.queries.area_import import Comparison, NotTaken, Proposal, Taken


def summary(comparison: Comparison) -> str:
    """Count in a line what the file changes."""
    counts = [
        (_("new"), comparison.count("new")),
        (_("changed"), comparison.count("changed", "next")),
        (_("unchanged"), comparison.count("unchanged")),
        (_("refused"), len(comparison.refused)),
    ]
    return ", ".join(f"{number} {word}" for word, number in counts)


def shown(comparison: Comparison) -> dict[str, Any]:
    """Give what the page shows; values are formatted here, never in a loop of the template."""
    lines = [_line(one) for one in comparison.taken if one.fate != "unchanged"]
    return {
        "comparison": comparison,
        "seen": comparison.fingerprint,
        "lines": lines,
        "refused": _refused(comparison),
        "warnings": comparison.warnings,
        "proposals": [
            {"key": one.key, "text": proposal_text(one), "id": f"proposal-{number}"}
            for number, one in enumerate(comparison.proposals, start=1)
        ],
        "as_of_text": day_text(comparison.as_of),
        "sums": [
            {"label": _("new"), "value": comparison.count("new")},
            {"label": _("new versions"), "value": comparison.count("next")},
            {"label": _("changed"), "value": comparison.count("changed")},
            {"label": _("unchanged"), "value": comparison.count("unchanged")},
            {"label": _("refused"), "value": len(comparison.refused)},
        ],
    }


def _refused(comparison: Comparison) -> list[dict[str, str]]:
    """Tell each reason once, with all areas that it stops."""
    by_reason: dict[str, list[NotTaken]] = {}
    for one in comparison.refused:
        by_reason.setdefault(one.reason, []).append(one)
    return [
        {
            "numbers": some([str(one.number) for one in refused]),
            "names": some([one.name or "–" for one in refused]),
            "reason": reason,
        }
        for reason, refused in by_reason.items()
    ]


def _line(one: Taken) -> dict[str, Any]:
    words = {
        "new": _("new"),
        "changed": _("changed"),
        "next": _("new version"),
    }
    kind = one.values.get("kind") or (one.version.kind if one.version else one.source.kind)
    return {
        "number": one.source.number,
        "key": one.source.ags,
        "name": one.source.name,
        "kind": kind_name(kind, one.source.ags) if kind else "",
        "association": one.source.association or one.source.lies_in,
        "fate": words[one.fate],
        "days": _days(one),
        "changes": one.changes,
    }


def _days(one: Taken) -> str:
    if one.begins_anew:
        return period_text(one.begins_anew, None)
    if one.fate == "new":
        return period_text(one.values.get("valid_from"), one.values.get("valid_to"))
    return ""


def proposal_text(one: Proposal) -> str:
    """Say what the outlines tell, as a question to a person."""
    values = {
        "before": one.before.name,
        "key": one.before.ags,
        "after": one.after_name,
        "percent": one.percent,
        "day": day_text(one.on),
    }
    if one.ends:
        return (
            _(
                "“%(before)s” (%(key)s) is not in the file any more. %(percent)s %% of its outline "
                "lie in “%(after)s”, which changed on %(day)s. End it the day before and note that "
                "it became part of “%(after)s”."
            )
            % values
        )
    return (
        _(
            "“%(after)s” changed on %(day)s. %(percent)s %% of its outline before lie in the new "
            "one. Note that all of it went over."
        )
        % values
    )


def associations_text(number: int) -> str:
    """Say that associations are left out on purpose."""
    return ngettext(
        "The file names %(number)s association of municipalities. Associations are no areas of "
        "the list; each municipality keeps to which one it belongs.",
        "The file names %(number)s associations of municipalities. Associations are no areas of "
        "the list; each municipality keeps to which one it belongs.",
        number,
    ) % {"number": number}
