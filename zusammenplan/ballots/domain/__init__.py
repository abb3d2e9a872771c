"""
How a prioritisation is evaluated: from the groups' marks to the degree of each measure.

Plain Python, so that a planner can be shown it. ``docs/rules/prioritisation.md`` says the same
in German prose with worked figures; the numbers of the rules in these files are its headings. The
procedure is the one that Landkreis Hildburghausen printed on its handout of 31.01.2025: each
steering group votes on grades from 1 to 6, the groups' results are put together by the median,
and the median fixes the final degree. What the handout leaves open is a setting here.

Values are fractions throughout, so that nothing is ever rounded unseen.
"""

from zusammenplan.ballots.domain.evaluation import (
    ChairGrade,
    GroupResult,
    ItemResult,
    UnknownGroupError,
    chair_choices,
    evaluate,
)
from zusammenplan.ballots.domain.explanation import (
    DegreeReason,
    Explanation,
    GroupExplanation,
    GroupReason,
    StepReason,
    explain,
)
from zusammenplan.ballots.domain.records import (
    from_record,
    rule_from_record,
    rule_to_record,
    to_record,
)
from zusammenplan.ballots.domain.rule import (
    SECRET_MINIMUM,
    Direction,
    GroupRule,
    HalfStep,
    OwnResult,
    Pooling,
    Rule,
    RuleProblem,
    Scale,
    ScaleError,
    TieRule,
    check_rule,
    may_show_result,
)
from zusammenplan.ballots.domain.tallies import (
    GradeOutsideScaleError,
    Tally,
    agreement,
    majority,
    median,
)

__all__ = [
    "SECRET_MINIMUM",
    "ChairGrade",
    "DegreeReason",
    "Direction",
    "Explanation",
    "GradeOutsideScaleError",
    "GroupExplanation",
    "GroupReason",
    "GroupResult",
    "GroupRule",
    "HalfStep",
    "ItemResult",
    "OwnResult",
    "Pooling",
    "Rule",
    "RuleProblem",
    "Scale",
    "ScaleError",
    "StepReason",
    "Tally",
    "TieRule",
    "UnknownGroupError",
    "agreement",
    "chair_choices",
    "check_rule",
    "evaluate",
    "explain",
    "from_record",
    "majority",
    "may_show_result",
    "median",
    "rule_from_record",
    "rule_to_record",
    "to_record",
]
