"""What belongs to the sixteen measures of the first vote: steps, money, numbers, relations."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.core.files.base import ContentFile

from zusammenplan.config.demo.areas import COUNTY as COUNTY_AREA, PLANNING_AREAS
from zusammenplan.core.days import read_day
from zusammenplan.core.files import check_file
from zusammenplan.indicators.models import Indicator
from zusammenplan.people.models import User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions import change_measure
from zusammenplan.plans.actions.attachments import add_attachment
from zusammenplan.plans.actions.costs import add_cost
from zusammenplan.plans.actions.indicators import add_indicator, add_value
from zusammenplan.plans.actions.milestones import add_milestone, change_milestone
from zusammenplan.plans.actions.relations import add_relation
from zusammenplan.plans.choices import IndicatorKind, RelationKind, TermKind
from zusammenplan.plans.models import Measure, Milestone, Plan, Term

LAND, COUNTY = "Land (LSZ)", "Landkreis"


class Step(NamedTuple):
    """A milestone: when it is due, when it was done, and how its day moved."""

    title: str
    due: str
    done: str = ""
    moved_to: str = ""
    reason: str = ""


class Count(NamedTuple):
    """An indicator in numbers with its values by year."""

    text: str
    unit: str
    target: int
    target_year: int
    source: str
    values: dict[int, str]


class Tied(NamedTuple):
    """An indicator in numbers whose values are those of the data, for the whole county."""

    text: str
    code: str
    baseline: tuple[int, str]
    target: int
    target_year: int


class Statement(NamedTuple):
    """An indicator in words."""

    text: str
    until: str = ""
    reached: str = ""
    evidence: str = ""


class Details(NamedTuple):
    """What belongs to one measure. ``total`` is what it costs in 2027, in euros."""

    total: str
    steps: tuple[Step, ...]
    signs: tuple[Count | Tied | Statement, ...]
    groups: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    source: str = ""


AREAS = tuple(PLANNING_AREAS)
GROUPS = (
    "Menschen mit Pflegebedarf",
    "Pflegende Angehörige",
    "Seniorinnen und Senioren",
    "Familien",
    "Alleinerziehende",
    "Menschen mit Behinderung",
    "Menschen mit Migrationsgeschichte",
    "Ehrenamtlich Engagierte",
    "Träger und Vereine",
)
SITUATIONS = (
    "Arbeit",
    "Bildung",
    "Gesundheit und Pflege",
    "Familie und soziales Netz",
    "Teilhabe",
)

DETAILS: dict[str, Details] = {
    "1.1": Details(
        "",
        (
            Step("Auftrag des Kreistags liegt vor", "März 2027"),
            Step("Werkstätten in allen Planungsräumen", "Oktober 2027"),
            Step("Leitbild ist beschlossen", "2028"),
            Step("Leitbild ist bekannt gemacht", "2029"),
        ),
        (Statement("Der Kreistag hat das Leitbild beschlossen.", "2028"),),
        areas=AREAS,
    ),
    "1.2": Details(
        "",
        (
            Step("Bestand der Fachplanungen ist erfasst", "Juni 2027"),
            Step("Gemeinsamer Kalender der Förderprogramme", "Dezember 2027"),
            Step("Jede Fachplanung nennt ihre Fördermittel", "2028"),
        ),
        (
            Count(
                "Eingeworbene Mittel von Bund und Land je Jahr",
                "Tausend Euro",
                900,
                2030,
                "Kämmerei, Jahresrechnung",
                {2023: "412", 2024: "455", 2025: "438"},
            ),
        ),
        groups=("Träger und Vereine",),
    ),
    "1.3": Details(
        "42650",
        (
            Step("Befragung 2026 ist ausgewertet", "Juni 2026", "24.06.2026"),
            Step("Fünf Sozialraumkonferenzen haben stattgefunden", "2026", "08.10.2026"),
            Step("Trägerfrühstück findet jedes Vierteljahr statt", "September 2026", "17.09.2026"),
            Step("Ergebnisse stehen auf der öffentlichen Seite", "April 2027"),
            Step("Zweite Befragung", "2029"),
        ),
        (
            Count(
                "Teilnehmende an Befragungen und Konferenzen",
                "Personen",
                2000,
                2029,
                "Stabsstelle Sozialplanung",
                {2021: "310", 2023: "655", 2025: "1284"},
            ),
        ),
        areas=AREAS,
        partners=("Sozialwerk Ilsetal e. V.", "Familienverein Grundheim e. V."),
    ),
    "2.1": Details(
        "43050",
        (
            Step("Stelle ist beschrieben und bewertet", "September 2026", "30.09.2026"),
            Step("Stelle ist besetzt", "April 2027"),
            Step("Erste Pflegebedarfsplanung liegt vor", "2028"),
        ),
        (Statement("Die Pflegebedarfsplanung ist im Sozialausschuss beraten.", "2028"),),
        groups=("Menschen mit Pflegebedarf", "Seniorinnen und Senioren"),
        situations=("Gesundheit und Pflege", "Familie und soziales Netz"),
        areas=AREAS,
    ),
    "2.2": Details(
        "51500",
        (
            Step("Stammtisch in Grundheim", "2022", "16.11.2022"),
            Step("Stammtische in drei Planungsräumen", "Juni 2026", "11.06.2026"),
            Step("Stammtische in allen sechs Planungsräumen", "2027"),
            Step("Vereinbarung des Pflegenetzwerks ist unterschrieben", "Juni 2028"),
        ),
        (
            Count(
                "Treffen der Pflegestammtische je Jahr",
                "Treffen",
                40,
                2029,
                "Sozialamt",
                {2022: "2", 2023: "9", 2024: "14", 2025: "17"},
            ),
            Statement("In jedem Planungsraum gibt es einen Stammtisch.", "2027"),
        ),
        groups=("Pflegende Angehörige", "Menschen mit Pflegebedarf"),
        situations=("Gesundheit und Pflege",),
        areas=AREAS,
        partners=("Lebenshof Lauterland gGmbH",),
    ),
    "2.3": Details(
        "97714.29",
        (
            Step("Konzept liegt vor", "Oktober 2026", "12.10.2026"),
            Step("Räume in der Kreisstadt gefunden", "Januar 2027", "05.11.2026"),
            Step(
                "Förderbescheid für 2027 liegt vor",
                "Februar 2027",
                moved_to="April 2027",
                reason="Das Land hat die Frist für Anträge verlegt.",
            ),
            Step("Stützpunkt ist geöffnet", "Oktober 2027"),
            Step("Sprechtage in allen sechs Planungsräumen", "2028"),
        ),
        (
            Count(
                "Unabhängige Beratungen zur Pflege im Landkreis pro Jahr",
                "Beratungen",
                500,
                2029,
                "Sozialamt, Jahresstatistik",
                {2022: "142", 2023: "168", 2024: "155", 2025: "201"},
            ),
            Tied(
                "Menschen, die ein ambulanter Dienst versorgt",
                "care_ambul",
                (2021, "16.4"),
                20,
                2029,
            ),
            Statement(
                "Das Konzept ist mit den Pflegekassen abgestimmt.",
                "2026",
                "12.10.2026",
                "Schreiben der Pflegekassen vom 12. Oktober 2026",
            ),
            Statement("In jedem Planungsraum gibt es einen Sprechtag im Monat.", "2028"),
        ),
        groups=("Menschen mit Pflegebedarf", "Pflegende Angehörige"),
        situations=("Gesundheit und Pflege", "Familie und soziales Netz"),
        areas=AREAS,
        partners=("Pflegekassen", "Kreisseniorenbüro", "Sozialwerk Ilsetal e. V."),
        source="Befragung 2026, Frage 7",
    ),
    "3.1": Details(
        "134500",
        (
            Step("Haus ist gefunden", "Mai 2026", "20.05.2026"),
            Step("Umbau ist abgeschlossen", "September 2027"),
            Step("Familienzentrum ist geöffnet", "2028"),
            Step("Alle Kurse sind unter einem Dach", "2029"),
        ),
        (
            Count(
                "Familien, die ein Angebot im Zentrum nutzen",
                "Familien",
                600,
                2030,
                "Jugendamt",
                {2024: "120", 2025: "185"},
            ),
        ),
        groups=("Familien", "Alleinerziehende"),
        situations=("Familie und soziales Netz", "Bildung"),
        areas=("Grundheim und Umland",),
        partners=("Familienverein Grundheim e. V.",),
    ),
    "3.2": Details(
        "68800",
        (
            Step("Zwölf Lotsinnen und Lotsen sind ausgebildet", "2024", "18.11.2024"),
            Step("Sprechstunden in drei Bibliotheken", "2025", "03.09.2025"),
            Step("Leihgeräte stehen bereit", "Juni 2026", "02.06.2026"),
            Step("Angebot in allen Planungsräumen", "2028"),
        ),
        (
            Count(
                "Ältere Menschen, die an Kursen teilnehmen",
                "Teilnehmende je Jahr",
                450,
                2028,
                "Kreisseniorenbüro",
                {2023: "85", 2024: "164", 2025: "238"},
            ),
        ),
        groups=("Seniorinnen und Senioren",),
        situations=("Familie und soziales Netz",),
        areas=AREAS,
        partners=("Sozialwerk Ilsetal e. V.",),
    ),
    "4.1": Details(
        "77650",
        (
            Step("Angebote sind erfasst", "Juni 2026", "30.06.2026"),
            Step("Übersicht ist ausgeschrieben", "Oktober 2026", "21.10.2026"),
            Step("Übersicht ist öffentlich", "Juli 2027"),
            Step("Träger pflegen ihre Angebote selbst", "2027"),
        ),
        (
            Count(
                "Zeit, bis ein passendes Angebot gefunden ist",
                "Minuten im Test",
                3,
                2028,
                "Test mit zwölf Personen",
                {2024: "19", 2025: "14.5"},
            ),
        ),
        groups=("Familien", "Seniorinnen und Senioren", "Menschen mit Migrationsgeschichte"),
        areas=AREAS,
    ),
    "4.2": Details(
        "86100",
        (
            Step("Bedarf in den Planungsräumen ist geklärt", "September 2027"),
            Step("Träger sind beauftragt", "März 2028"),
            Step("Hausbesuche in allen Planungsräumen", "2029"),
        ),
        (Statement("Ein Hausbesuch findet binnen zwei Wochen statt.", "2029"),),
        groups=("Familien", "Seniorinnen und Senioren"),
        situations=("Familie und soziales Netz", "Bildung"),
        areas=("Oberes Rennsteigtal", "Werragrund", "Steinhöhe"),
        partners=("Jugendamt",),
    ),
    "5.1": Details(
        "94950",
        (
            Step("Aufgaben der Kümmerer sind beschrieben", "2025", "14.03.2025"),
            Step("Zwei Kümmerer arbeiten", "2025", "01.09.2025"),
            Step("Drei Kümmerer arbeiten", "Juni 2026", "01.06.2026"),
            Step("Alle sechs Stellen sind besetzt", "Juli 2027"),
            Step("Gemeinden tragen die Hälfte der Kosten", "2029"),
        ),
        (
            Count(
                "Planungsräume mit fester Ansprechperson",
                "Planungsräume",
                6,
                2027,
                "Stabsstelle Sozialplanung",
                {2023: "0", 2024: "2", 2025: "3"},
            ),
        ),
        groups=("Seniorinnen und Senioren", "Familien"),
        situations=("Teilhabe", "Familie und soziales Netz"),
        areas=AREAS,
        partners=("Stadt Grundheim", "Gemeinde Wiesenrode"),
    ),
    "5.2": Details(
        "103400",
        (
            Step("Beratung der Gemeinden beginnt", "2025", "10.02.2025"),
            Step("Erster Bürgerbus fährt im Oberen Rennsteigtal", "2025", "01.10.2025"),
            Step(
                "Zweiter Bürgerbus fährt im Werragrund",
                "Juni 2026",
                moved_to="Oktober 2026",
                reason="Das Fahrzeug kam später als bestellt.",
            ),
            Step("Dritter Bürgerbus fährt auf der Steinhöhe", "2028"),
        ),
        (
            Count(
                "Fahrgäste der Bürgerbusse",
                "Fahrgäste je Jahr",
                12000,
                2030,
                "Fahrtenbücher der Vereine",
                {2024: "0", 2025: "1840"},
            ),
        ),
        groups=("Seniorinnen und Senioren", "Menschen mit Behinderung"),
        situations=("Familie und soziales Netz", "Teilhabe"),
        areas=("Oberes Rennsteigtal", "Werragrund", "Steinhöhe"),
        partners=("Gemeinde Wiesenrode",),
    ),
    "6.1": Details(
        "112250",
        (
            Step("Strategie liegt vor", "Juni 2027"),
            Step("Zwei Kitas sind ausgewählt", "September 2027"),
            Step("Modellprojekte beginnen", "Januar 2028"),
            Step("Auswertung liegt vor", "2029"),
        ),
        (Statement("Beide Modellkitas arbeiten als Eltern-Kind-Zentrum.", "2029"),),
        groups=("Familien",),
        situations=("Bildung",),
        areas=("Grundheim und Umland", "Lauterland"),
    ),
    "6.2": Details(
        "120700",
        (
            Step("Mustersatzung liegt vor", "September 2026", "15.09.2026"),
            Step("Beiräte in zwei Planungsräumen", "2027"),
            Step("Beiräte in vier Planungsräumen", "2029"),
            Step("Beiräte haben ein eigenes Budget", "2030"),
        ),
        (
            Count(
                "Planungsräume mit Seniorenbeirat",
                "Planungsräume",
                5,
                2030,
                "Kreisseniorenbüro",
                {2024: "1", 2025: "1"},
            ),
        ),
        groups=("Seniorinnen und Senioren",),
        situations=("Teilhabe",),
        areas=AREAS,
    ),
    "6.3": Details(
        "129150",
        (
            Step("Träger der Agentur ist gefunden", "März 2025", "28.03.2025"),
            Step("Agentur ist geöffnet", "September 2025", "01.09.2025"),
            Step("Hundert Freiwillige sind vermittelt", "Juni 2026", "19.05.2026"),
            Step("Vereine bekommen Hilfe bei Anträgen", "2026", "30.06.2026"),
        ),
        (
            Count(
                "Vermittelte Freiwillige",
                "Freiwillige je Jahr",
                100,
                2026,
                "Ehrenamtsagentur",
                {2023: "0", 2024: "46", 2025: "118"},
            ),
        ),
        groups=("Ehrenamtlich Engagierte", "Träger und Vereine"),
        situations=("Teilhabe",),
        areas=AREAS,
        partners=("Familienverein Grundheim e. V.",),
    ),
    "6.4": Details(
        "137600",
        (
            Step("Richtlinie ist überarbeitet", "Juni 2027"),
            Step("Anträge gehen online", "2027"),
            Step("Alle Vereine kennen das Verfahren", "Juni 2028"),
        ),
        (
            Count(
                "Zeit vom Antrag bis zum Bescheid",
                "Wochen",
                6,
                2028,
                "Büro der Landrätin",
                {2023: "15", 2024: "13.5", 2025: "13"},
            ),
        ),
        groups=("Ehrenamtlich Engagierte", "Träger und Vereine"),
        situations=("Teilhabe",),
    ),
}
RELATIONS = (
    ("2.3", RelationKind.BELONGS, "2.2", "Der Stammtisch verweist auf den Stützpunkt."),
    ("2.1", RelationKind.BLOCKS, "2.3", "Ohne die Planung fehlen die Zahlen für den Antrag."),
    ("6.4", RelationKind.CONTINUES, "6.3", "Die Agentur begleitet das neue Verfahren."),
    ("5.1", RelationKind.BELONGS, "4.2", ""),
)
# What the English page of the measure most looked at says.
ENGLISH = {
    "Menschen, die ein ambulanter Dienst versorgt": "People cared for by an ambulatory service",
    "Konzept liegt vor": "The concept is there",
    "Räume in der Kreisstadt gefunden": "Rooms in the county town are found",
    "Förderbescheid für 2027 liegt vor": "The grant for 2027 is approved",
    "Stützpunkt ist geöffnet": "The centre is open",
    "Sprechtage in allen sechs Planungsräumen": "Consulting days in all six planning areas",
    "Unabhängige Beratungen zur Pflege im Landkreis pro Jahr": (
        "Independent consultations on care in the county per year"
    ),
    "Das Konzept ist mit den Pflegekassen abgestimmt.": (
        "The concept is agreed with the care insurance funds."
    ),
    "In jedem Planungsraum gibt es einen Sprechtag im Monat.": (
        "In each planning area there is a consulting day every month."
    ),
    "Tausend Euro": "thousand euros",
    "Personen": "people",
    "Treffen": "meetings",
    "Beratungen": "consultations",
    "Familien": "families",
    "Teilnehmende je Jahr": "participants a year",
    "Minuten im Test": "minutes in the test",
    "Planungsräume": "planning areas",
    "Fahrgäste je Jahr": "passengers a year",
    "Freiwillige je Jahr": "volunteers a year",
    "Wochen": "weeks",
}
EASY_TITLE = "Pflege-Stützpunkt: Hilfe für Menschen, die Pflege brauchen"
EASY_TEXT = """Viele Menschen brauchen Pflege.
Sie haben dann Fragen.
Zum Beispiel: Wer hilft mir?
Was kostet die Hilfe?
Dafür gibt es bald einen Ort.
Der Ort heißt Pflege-Stützpunkt.
Dort bekommen Sie Rat.
Der Rat kostet nichts.
Sie können hin-gehen.
Oder jemand kommt zu Ihnen nach Hause."""
CONCEPT = """Pflegestützpunkt im Landkreis Rennsteiggrund: Konzept in Kürze

1. Auftrag: unabhängige Beratung zu Vorsorge und Pflege an einem Ort.
2. Ort: Grundheim, ab 2028 Sprechtage in allen sechs Planungsräumen.
3. Personal: zwei Beraterinnen oder Berater, eine halbe Stelle Verwaltung.
4. Träger: Landkreis und Pflegekassen gemeinsam.
5. Erfolg: 500 Beratungen im Jahr 2029.

Diesen Landkreis gibt es nicht. Alle Angaben sind erfunden.
"""
LETTER = """Die Pflegekassen stimmen dem Konzept vom 12. Oktober 2026 zu.

Erfunden wie der ganze Landkreis.
"""


def fill_measures(plan: Plan, *, by: User, now: datetime) -> None:
    """Give the sixteen measures what a planner would have noted after a year."""
    areas = {area.name: area for area in Area.objects.filter(name__in=AREAS)}
    groups = _terms(TermKind.TARGET_GROUP, GROUPS)
    situations = _terms(TermKind.LIFE_SITUATION, SITUATIONS)
    measures = {measure.number: measure for measure in plan.measures.select_related("plan")}
    for number, details in DETAILS.items():
        measure = measures[number]
        values: dict[str, object] = {
            "areas": [areas[name] for name in details.areas],
            "target_groups": [groups[name] for name in details.groups],
            "life_situations": [situations[name] for name in details.situations],
            "partners": list(details.partners),
            "source": details.source or measure.source,
            "contact": by,
        }
        if number == "2.3":
            values |= {"title_easy": EASY_TITLE, "text_easy": EASY_TEXT}
        change_measure(measure, values, seen_version=measure.version, by=by)
        _costs(measure, details.total, by=by)
        _steps(measure, details.steps, by=by)
        _signs(measure, details.signs, by=by)
    for number, kind, other, note in RELATIONS:
        add_relation(measures[number], kind, measures[other], note=note, by=by)
    _files(measures["2.3"], by=by, now=now)


def _terms(kind: TermKind, names: tuple[str, ...]) -> dict[str, Term]:
    return {
        name: Term.objects.get_or_create(kind=kind, name_de=name, defaults={"position": place})[0]
        for place, name in enumerate(names, start=1)
    }


def _costs(measure: Measure, total: str, *, by: User) -> None:
    if not total:
        return
    whole = Decimal(total)
    land = (whole * Decimal("0.7")).quantize(Decimal("0.01"))
    for year, share in ((2027, Decimal(1)), (2028, Decimal("1.03"))):
        if year > 2027 and measure.number not in {"2.3", "3.1", "5.1"}:  # noqa: PLR2004 - the plan's first year
            continue
        of_land = (land * share).quantize(Decimal("0.01"))
        of_all = (whole * share).quantize(Decimal("0.01"))
        add_cost(measure, {"year": year, "amount": of_land, "source": LAND}, by=by)
        rest = {"year": year, "amount": of_all - of_land, "source": COUNTY}
        add_cost(measure, rest, by=by)
    if measure.number == "3.1":
        once = {"amount": Decimal(48_000), "source": "Stiftung", "note": "einmalig für den Umbau"}
        add_cost(measure, once, by=by)


def _steps(measure: Measure, steps: tuple[Step, ...], *, by: User) -> None:
    for step in steps:
        milestone: Milestone = add_milestone(
            measure,
            {
                "title_de": step.title,
                "title_en": ENGLISH.get(step.title, ""),
                "due_on": read_day(step.due),
                "done_on": read_day(step.done) if step.done else None,
            },
            by=by,
        )
        if step.moved_to:
            change_milestone(
                milestone,
                {"due_on": read_day(step.moved_to), "moved_reason": step.reason},
                seen_version=milestone.version,
                by=by,
            )


def _signs(measure: Measure, signs: tuple[Count | Tied | Statement, ...], *, by: User) -> None:
    for sign in signs:
        if isinstance(sign, Tied):
            values = {
                "text_de": sign.text,
                "text_en": ENGLISH[sign.text],
                "baseline": Decimal(sign.baseline[1]),
                "baseline_on": date(sign.baseline[0], 12, 31),
                "target": Decimal(sign.target),
                "target_on": date(sign.target_year, 12, 31),
                "source": "Pflegestatistik",
                "tied_indicator": Indicator.objects.get(code=sign.code),
                "tied_area": Area.objects.get(name=COUNTY_AREA),
            }
            add_indicator(measure, IndicatorKind.NUMERIC, values, by=by)
            continue
        if isinstance(sign, Statement):
            values = {
                "text_de": sign.text,
                "text_en": ENGLISH.get(sign.text, ""),
                "target_on": read_day(sign.until) if sign.until else None,
                "reached_on": read_day(sign.reached) if sign.reached else None,
                "evidence": sign.evidence,
            }
            add_indicator(measure, IndicatorKind.VERBAL, values, by=by)
            continue
        first_year, first = next(iter(sign.values.items()))
        indicator = add_indicator(
            measure,
            IndicatorKind.NUMERIC,
            {
                "text_de": sign.text,
                "text_en": ENGLISH.get(sign.text, ""),
                "unit": sign.unit,
                "unit_en": ENGLISH[sign.unit],
                "baseline": Decimal(first),
                "baseline_on": date(first_year, 12, 31),
                "target": Decimal(sign.target),
                "target_on": date(sign.target_year, 12, 31),
                "source": sign.source,
            },
            by=by,
        )
        for year, value in sign.values.items():
            day = {"on": date(year, 12, 31), "value": Decimal(value)}
            add_value(indicator, day, by=by)


def _files(measure: Measure, *, by: User, now: datetime) -> None:
    concept = check_file(ContentFile(CONCEPT.encode(), name="Konzept-Pflegestuetzpunkt.txt"))
    add_attachment(
        measure, concept, description="Konzept Pflegestützpunkt", is_public=True, by=by, now=now
    )
    letter = check_file(ContentFile(LETTER.encode(), name="Schreiben-Pflegekassen.txt"))
    add_attachment(
        measure.indicators.get(text_de__startswith="Das Konzept"),
        letter,
        description="Schreiben der Pflegekassen",
        is_public=False,
        by=by,
        now=now,
    )
