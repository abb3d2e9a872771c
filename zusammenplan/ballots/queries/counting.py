"""A round's rule and its marks, counted and evaluated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from zusammenplan.ballots import domain
from zusammenplan.ballots.models import ChairDecision, Group, Item, Mark, Round, SecretMark, Tally
from zusammenplan.ballots.queries.participation import GroupInfo

Tallies = dict[int, dict[int, dict[int, int]]]
"""For each item and group: how many marks each grade got."""


def rule_of(round_: Round) -> domain.Rule:
    """Give the round's settings as the rule that evaluates it."""
    return domain.Rule(
        scale=scale_of(round_),
        pooling=domain.Pooling(round_.pooling),
        half_step=domain.HalfStep(round_.half_step),
        groups=tuple(
            domain.GroupRule(
                key=group.pk,
                own_result=domain.OwnResult(group.own_result),
                tie_rule=domain.TieRule(group.tie_rule),
                counts_marks=group.counts_marks,
            )
            for group in round_.groups.order_by("position", "pk")
        ),
    )


def scale_of(round_: Round) -> domain.Scale:
    return domain.Scale(round_.lowest, round_.highest, domain.Direction(round_.direction))


def items_of(round_: Round) -> list[Item]:
    """Give what is voted on in the order of the ballot."""
    return list(round_.items.select_related("measure__field").order_by("position", "pk"))


def tallies_of(round_: Round) -> Tallies:
    """
    Count the marks by measure, group and grade; the database counts, whatever their number.

    Personal marks, hands and sealed secret ballots of a group are added up.
    """
    groups = list(round_.groups.values_list("pk", flat=True))
    counted: list[Iterable[tuple[int, int, int, int]]] = [
        Tally.objects.filter(group__in=groups)
        .order_by()
        .values_list("item_id", "group_id", "grade")
        .annotate(marks=Sum("count")),
        _count(Mark, groups),
    ]
    if round_.is_secret:
        counted.append(_count(SecretMark, groups))
    tallies: Tallies = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for rows in counted:
        for item, group, grade, marks in rows:
            tallies[item][group][grade] += marks
    return tallies


def written_tally(group: Group) -> dict[int, dict[int, int]]:
    """Give the marks that somebody wrote down for the group, by measure and grade."""
    written: dict[int, dict[int, int]] = {}
    for item, grade, count in group.tallies.filter(is_sealed=False).values_list(
        "item_id", "grade", "count"
    ):
        written.setdefault(item, {})[grade] = count
    return written


def evaluate(round_: Round, rule: domain.Rule, items: Sequence[Item]) -> list[domain.ItemResult]:
    """Evaluate the marks as they stand now."""
    tallies = tallies_of(round_)
    chair = dict(ChairDecision.objects.filter(item__round=round_).values_list("item_id", "grade"))
    return domain.evaluate(rule, {item.pk: tallies.get(item.pk, {}) for item in items}, chair=chair)


def hidden_because(round_: Round, groups: Sequence[GroupInfo]) -> str:
    """
    Tell why nobody may see the marks of a secret vote yet; empty if they may be seen.

    Between two looks at a running secret vote one could read a single person's marks, so nothing
    is shown before all groups are closed, nor where fewer than five people voted in a group.
    """
    if not round_.is_secret:
        return ""
    if any(group.closed_at is None for group in groups):
        return _("The vote is secret. The result can be seen when all groups are closed.")
    if not all(
        domain.may_show_result(secret=True, voters=group.voted)
        for group in groups
        if group.is_personal
    ):
        return _(
            "The vote is secret and fewer than five people voted in a group. "
            "The result stays hidden, so that nobody can tell who voted how."
        )
    return ""


def _count(
    model: type[Mark | SecretMark], groups: list[int]
) -> Iterable[tuple[int, int, int, int]]:
    return (
        model.objects.filter(group__in=groups, grade__isnull=False)
        .order_by()
        .values_list("item_id", "group_id", "grade")
        .annotate(marks=Count("*"))
    )
