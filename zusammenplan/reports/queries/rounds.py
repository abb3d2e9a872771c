"""What a round says on paper, before the vote and after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _, ngettext

from zusammenplan.ballots import domain
from zusammenplan.ballots.choices import OwnResult, ProposalStatus, Stage, Way
from zusammenplan.ballots.models import Item, Mark, Round
from zusammenplan.ballots.queries import (
    GroupInfo,
    ItemStanding,
    RoundResult,
    agreement_text,
    grade_words,
    group_infos,
    items_of,
    result_of,
    rule_of,
    rule_words,
    standing_label,
    steps_text,
    turnout_of,
)
from zusammenplan.core.context import municipality
from zusammenplan.core.german import like
from zusammenplan.core.numbers import NONE, decimal_text
from zusammenplan.reports.queries.paper import (
    Fact,
    GroupMarks,
    Kind,
    Paper,
    PaperField,
    PaperGroup,
    PaperRow,
    Sign,
    Vote,
    clean,
    day,
)


def paper_of(round_: Round, kind: Kind, *, now: datetime) -> Paper:
    """Gather what the round's document says, in the language that is active."""
    result = result_of(round_) if kind == Kind.RESULT else None
    rule = result.rule if result else rule_of(round_)
    infos = result.groups if result else group_infos(round_)
    groups = _groups(infos, rule)
    standings = {one.item.pk: one for one in result.items} if result else {}
    known = _items(round_, result)
    rows = {item.pk: _row(item, standings.get(item.pk), groups, rule) for item in known}
    words_given = _grade_words(round_, rule.scale)
    place = municipality()
    return Paper(
        kind=kind,
        language=(get_language() or "de")[:2],
        slug=round_.slug,
        title=clean(round_.title),
        subject=_("Result of the prioritisation") if result else _("Handout for the vote"),
        plan=clean(round_.plan.title),
        office=clean(place.authority or place.name),
        unit=clean(place.unit),
        contact=", ".join(filter(None, (clean(place.phone), clean(place.email)))),
        address=_address(round_) if result else "",
        label=_label(round_),
        is_final=round_.is_released,
        hidden_because=result.hidden_because if result else "",
        made_at=timezone.localtime(now),
        made_on=day(now),
        lead=_lead(round_, result, len(known)),
        grades=rule.scale.grades,
        scale=_scale(rule.scale, words_given),
        grade_words=tuple(Fact(str(grade), word) for grade, word in words_given.items()),
        groups=groups,
        fields=_fields(known, rows),
        ranking=tuple(rows[one.item.pk] for one in result.items) if result else (),
        legend=_legend(groups),
        rule=_rule(round_, rule, groups),
        next_steps=_next_steps(round_, infos, now),
        takes_proposals=round_.takes_proposals,
    )


def votes_of(round_: Round) -> list[Vote]:
    """Give who voted what in an open round, for the planners' own table."""
    if round_.is_secret:
        return []
    marks = (
        Mark.objects.filter(group__round=round_)
        .select_related("group", "item", "ballot__voter")
        .order_by("group__position", "group_id", "ballot__voter__name", "item__position")
    )
    return [
        Vote(
            group=clean(mark.group.name),
            voter=clean(mark.ballot.voter.name),
            number=clean(mark.item.number),
            title=clean(mark.item.title),
            grade=mark.grade,
        )
        for mark in marks
    ]


def _items(round_: Round, result: RoundResult | None) -> list[Item]:
    """Give what is voted on; of a released round, what was on the ballot then."""
    if result and result.items:
        return sorted((one.item for one in result.items), key=lambda item: (item.position, item.pk))
    return items_of(round_)


def _fields(items: Sequence[Item], rows: dict[int, PaperRow]) -> tuple[PaperField, ...]:
    names: dict[int | None, str] = {}
    gathered: dict[int | None, list[PaperRow]] = {}
    for item in items:
        key = item.measure.field_id
        names[key] = rows[item.pk].field
        gathered.setdefault(key, []).append(rows[item.pk])
    # Measures without a field come last, whatever their place on the ballot.
    keys = sorted(gathered, key=lambda key: key is None)
    return tuple(PaperField(names[key], tuple(gathered[key])) for key in keys)


def _row(
    item: Item, standing: ItemStanding | None, groups: Sequence[PaperGroup], rule: domain.Rule
) -> PaperRow:
    field = item.measure.field
    number, title = clean(item.number), clean(item.title)
    name = clean(str(field)) if field else _("Without a field of action")
    if standing is None:
        return PaperRow(number, title, name, item.is_additional)
    result = standing.result
    marks = _marks(result, groups, rule)
    return PaperRow(
        number=number,
        title=title,
        field=name,
        is_additional=item.is_additional,
        cells=_cells(marks, rule.scale),
        groups=marks,
        marks=result.marks,
        degree=result.degree,
        degree_text=decimal_text(result.degree),
        place=None if result.degree is None else _place(result.degree, rule.scale),
        rank=result.rank,
        rank_text=NONE if result.rank is None else str(result.rank),
        agreement=result.agreement,
        agreement_text=agreement_text(result.agreement),
        difference=result.difference,
        difference_text=steps_text(result.difference) if len(groups) > 1 else "",
        sentence=clean(standing.sentence),
        picture_text=_picture_text(marks, rule.scale),
    )


def _marks(
    result: domain.ItemResult, groups: Sequence[PaperGroup], rule: domain.Rule
) -> tuple[GroupMarks, ...]:
    known = {group.key: group for group in groups}
    counting = {group.key: group.counts_marks for group in rule.groups}
    return tuple(
        GroupMarks(
            name=known[one.key].name,
            sign=known[one.key].sign,
            counts_marks=counting[one.key],
            counts=tuple(one.tally.get(grade, 0) for grade in rule.scale.grades),
            marks=one.marks,
            majority=one.majority,
            median=one.median,
            value=one.value,
        )
        for one in result.groups
    )


def _cells(marks: Sequence[GroupMarks], scale: domain.Scale) -> tuple[tuple[Sign, ...], ...]:
    """Put into each grade's cell the signs of the groups that gave it, with how many marks."""
    return tuple(
        tuple(
            Sign(
                f"{group.sign}\N{NO-BREAK SPACE}{group.counts[column]}"
                if group.counts_marks
                else group.sign,
                group.value == grade,
            )
            for group in marks
            if group.counts[column]
        )
        for column, grade in enumerate(scale.grades)
    )


def _groups(infos: Sequence[GroupInfo], rule: domain.Rule) -> tuple[PaperGroup, ...]:
    rules = {group.key: group for group in rule.groups}
    given = [clean(info.mark) or "x" for info in infos]
    # Two groups with one sign could not be told apart on paper: they are numbered.
    signs = [
        f"{sign}{number}" if given.count(sign) > 1 else sign
        for number, sign in enumerate(given, start=1)
    ]
    return tuple(
        PaperGroup(
            key=info.key,
            name=clean(info.name),
            sign=sign,
            how=str(Way(info.way).label),
            when=_when(info),
            turnout=_turnout(info),
            own_result=str(OwnResult(rules[info.key].own_result).label),
        )
        for info, sign in zip(infos, signs, strict=True)
    )


def _lead(round_: Round, result: RoundResult | None, measures: int) -> tuple[str, ...]:
    values = {"count": measures, "plan": clean(round_.plan.title)}
    if result is None:
        asked = ngettext(
            "%(count)s measure of the plan “%(plan)s” is put to the vote: what shall come first?",
            "%(count)s measures of the plan “%(plan)s” are put to the vote: what shall come first?",
            measures,
        )
        return (asked % values, *_paragraphs(round_.intro))
    if result.hidden_because:
        return (clean(result.hidden_because),)
    told = ngettext(
        "%(count)s measure of the plan “%(plan)s” was put to the vote.",
        "%(count)s measures of the plan “%(plan)s” were put to the vote.",
        measures,
    )
    unrated = sum(one.result.rank is None for one in result.items)
    if not unrated:
        return (told % values,)
    without = ngettext("%(count)s of them has no rank.", "%(count)s of them have no rank.", unrated)
    return (f"{told % values} {without % {'count': unrated}}",)


def _rule(round_: Round, rule: domain.Rule, groups: Sequence[PaperGroup]) -> tuple[str, ...]:
    """Tell how the degree comes about, before as after the vote."""
    degree, __, half = rule_words(rule).partition("; ")
    by_groups = rule.pooling == domain.Pooling.BODIES
    return (
        _("%(rule)s is the final degree; %(half)s.") % {"rule": degree, "half": half},
        *(
            _("%(group)s: its own result is %(own)s.")
            % {"group": group.name, "own": group.own_result}
            for group in groups
            if by_groups
        ),
        _("A measure without a mark is not rated. That is never the worst grade."),
        _("The vote is secret: nobody can see who voted how.")
        if round_.is_secret
        else _("The vote is open."),
    )


def _next_steps(round_: Round, infos: Sequence[GroupInfo], now: datetime) -> tuple[str, ...]:
    if round_.released_at:
        lines = [
            _("Released on %(day)s. The degrees are the priorities of the measures in the plan.")
            % {"day": day(round_.released_at)}
        ]
        if round_.corrects:
            lines.append(_("It corrects: %(round)s.") % {"round": clean(round_.corrects.title)})
        return tuple(lines)
    lines = [
        _("Still to vote: %(group)s, %(when)s.") % {"group": clean(info.name), "when": _when(info)}
        for info in infos
        if info.closed_at is None and not (info.closes_at and info.closes_at <= now)
    ]
    waiting = round_.proposals.filter(status=ProposalStatus.PROPOSED).count()
    if waiting:
        lines.append(
            ngettext(
                "%(count)s additional measure is proposed and waits for a decision.",
                "%(count)s additional measures are proposed and wait for a decision.",
                waiting,
            )
            % {"count": waiting}
        )
    if round_.stage == Stage.FIRST:
        lines.append(
            _("This is a first vote and not final. Measures can still be added or reworded.")
        )
    lines.append(
        _(
            "The result stays provisional until the planners release it. "
            "Then the degrees become the priorities of the measures in the plan."
        )
    )
    return tuple(lines)


def _label(round_: Round) -> str:
    if round_.released_at is None:
        return standing_label(round_)
    return _("%(label)s of %(day)s") % {
        "label": standing_label(round_),
        "day": day(round_.released_at),
    }


def _scale(scale: domain.Scale, given: Mapping[int, str]) -> str:
    """Tell what the grades mean; the two ends always have a word."""
    meant = {
        scale.most_urgent: _("implement first"),
        scale.least_urgent: _("implement last"),
        **given,
    }
    told = ", ".join(f"{grade} = {meant[grade]}" for grade in scale.grades if grade in meant)
    ends = {"first": scale.most_urgent, "last": scale.least_urgent, "words": told}
    return _("Grades %(first)s to %(last)s: %(words)s.") % ends


def _grade_words(round_: Round, scale: domain.Scale) -> dict[int, str]:
    """Give the round's own words, most urgent grade first."""
    given = grade_words(round_, (get_language() or "de")[:2])
    return {grade: clean(given[grade]) for grade in scale.grades if given.get(grade)}


def _place(degree: Decimal, scale: domain.Scale) -> float:
    most, least = scale.most_urgent, scale.least_urgent
    return (float(degree) - most) / (least - most)


def _legend(groups: Sequence[PaperGroup]) -> str:
    if len(groups) == 1:
        return _("The bars show how many marks each grade got from: %(one)s.") % {
            "one": groups[0].name
        }
    if len(groups) == 2:  # noqa: PLR2004 - one above the line, one below
        return _(
            "The filled bars above the grades are the marks of: %(one)s. The framed bars below "
            "are those of: %(two)s. A rhombus is a grade of which only the majority is known."
        ) % {"one": groups[0].name, "two": groups[1].name}
    return _("The bars show how many marks each grade got from all groups together.")


def _when(info: GroupInfo) -> str:
    """Tell when the group votes or voted."""
    if info.closed_at:
        return _("voted on %(day)s") % {"day": day(info.closed_at)}
    if info.opens_at and info.closes_at:
        if timezone.localdate(info.opens_at) == timezone.localdate(info.closes_at):
            return _("on %(day)s, %(start)s to %(end)s") % {
                "day": day(info.opens_at),
                "start": _time(info.opens_at),
                "end": _time(info.closes_at),
            }
        return _("%(start)s to %(end)s") % {
            "start": day(info.opens_at),
            "end": day(info.closes_at),
        }
    if info.opens_at:
        return _("from %(day)s") % {"day": day(info.opens_at)}
    if info.closes_at:
        return _("until %(day)s") % {"day": day(info.closes_at)}
    return _("date still open")


def _turnout(info: GroupInfo) -> str:
    # How a group votes that counted nobody stands in a column of its own.
    return turnout_of(info) if info.is_personal or info.voters else _("not counted")


def _picture_text(groups: Sequence[GroupMarks], scale: domain.Scale) -> str:
    """Tell the picture of the marks to those who do not see it."""
    told = []
    for group in groups:
        if not group.marks:
            words = _("no mark")
        elif group.counts_marks:
            words = ", ".join(
                _("grade %(grade)s: %(count)s") % {"grade": grade, "count": count}
                for grade, count in zip(scale.grades, group.counts, strict=True)
                if count
            )
        else:
            words = _("majority for %(value)s") % {"value": decimal_text(group.value)}
        told.append(f"{group.name}: {words}.")
    return " ".join(told)


def _address(round_: Round) -> str:
    """Give the public page of the result, if there is one by now."""
    if not Round.objects.public().filter(pk=round_.pk).exists():
        return ""
    return settings.SITE_URL + reverse("website:result", args=[round_.slug])


def _paragraphs(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := clean(like(text, raw)))]


def _time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i")
