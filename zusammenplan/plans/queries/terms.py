"""Target groups and life situations, how often they are named, and which ones we propose."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zusammenplan.plans.choices import TermKind
from zusammenplan.plans.models import Measure, Need, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

Names = tuple[str, str]
# German and English; the life situations are the dimensions of the Lebenslagenmodell.
DEFAULT_TERMS: Mapping[TermKind, tuple[Names, ...]] = {
    TermKind.TARGET_GROUP: (
        ("Familien", "Families"),
        ("Alleinerziehende", "Single parents"),
        ("Kinder", "Children"),
        ("Jugendliche und junge Erwachsene", "Young people and young adults"),
        ("Seniorinnen und Senioren", "Older people"),
        ("Menschen mit Behinderung", "People with disabilities"),
        ("Menschen mit Pflegebedarf", "People in need of care"),
        ("Pflegende Angehörige", "Family carers"),
        ("Menschen mit Migrationsgeschichte", "People with a history of migration"),
        ("Menschen mit geringem Einkommen", "People on low incomes"),
        ("Arbeitsuchende", "Job seekers"),
        ("Ehrenamtlich Engagierte", "Volunteers"),
    ),
    TermKind.LIFE_SITUATION: (
        ("Arbeit", "Work"),
        ("Einkommen", "Income"),
        ("Bildung", "Education"),
        ("Wohnen", "Housing"),
        ("Gesundheit und Pflege", "Health and care"),
        ("Teilhabe", "Participation"),
        ("Familie und soziales Netz", "Family and social network"),
    ),
}


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term as the list shows it."""

    term: Term
    uses: int
    is_first: bool
    is_last: bool


def terms_by_kind() -> dict[TermKind, list[TermLine]]:
    """Give both lists in order, each term with the number of places that name it."""
    uses = uses_of_terms()
    lists: dict[TermKind, list[Term]] = {kind: [] for kind in TermKind}
    for term in Term.objects.order_by("position", "name_de", "pk"):
        lists[TermKind(term.kind)].append(term)
    return {
        kind: [
            TermLine(term, uses[term.pk], place == 0, place == len(terms) - 1)
            for place, term in enumerate(terms)
        ]
        for kind, terms in lists.items()
    }


def uses_of_terms() -> Counter[int]:
    """Count for each term the needs and measures that name it."""
    uses: Counter[int] = Counter()
    for model in (Need, Measure):
        for through in (model.target_groups.through, model.life_situations.through):
            uses.update(through.objects.values_list("term_id", flat=True))
    return uses


def proposed_terms(kind: TermKind) -> list[Names]:
    """Give the terms that we propose and the list does not have yet."""
    known = {
        name.casefold() for name in Term.objects.filter(kind=kind).values_list("name_de", flat=True)
    }
    return [names for names in DEFAULT_TERMS[kind] if names[0].casefold() not in known]
