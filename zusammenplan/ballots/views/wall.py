"""The projector's page: who has voted and, where allowed, how the measures stand."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_safe

from zusammenplan.ballots import domain
from zusammenplan.ballots.choices import Audience, Way
from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import (
    MIRRORED_GROUPS,
    GroupInfo,
    ItemStanding,
    group_infos,
    hidden_because,
    items_of,
    result_of,
    scale_of,
    standing_label,
)
from zusammenplan.core.public import keep_for_a_moment, keep_value, kept_for_a_moment

KEPT_SECONDS = 2.0
TURN_SECONDS = 15  # how long each page of measures stays
LINES_A_PAGE = 7
LAST_PAGE, LONGEST_NUMBER = 99, 9

SEATS_A_ROW = 10
SEAT = 36  # distance from seat to seat

CHART_WIDTH, CHART_MIDDLE, BAR_ROOM = 408, 42, 36
LABELLED_GRADES = 12
SHORT_LINE = 44  # one longer title sets all of its page smaller, so that two lines hold them
SHORT_TITLE = 30
SEAT_ROWS_AT_MOST = 4  # more rows of seats than that would not fit beside the measures
GROUPS_WITH_PICTURES = 3
GROUPS_AT_MOST = 7


@dataclass(frozen=True, slots=True)
class Kept:
    """A part as it is sent, with its tag."""

    etag: str
    content: bytes
    compressed: bytes


@dataclass(frozen=True, slots=True)
class Seat:
    """One voter's place, taken or free."""

    x: int
    y: int
    is_in: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group's participation in words and as a picture."""

    name: str
    text: str
    seats: tuple[Seat, ...]
    height: int
    bar: int
    has_bar: bool
    is_second: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A grade's share of a group's marks."""

    x: str
    y: str
    width: str
    height: str
    is_second: bool


@dataclass(frozen=True, slots=True)
class WallLine:
    """One measure on the wall; without a result only its number and title."""

    number: str
    title: str
    degree: float | None
    text: str
    bars: tuple[Bar, ...]


@login_not_required
@require_safe
def wall(request: HttpRequest, wall_key: str) -> HttpResponse:
    """Show the page for the projector; it keeps itself fresh."""
    round_ = _round(wall_key)
    number = _asked_page(request)
    kept = _kept_state(wall_key, number)
    query = f"?seite={number}" if number else ""
    context = {
        "round": round_,
        "part": kept.content.decode(),
        "etag": kept.etag,
        "state_url": reverse("room:wall-state", args=[wall_key]) + query,
    }
    response = render(request, "ballots/room/wall.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@login_not_required
@require_safe
def wall_state(request: HttpRequest, wall_key: str) -> HttpResponse:
    """Answer the poll: 304 as long as nothing changed, made at most every two seconds."""
    number = _asked_page(request)
    # Read from the environment, because ``request.headers`` first makes a list of all of them.
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    etag = kept_for_a_moment(_tag_key(wall_key, number)) if known else None
    if etag and etag in known:
        return _tagged(HttpResponseNotModified(), etag)
    kept = _kept_state(wall_key, number)
    response: HttpResponse
    if kept.etag in known:
        response = HttpResponseNotModified()
    elif "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        response = HttpResponse(kept.compressed)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(kept.content)
    return _tagged(response, kept.etag)


def _tagged(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Accept-Encoding"
    return response


def _round(wall_key: str) -> Round:
    round_ = Round.objects.filter(wall_key=wall_key).first()
    if round_ is None:
        raise Http404
    return round_


def _asked_page(request: HttpRequest) -> int:
    """Give the page that somebody holds on to; 0 means that the pages take turns."""
    text = request.GET.get("seite", "")[:LONGEST_NUMBER]
    return min(int(text), LAST_PAGE) if text.isascii() and text.isdecimal() else 0


def _kept_state(wall_key: str, number: int) -> Kept:
    key = f"wall:{wall_key}:{get_language()}:{number}"
    kept: Kept = keep_for_a_moment(key, lambda: _make(wall_key, number), seconds=KEPT_SECONDS)
    return kept


def _tag_key(wall_key: str, number: int) -> str:
    return f"wall-tag:{wall_key}:{get_language()}:{number}"


def _make(wall_key: str, number: int) -> Kept:
    context = _state(_round(wall_key), number)
    content = render_to_string("ballots/room/wall.html#state", context).encode()
    # Weak, because the same tag stands for the compressed answer too.
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
    # The tag alone is enough for most polls; it is kept apart from the page it stands for.
    keep_value(_tag_key(wall_key, number), etag, seconds=KEPT_SECONDS)
    return Kept(etag, content, gzip.compress(content, mtime=0))


def _state(round_: Round, number: int) -> dict[str, Any]:
    now = timezone.now()
    groups = group_infos(round_)
    personal = [group for group in groups if group.is_personal]
    is_open = any(group.is_open(now) for group in groups)
    hidden = "" if round_.is_released else _hidden(round_, groups)
    scale = scale_of(round_)
    standings = [] if hidden else result_of(round_).items
    items = items_of(round_) if hidden else [one.item for one in standings]
    pages = max(1, -(-len(items) // LINES_A_PAGE))
    page = min(number, pages) if number else int(now.timestamp() // TURN_SECONDS) % pages + 1
    first = (page - 1) * LINES_A_PAGE
    part = slice(first, first + LINES_A_PAGE)
    shown = (
        [WallLine(one.number, one.title, None, "", ()) for one in items[part]]
        if hidden
        else _result_lines(standings, part, groups, scale)
    )
    return {
        "round": round_,
        "label": _label(round_, groups, is_open=is_open, hidden=bool(hidden)),
        "voted": sum(group.voted for group in personal),
        "voters": sum(group.voters for group in personal),
        "has_personal": bool(personal),
        "has_long_title": len(round_.title) > SHORT_TITLE,
        **_group_lines(groups),
        "is_voting": any(group.is_open(now) for group in personal),
        "hidden": hidden,
        "lines": shown,
        "has_long_lines": any(len(line.title) > SHORT_LINE for line in shown),
        "range": {"first": first + 1, "last": first + len(shown), "total": len(items)},
        "scale": _labels(scale.grades),
        "first": scale.most_urgent,
        "last": scale.least_urgent,
        "legend": [] if hidden else _legend(groups),
        "page": page,
        "pages": range(1, pages + 1),
        "is_held": bool(number),
    }


def _hidden(round_: Round, groups: Sequence[GroupInfo]) -> str:
    if because := hidden_because(round_, groups):
        return because
    if round_.audience == Audience.PLANNERS:
        return _("The result can be seen here as soon as it is released.")
    return ""


def _label(round_: Round, groups: Sequence[GroupInfo], *, is_open: bool, hidden: bool) -> str:
    if not hidden:
        return standing_label(round_)
    if is_open:
        return _("The vote is open")
    if any(group.opens_at is None for group in groups) or not groups:
        return _("The vote has not begun yet")
    return _("The vote has ended")


def _result_lines(
    standings: Sequence[ItemStanding],
    part: slice,
    groups: Sequence[GroupInfo],
    scale: domain.Scale,
) -> list[WallLine]:
    """Draw a part of the result; the bars of all parts are in proportion."""
    series = [_series(standing, groups) for standing in standings]
    largest = max((max(shares.values(), default=0.0) for s in series for shares in s), default=0.0)
    return [
        WallLine(
            number=standing.item.number,
            title=standing.item.title,
            degree=None if standing.result.degree is None else float(standing.result.degree),
            text=_marks_in_words(standing, groups),
            bars=tuple(_bars(shares, scale.grades, largest or 1.0)),
        )
        for standing, shares in zip(standings[part], series[part], strict=True)
    ]


def _series(standing: ItemStanding, groups: Sequence[GroupInfo]) -> list[dict[int, float]]:
    """Give each group's shares; three groups and more are counted together."""
    tallies = {group.key: group.tally for group in standing.result.groups}
    ordered = [tallies.get(group.key, {}) for group in groups]
    if len(ordered) > MIRRORED_GROUPS:
        together: dict[int, int] = {}
        for tally in ordered:
            for grade, count in tally.items():
                together[grade] = together.get(grade, 0) + count
        ordered = [together]
    return [_shares(tally) for tally in ordered]


def _shares(tally: dict[int, int]) -> dict[int, float]:
    marks = sum(tally.values())
    return {grade: count / marks for grade, count in tally.items() if count}


def _bars(
    series: Sequence[dict[int, float]], grades: Sequence[int], largest: float
) -> Iterable[Bar]:
    column = CHART_WIDTH / len(grades)
    for place, shares in enumerate(series):
        for position, grade in enumerate(grades):
            if grade in shares:
                height = max(BAR_ROOM * shares[grade] / largest, 2)
                below = place == 1
                yield Bar(
                    x=f"{position * column + column * 0.09:.1f}",
                    y=f"{CHART_MIDDLE + 2 if below else CHART_MIDDLE - 2 - height:.1f}",
                    width=f"{column * 0.82:.1f}",
                    height=f"{height:.1f}",
                    is_second=below,
                )


def _marks_in_words(standing: ItemStanding, groups: Sequence[GroupInfo]) -> str:
    tallies = {group.key: group.tally for group in standing.result.groups}
    parts = []
    for group in groups:
        marks = ", ".join(
            _("grade %(grade)s: %(count)s") % {"grade": grade, "count": count}
            for grade, count in sorted(tallies.get(group.key, {}).items())
        )
        parts.append(f"{group.name}: {marks or _('no mark')}")
    return "; ".join(parts)


def _legend(groups: Sequence[GroupInfo]) -> list[dict[str, object]]:
    if len(groups) > MIRRORED_GROUPS:
        return [{"text": _("all groups together"), "is_second": False}]
    if len(groups) == 1:
        return [{"text": groups[0].name, "is_second": False}]
    texts = (_("above: %(group)s"), _("below: %(group)s"))
    return [
        {"text": text % {"group": group.name}, "is_second": place == 1}
        for place, (text, group) in enumerate(zip(texts, groups, strict=False))
    ]


def _labels(grades: Sequence[int]) -> list[str]:
    """Name the columns; of a long scale only the ends."""
    if len(grades) <= LABELLED_GRADES:
        return [str(grade) for grade in grades]
    return [str(g) if g in {grades[0], grades[-1]} else "" for g in grades]


def _group_lines(groups: Sequence[GroupInfo]) -> dict[str, Any]:
    """
    Show each group as seats, as a bar when seats take too much room, and many only in words.

    What does not fit on the wall even so is counted.
    """
    seat_rows = sum(-(-group.voters // SEATS_A_ROW) for group in groups if group.is_personal)
    is_crowded = len(groups) > GROUPS_WITH_PICTURES
    shown = groups if len(groups) <= GROUPS_AT_MOST else groups[: GROUPS_AT_MOST - 1]
    more = len(groups) - len(shown)
    return {
        "groups": [
            _group_line(
                group,
                is_second=position % 2 == 1,
                has_picture=group.is_personal and not is_crowded,
                has_bar=seat_rows > SEAT_ROWS_AT_MOST,
            )
            for position, group in enumerate(shown)
        ],
        "is_crowded": is_crowded,
        "more_groups": ngettext("and %(count)s more group", "and %(count)s more groups", more)
        % {"count": more}
        if more
        else "",
    }


def _group_line(
    group: GroupInfo, *, is_second: bool, has_picture: bool, has_bar: bool
) -> GroupLine:
    seats: tuple[Seat, ...] = ()
    if has_picture and not has_bar:
        seats = tuple(
            Seat(
                x=place % SEATS_A_ROW * SEAT,
                y=place // SEATS_A_ROW * SEAT,
                is_in=place < group.voted,
            )
            for place in range(group.voters)
        )
    is_bar = has_picture and has_bar and group.voters > 0
    return GroupLine(
        name=f"{group.name}:",
        text=_group_state(group),
        seats=seats,
        height=-(-len(seats) // SEATS_A_ROW) * SEAT,
        bar=SEAT * SEATS_A_ROW * group.voted // group.voters if is_bar else 0,
        has_bar=is_bar,
        is_second=is_second,
    )


def _group_state(group: GroupInfo) -> str:
    values = {"voted": group.voted, "voters": group.voters}
    if group.is_personal:
        return _("%(voted)s of %(voters)s") % values
    if group.way == Way.TABLE:
        return _("marks from a table")
    if group.voters:
        return _("show of hands, %(voters)s present") % values
    return _("show of hands")
