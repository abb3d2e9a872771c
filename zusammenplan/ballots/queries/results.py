"""The result of a round: as it was released, or as the marks stand now."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from zusammenplan.ballots import domain
from zusammenplan.ballots.choices import Stage
from zusammenplan.ballots.models import Item, Round, Standing
from zusammenplan.ballots.queries.counting import evaluate, hidden_because, items_of, rule_of
from zusammenplan.ballots.queries.participation import GroupInfo, group_infos
from zusammenplan.ballots.queries.words import sentence


@dataclass(frozen=True, slots=True)
class ItemStanding:
    """One measure's place in the result."""

    item: Item
    result: domain.ItemResult
    rule: domain.Rule
    groups: Sequence[GroupInfo]

    @property
    def sentence(self) -> str:
        """Tell how it came about; of a long result a page shows a few of these."""
        return sentence(self.result, self.rule, self.groups)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round's result, released or as it stands."""

    round: Round
    rule: domain.Rule
    groups: list[GroupInfo]
    items: list[ItemStanding]
    # Why nothing is shown, for example a secret vote with too few voters; empty if all is shown.
    hidden_because: str

    @property
    def is_released(self) -> bool:
        return self.round.is_released

    @property
    def label(self) -> str:
        return standing_label(self.round)


def standing_label(round_: Round) -> str:
    """Say what the result is worth: provisional, or released."""
    if round_.is_released:
        return _("Released result")
    if round_.stage == Stage.FIRST:
        return _("First vote, not final")
    return _("Interim result, not final")


def result_of(round_: Round) -> RoundResult:
    """Give the result: as it was released, or as the marks stand now."""
    groups = group_infos(round_)
    if round_.is_released:
        return _released(round_, groups)
    rule = rule_of(round_)
    hidden = hidden_because(round_, groups)
    if hidden:
        return RoundResult(round_, rule, groups, [], hidden)
    items = {item.pk: item for item in items_of(round_)}
    results = evaluate(round_, rule, list(items.values()))
    return RoundResult(
        round=round_,
        rule=rule,
        groups=groups,
        items=[ItemStanding(items[one.key], one, rule, groups) for one in results],
        hidden_because="",
    )


def _released(round_: Round, groups: list[GroupInfo]) -> RoundResult:
    standings = list(
        Standing.objects.filter(round=round_)
        .select_related("item__measure__field")
        .order_by("position")
    )
    rule = domain.rule_from_record(standings[0].rule) if standings else rule_of(round_)
    items = {standing.item_id: standing.item for standing in standings}
    results = [domain.from_record(standing.result) for standing in standings]
    return RoundResult(
        round=round_,
        rule=rule,
        groups=groups,
        items=[ItemStanding(items[one.key], one, rule, groups) for one in results],
        hidden_because="",
    )


def result_record(result: RoundResult) -> dict[str, object]:
    """Give the result as scripts read it (docs/commands.md: ``zusammenplan result``)."""
    names = {group.key: group.name for group in result.groups}
    return {
        "round": result.round.slug,
        "title": result.round.title_de,
        "released": result.is_released,
        "hidden": result.hidden_because,
        "measures": [
            {
                "number": standing.item.number,
                "title": standing.item.title_de,
                "degree": _number(standing.result.degree),
                "rank": standing.result.rank,
                "agreement": standing.result.agreement,
                "difference": _number(standing.result.difference),
                "sentence": standing.sentence,
                "groups": [
                    {
                        "name": names[group.key],
                        "marks": {str(grade): n for grade, n in group.tally.items()},
                        "majority": group.majority,
                        "median": _number(group.median),
                    }
                    for group in standing.result.groups
                ],
            }
            for standing in result.items
        ],
    }


def _number(value: Decimal | Fraction | None) -> int | float | None:
    """Write whole numbers as such: 3, but 1.5."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
