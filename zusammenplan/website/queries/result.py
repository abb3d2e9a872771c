"""The page of a result and the list of results."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots.models import Item, Round
from zusammenplan.ballots.queries import (
    MIRRORED_GROUPS,
    GroupInfo,
    ItemStanding,
    ResultRow,
    RoundResult,
    TableItem,
    as_float,
    group_marks,
    is_long,
    legend_of,
    result_of,
    result_rows,
    result_table,
    rule_words,
    table_grades,
    table_page,
    turnout_of,
)
from zusammenplan.core.numbers import decimal_text
from zusammenplan.core.pictures import MirrorHistogram, mirror_histogram
from zusammenplan.website.queries.words import (
    Hrefs,
    Label,
    day,
    label_of,
    measures_count,
    scale_words,
)


@dataclass(frozen=True, slots=True)
class GroupFact:
    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Howto:
    """The picture that explains the pictures."""

    picture: MirrorHistogram
    lines: list[str]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A whole result: facts, list, table."""

    result: RoundResult
    label: Label
    plan_url: str
    lead: str
    facts: list[GroupFact]
    legend: list[str]
    first: int
    last: int
    grades: tuple[int, ...]
    table: list[TableItem]
    table_part: Page[ItemStanding]
    howto: Howto | None
    corrects: Label | None
    corrected_by: Label | None
    is_long: bool
    standings: list[ItemStanding] = field(repr=False)


def result_page(round_: Round, number: str | None) -> ResultPage:
    """Gather everything of a result but its pictures; ``number`` is the page of its table."""
    result = result_of(round_)
    table_part = table_page(result, number)
    scale = result.rule.scale
    public = Round.objects.public()
    before = public.filter(pk=round_.corrects_id).first() if round_.corrects_id else None
    after = public.filter(corrects=round_).first()
    secrecy = _("secret") if round_.is_secret else _("open")
    facts = [
        GroupFact(group.name, turnout_of(group), _when(group, secrecy)) for group in result.groups
    ]
    degree, __, half = rule_words(result.rule).partition("; ")
    facts.append(GroupFact(_("Rule"), degree, half))
    return ResultPage(
        result=result,
        label=label_of(round_),
        plan_url=reverse("website:plan", args=[round_.plan.slug]),
        lead=_result_lead(result),
        facts=facts,
        legend=legend_of(result.groups),
        first=scale.most_urgent,
        last=scale.least_urgent,
        grades=table_grades(result.rule),
        table=result_table(result, table_part),
        table_part=table_part,
        howto=_howto(result),
        corrects=_label_with_title(before) if before else None,
        corrected_by=_label_with_title(after) if after else None,
        is_long=is_long(result),
        standings=result.items,
    )


def public_rows(result: RoundResult, standings: Sequence[ItemStanding]) -> list[ResultRow]:
    """Draw the pictures of some measures, each with the way to its page."""
    return result_rows(result, standings, href_of=Hrefs(result.round.plan).of)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A result in the list of results."""

    title: str
    plan: str
    url: str
    label: Label
    measures: str


def round_rows() -> list[RoundRow]:
    """List the results that the public may see, the newest first."""
    public = Round.objects.public()
    sizes = dict(Item.objects.filter(round__in=public).values_list("round").annotate(Count("pk")))
    rounds = sorted(
        public.select_related("plan"),
        key=lambda one: one.released_at or one.created_at,
        reverse=True,
    )
    return [
        RoundRow(
            title=one.title,
            plan=one.plan.title,
            url=reverse("website:result", args=[one.slug]),
            label=label_of(one),
            measures=measures_count(sizes.get(one.pk, 0)),
        )
        for one in rounds
    ]


def _label_with_title(round_: Round) -> Label:
    return Label(round_.title, round_.is_released, label_of(round_).url)


def _result_lead(result: RoundResult) -> str:
    groups = ngettext("%(count)s group", "%(count)s groups", len(result.groups)) % {
        "count": len(result.groups)
    }
    marked = ngettext(
        "%(groups)s has marked %(measures)s.",
        "%(groups)s have marked %(measures)s.",
        len(result.groups),
    ) % {"groups": groups, "measures": measures_count(len(result.items))}
    return f"{marked} {scale_words(result.round)}"


def _when(group: GroupInfo, secrecy: str) -> str:
    if group.closed_at is None:
        return _("still running, %(secrecy)s") % {"secrecy": secrecy}
    return _("%(day)s, %(secrecy)s") % {"day": day(group.closed_at), "secrecy": secrecy}


def _howto(result: RoundResult) -> Howto | None:
    """Explain the pictures by one of them: the first that has marks of every group."""
    examples = [one for one in result.items if all(group.marks for group in one.result.groups)]
    if not examples:
        return None
    one = next((some for some in examples if some.result.difference), examples[0])
    marks = group_marks(one, result.groups)
    picture = mirror_histogram(result.rule.scale.grades, marks, as_float(one.result.degree))
    names = {"one": marks[0].name, "two": marks[-1].name}
    lines = []
    if picture.as_bars:
        lines.append(_("Each bar is the share of a grade in the marks of its group."))
    else:
        lines.append(_("Each sign is one mark."))
    if len(marks) == MIRRORED_GROUPS:
        lines[0] += " " + _("Above stand the marks of: %(one)s. Below those of: %(two)s.") % names
    if any(group.majority_only for group in marks):
        lines.append(_("A rhombus is the grade that a group named by majority."))
    lines.append(_("The thick line at a grade shows the result of the group."))
    if one.result.degree is not None:
        lines.append(
            _("The light column shows the joint degree. In the example it is %(degree)s.")
            % {"degree": decimal_text(one.result.degree)}
        )
    return Howto(picture, lines)
