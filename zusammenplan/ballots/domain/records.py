"""Results and rules as plain values, so that they can be kept for ever."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from fractions import Fraction
from typing import Any

from zusammenplan.ballots.domain.evaluation import GroupResult, ItemResult
from zusammenplan.ballots.domain.rule import GroupRule, HalfStep, Pooling, Rule, Scale


def to_record(item: ItemResult) -> dict[str, object]:
    """Write a result as plain values, so that it can be kept for ever beside its rule."""
    plain = asdict(item)
    plain["degree"] = _plain(item.degree)
    plain["raw"] = _plain(item.raw)
    plain["difference"] = _plain(item.difference)
    plain["groups"] = [
        {
            **asdict(group),
            "tally": {str(grade): count for grade, count in group.tally.items()},
            "tied": list(group.tied),
            "median": _plain(group.median),
            "value": _plain(group.value),
        }
        for group in item.groups
    ]
    return plain


def from_record(record: Mapping[str, Any]) -> ItemResult:
    """Read a result as :func:`to_record` wrote it."""
    groups = tuple(
        GroupResult(
            **{
                **group,
                "tally": {int(grade): count for grade, count in group["tally"].items()},
                "tied": tuple(group["tied"]),
                "median": _fraction(group["median"]),
                "value": _fraction(group["value"]),
            }
        )
        for group in record["groups"]
    )
    degree = record["degree"]
    return ItemResult(
        **{
            **record,
            "degree": None if degree is None else Decimal(degree),
            "raw": _fraction(record["raw"]),
            "difference": _fraction(record["difference"]),
            "groups": groups,
        }
    )


def rule_to_record(rule: Rule) -> dict[str, object]:
    """Write a rule as plain values."""
    return {**asdict(rule), "groups": [asdict(group) for group in rule.groups]}


def rule_from_record(record: Mapping[str, Any]) -> Rule:
    """Read a rule as :func:`rule_to_record` wrote it."""
    return Rule(
        scale=Scale(**record["scale"]),
        pooling=Pooling(record["pooling"]),
        half_step=HalfStep(record["half_step"]),
        groups=tuple(GroupRule(**group) for group in record["groups"]),
    )


def _plain(value: Decimal | Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(value: str | None) -> Fraction | None:
    return None if value is None else Fraction(value)
