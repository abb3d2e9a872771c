"""A result told in words."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext

from zusammenplan.ballots import domain
from zusammenplan.ballots.queries.participation import GroupInfo
from zusammenplan.core.numbers import decimal_text


def agreement_word(agreement: float | None) -> str:
    """Say how far the marks agree (van der Eijk's A from -1 to 1)."""
    if agreement is None:
        return _("no statement")
    for limit, word in ((0.6, _("high")), (0.3, _("medium")), (-0.2, _("low"))):
        if agreement >= limit:
            return word
    return _("divided")


def sentence(result: domain.ItemResult, rule: domain.Rule, groups: Sequence[GroupInfo]) -> str:
    """Say in words how a measure came to its degree."""
    told = domain.explain(result, rule)
    names = {group.key: group.name for group in groups}
    parts = ", ".join(_group_part(part, names[part.key]) for part in told.groups)
    values = {
        "groups": parts,
        "raw": decimal_text(told.raw),
        "degree": decimal_text(told.degree),
        "marks": told.marks,
        "choices": get_text_list([decimal_text(choice) for choice in told.choices], _("or")),
    }
    opening = {
        domain.DegreeReason.NOT_RATED: _("Nobody gave a mark, so the measure is not rated."),
        domain.DegreeReason.OPEN_TIES: _("%(groups)s. So there is no degree yet."),
        domain.DegreeReason.ONE_BODY: _("%(groups)s. Only one group has a result; it counts."),
        domain.DegreeReason.BODIES: _("%(groups)s. The value in the middle is %(raw)s."),
        domain.DegreeReason.PERSONS: ngettext(
            "There is one mark; it is %(raw)s.",
            "The value in the middle of all %(marks)s marks is %(raw)s.",
            told.marks,
        ),
    }[told.reason]
    if told.reason == domain.DegreeReason.ONE_BODY and len(told.groups) == 1:
        opening = _("%(groups)s.")
    step = {
        domain.StepReason.NOTHING: "",
        domain.StepReason.KEPT: _("The half step stays."),
        domain.StepReason.TO_HALF_STEP: _("It goes to the nearest half step, %(degree)s."),
        domain.StepReason.MORE_URGENT: _("It goes to the more urgent grade, %(degree)s."),
        domain.StepReason.LESS_URGENT: _("It goes to the less urgent grade, %(degree)s."),
        domain.StepReason.WAITS_FOR_CHAIR: _("The chair has yet to decide: %(choices)s."),
        domain.StepReason.CHAIR: _("The chair decided on %(degree)s."),
    }[told.step]
    return f"{opening} {step}".strip() % values


def _group_part(part: domain.GroupExplanation, name: str) -> str:
    text = {
        domain.GroupReason.NO_MARKS: _("%(group)s: no mark"),
        domain.GroupReason.MAJORITY: _("%(group)s: most marks for %(value)s"),
        domain.GroupReason.TIE_MEDIAN: _("%(group)s: %(tied)s tie, their middle is %(value)s"),
        domain.GroupReason.TIE_OPEN: _("%(group)s: %(tied)s tie and stay open"),
        domain.GroupReason.MEDIAN: _("%(group)s: median %(value)s"),
    }[part.reason]
    tied = get_text_list([decimal_text(Fraction(grade)) for grade in part.tied], _("and"))
    return text % {"group": name, "value": decimal_text(part.value), "tied": tied}


def rule_words(rule: domain.Rule) -> str:
    """Say the round's rule in one line: what the degree is, and what becomes of half steps."""
    if rule.pooling == domain.Pooling.PERSONS:
        degree = _("Median of all marks of all persons")
    elif len(rule.groups) == 1:
        degree = _("Result of the one group")
    else:
        degree = _("Median of the groups' results")
    half = {
        domain.HalfStep.KEEP: _("half steps stay"),
        domain.HalfStep.MORE_URGENT: _("half steps go to the more urgent grade"),
        domain.HalfStep.LESS_URGENT: _("half steps go to the less urgent grade"),
        domain.HalfStep.CHAIR: _("the chair decides on half steps"),
    }[rule.half_step]
    return f"{degree}; {half}"
