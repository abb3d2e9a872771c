"""Cite values of the data as evidence, and take newer ones over or not."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zusammenplan.core.history import keep
from zusammenplan.indicators.models import Figure
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import Values, lock, next_position, raise_version_of
from zusammenplan.plans.models import Need, NeedEvidence, Plan
from zusammenplan.plans.queries.citations import hidden_citations, what_words

CITED = ("starts_on", "ends_on", "cited_value", "dated_on", "declined_on", "declined_value")


class HiddenValueError(Exception):
    """
    A value that the public may not see is cited.

    A citation keeps the value as it was. Should the count behind it change, nobody could tell from
    today's figures any more that the old one was secret; so it never gets into a plan.
    """

    def __init__(self, cited: Sequence[str]) -> None:
        super().__init__(
            _(
                "This value is secret and must not be published: %(values)s. Cite another one, or "
                "remove the evidence."
            )
            % {"values": "; ".join(cited)}
        )


class NoValueError(Exception):
    """What is to be cited has no number."""

    def __init__(self) -> None:
        super().__init__(_("There is no number that could be cited. Choose another period."))


@transaction.atomic
def cite_value(need: Need, figure: Figure, values: Values, *, by: User | None) -> NeedEvidence:
    """
    Add a value of the data to what proves a need; without own words it says what it is.

    :raises NoValueError: if the figure has no number
    :raises HiddenValueError: if the value is secret
    """
    plan = lock(need.plan)
    _demand_citable(figure)
    evidence = NeedEvidence(
        need=need,
        **{**values, "text_de": values.get("text_de") or _what(figure)},
        indicator=figure.indicator,
        area=figure.area,
        source=figure.indicator.source_de[:300],
        position=next_position(need.evidence.all()),
    )
    _set(evidence, figure)
    keep(evidence, by=by, deed=_("Value cited as evidence"))
    raise_version_of(plan)
    return evidence


@transaction.atomic
def take_new_value(evidence: NeedEvidence, figure: Figure, *, by: User | None) -> NeedEvidence:
    """
    Cite the newer value instead of the old one; the history keeps the old one.

    :raises NoValueError: if the figure is none of this evidence, or has no number
    :raises HiddenValueError: if the value is secret
    """
    plan = lock(evidence.need.plan)
    evidence = NeedEvidence.objects.select_for_update().get(pk=evidence.pk)
    _demand_same(evidence, figure)
    _demand_citable(figure)
    _set(evidence, figure)
    evidence.version += 1
    keep(evidence, by=by, deed=_("New value taken over"), fields=[*CITED, "version"])
    raise_version_of(plan)
    return evidence


@transaction.atomic
def keep_cited_value(evidence: NeedEvidence, figure: Figure, *, by: User | None) -> NeedEvidence:
    """
    Stay with the cited value; the newer one is not told any more.

    :raises NoValueError: if the figure is none of this evidence, or has no number
    :raises HiddenValueError: if the value is secret
    """
    evidence = NeedEvidence.objects.select_for_update().get(pk=evidence.pk)
    _demand_same(evidence, figure)
    _demand_citable(figure)
    evidence.declined_on, evidence.declined_value = figure.ends_on, figure.value
    evidence.version += 1
    keep(
        evidence,
        by=by,
        deed=_("Stayed with the cited value"),
        fields=["declined_on", "declined_value", "version"],
    )
    return evidence


def demand_publishable(plan: Plan) -> None:
    """
    Refuse to show everybody what is secret.

    :raises HiddenValueError: if the plan cites a value that the public may not see
    """
    hidden = hidden_citations(plan)
    if hidden:
        raise HiddenValueError(
            [
                what_words(one.indicator.name, one.area.name, one.starts_on, one.ends_on)
                for one in hidden
                if one.indicator and one.area
            ]
        )


def _set(evidence: NeedEvidence, figure: Figure) -> None:
    evidence.starts_on, evidence.ends_on = figure.starts_on, figure.ends_on
    evidence.cited_value, evidence.dated_on = figure.value, figure.ends_on
    evidence.declined_on = evidence.declined_value = None


def _demand_same(evidence: NeedEvidence, figure: Figure) -> None:
    ours = evidence.indicator_id, evidence.area_id
    if ours != (figure.indicator_id, figure.area_id) or figure.value is None:
        raise NoValueError


def _demand_citable(figure: Figure) -> None:
    if figure.value is None:
        raise NoValueError
    if figure.secrecy:
        raise HiddenValueError([_what(figure)])


def _what(figure: Figure) -> str:
    return what_words(figure.indicator.name, figure.area.name, figure.starts_on, figure.ends_on)
