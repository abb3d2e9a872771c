"""Add, change, move and delete target groups and life situations."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.history import keep, remove
from zusammenplan.core.public import raise_version
from zusammenplan.people.models import User
from zusammenplan.plans.actions.records import (
    Direction,
    Values,
    keep_changes,
    move_among,
    next_position,
)
from zusammenplan.plans.actions.refusals import demand_reason
from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.models import Term
from zusammenplan.plans.queries.terms import DEFAULT_TERMS, proposed_terms, uses_of_terms


class TermTakenError(Exception):
    """There is such a term already."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s” is in the list already.") % {"name": name})


class TermInUseError(Exception):
    """Needs or measures name the term."""

    def __init__(self, term: Term, number: int) -> None:
        super().__init__(
            ngettext(
                "“%(term)s” is named in %(number)d place. Take the link away there first.",
                "“%(term)s” is named in %(number)d places. Take the links away there first.",
                number,
            )
            % {"term": term, "number": number}
        )


@transaction.atomic
def add_term(kind: TermKind, values: Values, *, by: User | None) -> Term:
    """
    Add a term at the end of its list.

    :raises TermTakenError: if the list has it already
    """
    _lock(kind)
    term = Term(kind=kind, position=next_position(Term.objects.filter(kind=kind)), **values)
    try:
        with transaction.atomic():
            keep(term, by=by, deed=_("Term added"))
    except IntegrityError as clash:
        raise TermTakenError(term.name_de) from clash
    raise_version()
    return term


@transaction.atomic
def take_default_terms(kind: TermKind, *, by: User | None) -> int:
    """Add the proposed terms that the list does not have yet; tell how many."""
    _lock(kind)
    missing = set(proposed_terms(kind))
    position = next_position(Term.objects.filter(kind=kind))
    # With both languages, whichever the page has.
    for german, english in DEFAULT_TERMS[kind]:
        if (german, english) in missing:
            term = Term(kind=kind, name_de=german, name_en=english, position=position)
            keep(term, by=by, deed=_("Proposal taken over"))
            position += 1
    if missing:
        raise_version()
    return len(missing)


@transaction.atomic
def change_term(term: Term, values: Values, *, seen_version: int, by: User | None) -> Term:
    """
    Change a term's name wherever it is named.

    :raises ChangedMeanwhileError: if somebody else changed it meanwhile
    :raises TermTakenError: if the list has another one of that name
    """
    changed = keep_changes(
        term,
        values,
        seen_version=seen_version,
        by=by,
        deed=_("Term changed"),
        taken=lambda: TermTakenError(term.name_de),
    )
    if changed:
        raise_version()
    return term


@transaction.atomic
def move_term(term: Term, direction: Direction, *, by: User | None) -> bool:
    """Change places with the term before or after; tell whether there was one."""
    moved = move_among(_lock(TermKind(term.kind)), term, direction, by=by)
    if moved:
        raise_version()
    return moved


@transaction.atomic
def delete_term(term: Term, *, reason: str, by: User | None) -> None:
    """
    Delete a term that nothing names.

    :raises ReasonMissingError: if no reason is given
    :raises TermInUseError: if needs or measures name it
    """
    demand_reason(reason)
    _lock(TermKind(term.kind))
    if number := uses_of_terms()[term.pk]:
        raise TermInUseError(term, number)
    remove(term, by=by, reason=reason)
    raise_version()


def _lock(kind: TermKind) -> list[Term]:
    # Positions and what is missing are decided by one person at a time.
    return list(
        Term.objects.select_for_update().filter(kind=kind).order_by("position", "name_de", "pk")
    )
