"""The demo's evaluations: one closed, one open with personal links, and one of the plan before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.utils.timezone import localtime

from zusammenplan.people.models import User
from zusammenplan.plans.actions.evaluations import (
    begin_check,
    close_evaluation,
    open_evaluation,
    prepare_evaluation,
)
from zusammenplan.plans.actions.rating_requests import RatingLink, ask, make_links
from zusammenplan.plans.actions.ratings import (
    Verdict,
    accept_ratings,
    rate_as_planner,
    rate_by_link,
)
from zusammenplan.plans.models import Evaluation, EvaluationItem, Plan, RatingRequest
from zusammenplan.plans.queries.evaluations import goals_to_rate

DOMAIN = "rennsteiggrund.example"
# Who answers for the measures of an office.
PERSONS = {
    "Büro der Landrätin": "Marlies Hartung",
    "Stabsstelle Sozialplanung": "Ines Fröbel",
    "Sozialamt": "Ulrike Bachmann",
    "Jugendamt": "Torben Escher",
    "Gesundheitsamt": "Heike Lorentz",
    "Amt für Kreisentwicklung": "Falk Trinks",
    "Kreisseniorenbüro": "Gerda Wohlfahrt",
}
STEPS = {
    "voll": Fraction(1),
    "überwiegend": Fraction(2, 3),
    "teilweise": Fraction(1, 3),
    "nicht": Fraction(0),
}


@dataclass(frozen=True, slots=True)
class DemoRating:
    """What an office says of a measure; ``step`` may also be a word that stays out of averages."""

    number: str
    step: str
    reason: str
    evidence: str = ""


FIRST = [
    DemoRating(
        "1.1",
        "teilweise",
        "Das Leitbild liegt als Entwurf vor, die Werbung als Wohnort hat noch nicht begonnen.",
        "Entwurf vom Frühjahr, Vorlage an den Kreistag in Vorbereitung",
    ),
    DemoRating(
        "1.3",
        "überwiegend",
        "Zwei Sozialraumkonferenzen und vier Trägerfrühstücke fanden statt, die Befragung steht "
        "noch aus.",
        "Protokolle der Konferenzen",
    ),
    DemoRating("1.4", "nicht bewertbar", "Der Bericht beginnt laut Plan erst später."),
    DemoRating(
        "1.5",
        "teilweise",
        "Die Fallkonferenz tagt, aber ohne das Jobcenter. Eine Vereinbarung fehlt.",
    ),
    DemoRating(
        "1.6",
        "überwiegend",
        "Es gibt einen Antrag und eine Frist. Die Rückmeldung dauert im Mittel acht statt sechs "
        "Wochen.",
        "Auswertung von 31 Anträgen",
    ),
    DemoRating(
        "2.1", "nicht", "Die Stelle war zweimal ausgeschrieben und konnte nicht besetzt werden."
    ),
    DemoRating(
        "2.2",
        "voll",
        "Der Stammtisch trifft sich in allen Planungsräumen, 41 Einrichtungen arbeiten mit.",
        "Liste der Mitglieder, Einladungen",
    ),
    DemoRating(
        "2.3",
        "überwiegend",
        "Die Beratung läuft an drei Tagen in der Woche, die zweite Fachkraft fehlt noch.",
        "201 Beratungen im ersten Jahr",
    ),
    DemoRating("2.4", "teilweise", "Eine von drei Kindertagesstätten öffnet schon um 5:30 Uhr."),
    DemoRating("2.5", "überwiegend", "Für fünf von sechs Ferienwochen gibt es ein Angebot."),
    DemoRating("2.7", "nicht bewertbar", "Beginnt laut Plan erst später."),
    DemoRating(
        "3.1",
        "überwiegend",
        "Das Haus ist eröffnet und an vier Tagen offen. Die Elternberatung zieht noch um.",
        "Besuchszahlen des Familienzentrums",
    ),
    DemoRating(
        "3.2",
        "voll",
        "Elf Kurse mit 132 Teilnehmenden, dazu eine offene Sprechstunde in jeder Bibliothek.",
        "Kurslisten des Kreisseniorenbüros",
    ),
    DemoRating("3.3", "teilweise", "Zwei Kurse liefen, beide in der Kreisstadt."),
    DemoRating("3.4", "voll", "58 Lesepatinnen und Lesepaten an 14 Schulen.", "Jahresbericht"),
    DemoRating("3.5", "entfallen", "Die Gemeinden bieten die Kurse inzwischen selbst an."),
    DemoRating(
        "4.1",
        "teilweise",
        "Die Übersicht ist im Netz, es fehlen noch die Angebote der Vereine.",
        "214 von geschätzt 400 Angeboten eingetragen",
    ),
    DemoRating("4.3", "nicht", "Für die neuen Beratungsorte wurden keine Räume gefunden."),
    DemoRating("4.4", "voll", "Beratung in fünf Sprachen an zwei Orten, auch per Video."),
    DemoRating("4.7", "voll", "Jede Familie mit einem Neugeborenen bekam ein Angebot."),
    DemoRating(
        "5.1",
        "überwiegend",
        "In fünf von sechs Planungsräumen gibt es eine Ansprechperson.",
        "Arbeitsverträge, Sprechzeiten auf den Seiten der Gemeinden",
    ),
    DemoRating("5.2", "teilweise", "Ein Bürgerbus fährt, zwei weitere suchen noch Fahrer."),
    DemoRating("5.5", "überwiegend", "Mittagstisch in neun Dörfern, geplant waren zwölf."),
    DemoRating("5.6", "voll", "Alle drei Spielplätze wurden mit Kindern geplant."),
    DemoRating("6.2", "teilweise", "Zwei Beiräte sind gewählt, drei Gemeinden zögern."),
    DemoRating(
        "6.3",
        "voll",
        "Die Agentur arbeitet seit einem Jahr und hat 120 Ehrenamtliche vermittelt.",
        "Tätigkeitsbericht",
    ),
    DemoRating("6.6", "überwiegend", "Sechs Erzählcafés im Jahr, die Werkstätten beginnen erst."),
]
SECOND = [
    DemoRating(
        "2.1",
        "überwiegend",
        "Die Stelle ist besetzt, der Bedarfsplan bis 2035 liegt als Entwurf vor.",
        "Stellenplan, Entwurf des Bedarfsplans",
    ),
    DemoRating("2.2", "voll", "Das Netzwerk hat sich eine Ordnung gegeben und trifft sich weiter."),
    DemoRating(
        "2.3", "voll", "Beide Fachkräfte beraten, in jedem Planungsraum gibt es einen Sprechtag."
    ),
    DemoRating("4.3", "teilweise", "Seit dem Herbst wird in einem der beiden Orte beraten."),
    DemoRating("3.2", "voll", "Die Kurse laufen, neu sind Sprechstunden in zwei Dörfern."),
    DemoRating("3.4", "überwiegend", "Es fehlen Lesepaten für die neuen Grundschulklassen."),
    DemoRating("5.5", "voll", "Alle zwölf Dörfer sind dabei."),
]
GOAL_REASONS = (
    ("überwiegend", "Die meisten Maßnahmen zu diesem Ziel laufen und zeigen Wirkung."),
    ("teilweise", "Erste Schritte sind getan, die Wirkung ist noch nicht überall zu sehen."),
    ("voll", "Das Ziel ist erreicht, das Angebot wird gehalten."),
    ("teilweise", "Ein Teil der Maßnahmen hat begonnen."),
)


def fill_evaluations(plan: Plan, *, by: User, now: datetime) -> list[RatingLink]:
    """Hold an evaluation, open a second one; give the personal links of those still asked."""
    if plan.predecessor is not None:
        _of_the_plan_before(plan.predecessor, by=by, now=now - timedelta(days=200))
    begun = now - timedelta(days=75)
    first = _prepare(plan, "Erster Zwischenstand", "First interim evaluation", begun, by=by)
    persons = _ask(first)
    _rate(first, persons, FIRST, now=begun + timedelta(days=9))
    _rate_goals(first, by=by, now=begun + timedelta(days=20))
    _close(first, by=by, now=begun + timedelta(days=30))
    opened = now - timedelta(days=10)
    second = _prepare(plan, "Zweiter Zwischenstand", "Second interim evaluation", opened, by=by)
    persons = _ask(second)
    _rate(second, persons, SECOND, now=opened + timedelta(days=4))
    waiting = [persons[name] for name in ("Torben Escher", "Falk Trinks", "Gerda Wohlfahrt")]
    return make_links(waiting, expires_at=now + timedelta(days=60), by=by, now=now)


def _prepare(plan: Plan, title: str, title_en: str, begun: datetime, *, by: User) -> Evaluation:
    day = localtime(begun).date()
    evaluation = prepare_evaluation(
        plan,
        {"title_de": title, "title_en": title_en, "due_on": day + timedelta(days=28)},
        measures=plan.measures.in_order(),
        goals=goals_to_rate(plan),
        by=by,
    )
    return open_evaluation(evaluation, by=by)


def _ask(evaluation: Evaluation) -> dict[str, RatingRequest]:
    """Ask somebody of each office about the office's measures."""
    persons = {}
    for office, name in PERSONS.items():
        items = evaluation.items.filter(measure__responsible__name=office)
        persons[name] = ask(
            evaluation,
            name=name,
            email=f"{name.lower().replace(' ', '.').replace('ö', 'oe')}@{DOMAIN}",
            user=None,
            items=items.values_list("pk", flat=True),
        )
    return persons


def _rate(
    evaluation: Evaluation,
    persons: dict[str, RatingRequest],
    ratings: list[DemoRating],
    *,
    now: datetime,
) -> None:
    items = {
        item.measure.number: item
        for item in evaluation.items.select_related("measure", "evaluation", "request__user")
        if item.measure
    }
    by_key = {person.pk: person for person in persons.values()}
    for place, rating in enumerate(ratings):
        item = items.get(rating.number)
        if item is None or item.request_id is None:
            continue
        rate_by_link(
            by_key[item.request_id],
            item,
            _verdict(rating.step, rating.reason, rating.evidence),
            seen_version=0,
            now=now + timedelta(minutes=17 * place),
        )


def _rate_goals(evaluation: Evaluation, *, by: User, now: datetime) -> None:
    goals: list[EvaluationItem] = list(
        evaluation.items.filter(goal__isnull=False).select_related("evaluation").order_by("pk")
    )
    for place, item in enumerate(goals):
        step, reason = GOAL_REASONS[place % len(GOAL_REASONS)]
        rate_as_planner(item, _verdict(step, reason), seen_version=0, now=now, by=by)


def _verdict(step: str, reason: str, evidence: str = "") -> Verdict:
    apart = {"nicht bewertbar": "not_assessable", "entfallen": "dropped"}
    if step in apart:
        return Verdict(apart[step], None, reason, evidence)
    return Verdict("rated", STEPS[step], reason, evidence)


def _close(evaluation: Evaluation, *, by: User, now: datetime) -> None:
    begin_check(evaluation, by=by)
    seen = dict(evaluation.ratings.values_list("pk", "version"))
    accept_ratings(evaluation, seen, by=by, now=now)
    close_evaluation(evaluation, by=by, now=now)


def _of_the_plan_before(plan: Plan, *, by: User, now: datetime) -> None:
    """Rate the plan before as it ended: by the status of its measures."""
    words = {
        "done": ("voll", "Abgeschlossen wie geplant."),
        "partly_done": ("überwiegend", "Zum großen Teil umgesetzt, der Rest wird weitergeführt."),
        "running": ("teilweise", "Läuft noch und wird im neuen Plan weitergeführt."),
        "carried_over": ("teilweise", "Begonnen und in den neuen Plan übernommen."),
        "not_done": ("nicht", "Wurde in der Laufzeit nicht begonnen."),
        "dropped": ("entfallen", "Wird nicht weiterverfolgt."),
    }
    if not plan.measures.exists():
        return
    evaluation = _prepare(plan, "Schlussauswertung", "Final evaluation", now, by=by)
    for item in evaluation.items.select_related("measure", "evaluation").order_by("pk"):
        if item.measure is not None and item.measure.status in words:
            step, reason = words[item.measure.status]
            rate_as_planner(item, _verdict(step, reason), seen_version=0, now=now, by=by)
    _rate_goals(evaluation, by=by, now=now)
    _close(evaluation, by=by, now=now + timedelta(days=20))
