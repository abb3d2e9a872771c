"""Words and small signs for ratings, averages and the state of a round."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.core.numbers import NONE
from zusammenplan.plans.choices import EvaluationStatus, RatingState
from zusammenplan.plans.domain.attainment import (
    RATED,
    TRAFFIC_LIGHT,
    Said,
    Scale,
    Summary,
    percent,
)

if TYPE_CHECKING:
    from zusammenplan.plans.domain.attainment import ScaleError

SIGN_SIDE = 16


def language() -> str:
    return get_language() or "de"


def percent_text(share: Fraction | None) -> str:
    """Write a share as whole percent; a dash for none."""
    if share is None:
        return NONE
    return f"{percent(share)}%" if language().startswith("en") else f"{percent(share)}\u00a0%"


def exact_percent_text(share: Fraction) -> str:
    """Write a percentage as somebody entered it, with its decimals."""
    text = f"{float(share * 100):.2f}".rstrip("0").rstrip(".")
    if language().startswith("en"):
        return f"{text}%"
    return f"{text.replace('.', ',')}\u00a0%"


def points_text(change: Fraction) -> str:
    """Write a change in percentage points, with its sign."""
    points = int(abs(change) * 100 + Fraction(1, 2))
    if not points:
        return _("unchanged")
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return ngettext("%(sign)s%(points)d point", "%(sign)s%(points)d points", points) % {
        "sign": sign,
        "points": points,
    }


def said_text(said: Said, scale: Scale) -> str:
    """Write what is said of one thing."""
    if said.state is None:
        return _("not rated")
    if said.state != RATED or said.share is None:
        return str(RatingState(said.state).label)
    if scale.is_percentage:
        return exact_percent_text(said.share)
    return scale.steps[scale.band_of(said.share)].say(language())


def said_sign(said: Said, scale: Scale) -> SafeString:
    """Write what is said of one thing, with a sign that needs no colour."""
    if said.state == RATED and said.share is not None:
        if scale.kind == TRAFFIC_LIGHT:
            kind = ("green", "amber", "red")[scale.band_of(said.share)]
        else:
            kind = "share"
        height = round(float(said.share) * (SIGN_SIDE - 4), 1)
    else:
        kind, height = (said.state or "unrated").replace("_", "-"), 0.0
    return _sign(kind, height, said_text(said, scale))


SHAPES = {
    "green": '<circle class="a-green" cx="8" cy="8" r="7"/>',
    "amber": '<path class="a-amber" d="M8 1l7.5 14H.5z"/>',
    "red": '<path class="a-red" d="M1.5 1.5h13v13h-13z"/>',
    "not-assessable": '<path class="a-line" d="M3 8h10"/>',
    "dropped": '<path class="a-line" d="M3 3l10 10M13 3L3 13"/>',
    "unrated": '<path class="a-open" d="M1.5 1.5h13v13h-13z"/>',
}


@lru_cache(maxsize=1024)
def _sign(kind: str, height: float, text: str) -> SafeString:
    if kind == "share":
        shape = format_html(
            '<rect class="a-box" x="1" y="1" width="14" height="14"/>'
            '<rect class="a-fill" x="2" y="{}" width="12" height="{}"/>',
            f"{14 - height:g}",
            f"{height:g}",
        )
    else:
        shape = SafeString(SHAPES[kind])
    return format_html(
        '<span class="zp-said"><svg class="zp-said__sign" viewBox="0 0 16 16" aria-hidden="true">'
        "{}</svg><span>{}</span></span>",
        shape,
        text,
    )


def rated_text(summary: Summary) -> str:
    """Say how many of all are rated: it stands beside every average."""
    if not summary.total:
        return NONE
    return _("%(rated)d of %(total)d rated (%(share)s)") % {
        "rated": summary.rated,
        "total": summary.total,
        "share": percent_text(summary.share_rated),
    }


def apart_words() -> list[str]:
    """Name what stays out of the average, in the order of the pictures."""
    return [
        str(RatingState.NOT_ASSESSABLE.label),
        str(RatingState.DROPPED.label),
        _("not rated"),
    ]


def summary_sentence(summary: Summary, scale: Scale) -> str:
    """Tell a distribution in words, for those who do not see the picture."""
    words = [band.say(language()) for band in scale.bands] + apart_words()
    counts = [
        *summary.distribution,
        summary.not_assessable,
        summary.dropped,
        summary.unrated,
    ]
    return ", ".join(f"{word}: {count}" for word, count in zip(words, counts, strict=True) if count)


def scale_error_text(error: ScaleError) -> str:
    """Say what is wrong with an own scale."""
    words = {"line": error.line}
    return {
        "few": _("An own scale needs at least two steps, one a line."),
        "many": _("An own scale has ten steps at most."),
        "empty": _("“%(line)s” has no words. Write them in front of the equals sign.") % words,
        "long": _("“%(line)s” is longer than 60 characters. Shorten it.") % words,
        "twice": _("“%(line)s” stands there twice. Each step needs its own words.") % words,
        "large": _("“%(line)s” is more than 100 %%.") % words,
        "order": _(
            "“%(line)s” must stand for less than the step above it. Begin with the best one."
        )
        % words,
    }[error.reason]


STATUS_SIGNS = {
    EvaluationStatus.PREPARED: "planned",
    EvaluationStatus.OPEN: "running",
    EvaluationStatus.CHECK: "partly",
    EvaluationStatus.CLOSED: "done",
}
