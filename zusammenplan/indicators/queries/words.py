"""What formulas, gaps, signs and limits are called in the page's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, ngettext, pgettext

from zusammenplan.core.money import number_text as grouped_text
from zusammenplan.indicators.domain.formula import (
    MOST_CHARACTERS,
    FormulaError,
    FormulaProblem,
)
from zusammenplan.indicators.domain.reckoning import Gap, Missing
from zusammenplan.indicators.domain.sides import ALL_AGES
from zusammenplan.indicators.domain.wording import Words, age_words
from zusammenplan.indicators.models import Quantity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date
    from decimal import Decimal

EN_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
MOST_PLACES = 4


def number_text(value: Decimal, places: int | None = None) -> str:
    """Write a number with its thousands set apart and a minus that can be told from a hyphen."""
    if places is None:
        decimals = -int(value.normalize().as_tuple().exponent)
        places = min(max(decimals, 0), MOST_PLACES)
    text = grouped_text(value, places=places)
    # What is rounded to nought has no sign.
    if text.startswith("-"):
        return text[1:] if not text.strip("-0.,") else f"{MINUS}{text[1:]}"
    return text


def period_text(starts_on: date, ends_on: date) -> str:
    """Write a reference day as a day, a whole year as its number, else from … to …."""
    if starts_on == ends_on:
        return date_format(ends_on, "SHORT_DATE_FORMAT")
    first, last = (1, 1), (12, 31)
    if (
        (starts_on.month, starts_on.day) == first
        and (ends_on.month, ends_on.day) == last
        and starts_on.year == ends_on.year
    ):
        return str(ends_on.year)
    days = (date_format(day, "SHORT_DATE_FORMAT") for day in (starts_on, ends_on))
    return EN_DASH.join(days)


def period_address(starts_on: date, ends_on: date) -> str:
    """Write a period into an address: its last day, or both."""
    days = dict.fromkeys([starts_on.isoformat(), ends_on.isoformat()])
    return "--".join(days)


def age_label(ages: tuple[int, int], *, narrow: bool = False) -> str:
    """Name an age group: 65 to 79, 80 and over; narrow as on the axis: 65–69, 90+."""
    age_from, age_to = ages
    if age_to == ALL_AGES:
        return f"{age_from}+" if narrow else _("%(age)d and over") % {"age": age_from}
    if narrow:
        return f"{age_from}{EN_DASH}{age_to - 1}"
    if age_from == 0:
        return _("under %(age)d") % {"age": age_to}
    return _("%(first)d to %(last)d") % {"first": age_from, "last": age_to - 1}


def limits_text(limits: Mapping[str, int], *, by_name: bool = False) -> str:
    """
    Say limits of age in words: “Limits of age: 20 and 65 years”.

    Beside a formula as it is computed, each says its name there: “young” is 20 years.
    """
    if by_name:
        told = _("“%(name)s” is %(age)s years")
        return ", ".join(told % {"name": name, "age": age} for name, age in limits.items())
    ages = get_text_list([str(age) for age in sorted(limits.values())], _("and"))
    told = ngettext("Limit of age: %(ages)s years", "Limits of age: %(ages)s years", len(limits))
    return told % {"ages": ages}


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Give the names of quantities by their short names; one query."""
    return {quantity.code: quantity.name for quantity in Quantity.objects.filter(code__in=codes)}


def formula_words(names: Mapping[str, str]) -> Words:
    """Give the words with which formulas are told in the page's language."""
    return Words(
        quantity=lambda code: names.get(code, code),
        number=number_text,
        sexes={
            "m": pgettext("counts of people", "male"),
            "f": pgettext("counts of people", "female"),
            "d": pgettext("counts of people", "diverse"),
        },
        under=_("under %(to)s"),
        since=_("%(from)s and over"),
        between=_("from %(from)s to under %(to)s"),
        total=pgettext("counts of people", "in all"),
        per=_("%(above)s per %(number)s %(below)s"),
        functions={
            "mean_age": _("mean age (%(0)s)"),
            "median_age": _("median age (%(0)s)"),
            "earlier": _("(%(0)s %(1)s years before)"),
            "in_year": _("(%(0)s in %(1)s)"),
            "segregation": _("segregation (%(0)s against %(1)s)"),
            "weighted": _("mean (%(0)s weighted by %(1)s)"),
        },
        missing=_("[missing]"),
    )


def formula_sentence(refusal: FormulaError) -> str:
    """Say what is wrong with a formula, and where."""
    values = {"text": refusal.text, "at": refusal.at, "most": MOST_CHARACTERS}
    return _formula_sentences()[refusal.problem] % values


def _formula_sentences() -> dict[FormulaProblem, str]:
    return {
        FormulaProblem.EMPTY: _("There is no formula yet."),
        FormulaProblem.TOO_LONG: _("The formula is longer than %(most)s characters."),
        FormulaProblem.TOO_DEEP: _(
            "From character %(at)s on there are too many brackets or operations in each other."
        ),
        FormulaProblem.SIGN: _("“%(text)s” (character %(at)s) has no meaning in a formula."),
        FormulaProblem.NUMBER: _("“%(text)s” (character %(at)s) is too long for a number."),
        FormulaProblem.END: _(
            "The formula ends too early: something is missing at character %(at)s."
        ),
        FormulaProblem.UNEXPECTED: _(
            "“%(text)s” does not fit here (character %(at)s). Is a sign such as + or * missing?"
        ),
        FormulaProblem.BRACKET: _("The bracket near character %(at)s is not closed by “%(text)s”."),
        FormulaProblem.SEX: _(
            "“%(text)s” (character %(at)s) is neither a sex (m, f, d) nor a limit of age. Ages are "
            "written with a colon, such as [18:65], and limits with a name stand below the formula."
        ),
        FormulaProblem.AGE: _(
            "“%(text)s” (character %(at)s) is no limit of age. Ages are written from and under, "
            "such as [18:65] or [65:]."
        ),
        FormulaProblem.AGE_ORDER: _(
            "The ages [%(text)s] (character %(at)s) end before they begin."
        ),
        FormulaProblem.FUNCTION: _(
            "There is no function “%(text)s” (character %(at)s). There are: mean_age, median_age, "
            "earlier, in_year, segregation, weighted."
        ),
        FormulaProblem.ARGUMENTS: _(
            "“%(text)s” (character %(at)s) has too many or too few values in its brackets."
        ),
        FormulaProblem.COUNT_EXPECTED: _(
            "“%(text)s” (character %(at)s) takes one quantity without ages."
        ),
        FormulaProblem.YEARS: _(
            "“%(text)s” (character %(at)s) takes a number of years, or a year, at its end."
        ),
        FormulaProblem.NAME: _(
            "“%(text)s” (character %(at)s) is not known. Is it a limit of age that stands not yet "
            "below the formula?"
        ),
        FormulaProblem.NO_COUNT: _("The formula names nothing that is counted."),
        FormulaProblem.NESTED: _(
            "“%(text)s” (character %(at)s) cannot be inside another function of this sort."
        ),
    }


def missing_sentence(missing: Missing, words: Words) -> str:
    """Say why a figure has no value."""
    count = " ".join(
        filter(
            None,
            [
                words.quantity(missing.name),
                words.sexes.get(missing.sex),
                age_words((missing.age_from, missing.age_to), words),
            ],
        )
    )
    values = {"count": count, "sign": missing.sign, "age": missing.age_from}
    sentences = {
        Gap.NOTHING: _("There is no value of: %(count)s."),
        Gap.SIGN: _("The source has “%(sign)s” instead of a value of: %(count)s."),
        Gap.AGES: _("The age groups that are known do not add up exactly to: %(count)s."),
        Gap.ZERO: _("It would have to be divided by zero."),
        Gap.TIME: _("There are no values of the time with which this is compared."),
        Gap.PARTS: _("No areas lie in this one."),
        Gap.NOT_CLOSED: _("The oldest age group begins too early (at %(age)s)."),
    }
    return sentences[missing.gap] % values


def sign_meaning(sign: str) -> str:
    """Say what a sign of the official tables means."""
    return {
        "-": _("nothing present"),
        ".": _("unknown or confidential"),
        "/": _("not reliable enough"),
        "x": _("not meaningful or blocked"),
        "...": _("comes later"),
        "()": _("of limited reliability"),
        "k": pgettext("official sign", "none"),
        "t": pgettext("official sign", "not meaningful"),
        "u": pgettext("official sign", "unknown"),
        "g": pgettext("official sign", "confidential"),
    }.get(sign, "")


def quality_meaning(quality: str) -> str:
    """Say what the letters behind a number mean."""
    meanings = {
        "()": _("of limited reliability"),
        "p": _("preliminary"),
        "r": _("corrected"),
        "s": _("estimated"),
        "e": _("final"),
    }
    return ", ".join(words for flag, words in meanings.items() if flag in quality)
