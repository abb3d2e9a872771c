"""The red thread of the demo's plan: terms, needs with evidence, goals. All invented."""

from datetime import date, datetime
from typing import NamedTuple

from zusammenplan.config.demo.areas import COUNTY, PLANNING_AREAS
from zusammenplan.core.periods import parse_period
from zusammenplan.indicators.models import Figure
from zusammenplan.people.models import User
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.citations import cite_value
from zusammenplan.plans.actions.goals import add_goal
from zusammenplan.plans.actions.levels import take_default_levels
from zusammenplan.plans.actions.links import link_measure
from zusammenplan.plans.actions.needs import add_need
from zusammenplan.plans.actions.terms import take_default_terms
from zusammenplan.plans.choices import EvidenceKind, Strength, TermKind
from zusammenplan.plans.models import Goal, Need, Plan, Term

SURVEY = "Generationenbefragung 2026, 1.284 Antworten"
CONFERENCE = "Sozialraumkonferenz im März 2026"
REPORT = "Statistischer Jahresbericht des Landkreises 2025"


class DemoEvidence(NamedTuple):
    """What proves a need."""

    kind: EvidenceKind
    text: str
    text_en: str
    source: str
    dated_on: date


class DemoNeed(NamedTuple):
    """A need; ``field`` is a code, areas and groups are names."""

    key: str
    field: str
    title: str
    title_en: str
    strength: Strength
    groups: tuple[str, ...]
    situations: tuple[str, ...]
    areas: tuple[str, ...]
    evidence: tuple[DemoEvidence, ...]


class DemoGoal(NamedTuple):
    """A goal; its number says where it stands in the tree: 2 → 2.A → 2.A.1 → 2.A.1.a."""

    number: str
    title: str
    title_en: str
    period: str = ""
    needs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


ALL = tuple(PLANNING_AREAS)


def _asked(text: str, text_en: str) -> DemoEvidence:
    return DemoEvidence(EvidenceKind.SURVEY, text, text_en, SURVEY, date(2026, 5, 31))


def _said(text: str, text_en: str) -> DemoEvidence:
    return DemoEvidence(EvidenceKind.CONFERENCE, text, text_en, CONFERENCE, date(2026, 3, 14))


def _counted(text: str, text_en: str) -> DemoEvidence:
    return DemoEvidence(EvidenceKind.STATISTIC, text, text_en, REPORT, date(2025, 12, 31))


NEEDS = (
    DemoNeed(
        "care-advice",
        "2",
        "Wer Pflege braucht, findet keine unabhängige Beratung an einem Ort",
        "People in need of care find no independent advice in one place",
        Strength.HIGH,
        ("Menschen mit Pflegebedarf", "Pflegende Angehörige"),
        ("Gesundheit und Pflege",),
        ALL,
        (
            _asked(
                "41 % konnten keine Stelle nennen, die sie unabhängig zur Pflege berät.",
                "41% could name no place that gives independent advice on care.",
            ),
            _counted(
                "4.900 Menschen im Landkreis haben einen Pflegegrad, 820 mehr als 2019.",
                "4,900 people in the county have a degree of care, 820 more than in 2019.",
            ),
            _said(
                "„Man telefoniert sich von Stelle zu Stelle“: so in fünf von sechs Planungsräumen.",
                "“You phone from office to office”, said in five of six planning areas.",
            ),
        ),
    ),
    DemoNeed(
        "hours",
        "2",
        "Betreuung endet, bevor die Arbeit endet",
        "Child care ends before work ends",
        Strength.HIGH,
        ("Familien", "Alleinerziehende"),
        ("Arbeit", "Familie und soziales Netz"),
        ("Grundheim und Umland", "Werragrund"),
        (
            _asked(
                "Jede dritte Alleinerziehende sucht Betreuung nach 17 Uhr.",
                "One single parent in three looks for child care after 5 pm.",
            ),
            _said(
                "Betriebe mit Schichten verlieren Fachkräfte an die Nachbarkreise.",
                "Firms with shift work lose skilled workers to neighbouring counties.",
            ),
        ),
    ),
    DemoNeed(
        "relief",
        "2",
        "Pflegende Angehörige kommen nicht zum Durchatmen",
        "Family carers get no time to breathe",
        Strength.MIDDLE,
        ("Pflegende Angehörige",),
        ("Gesundheit und Pflege",),
        ALL,
        (
            _asked(
                "58 % der pflegenden Angehörigen hatten seit einem Jahr keine freie Woche.",
                "58% of family carers have had no week off for a year.",
            ),
        ),
    ),
    DemoNeed(
        "steering",
        "1",
        "Ämter planen nebeneinander, mit verschiedenen Zahlen",
        "Offices plan side by side, with different figures",
        Strength.MIDDLE,
        (),
        (),
        (),
        (
            DemoEvidence(
                EvidenceKind.TALK,
                "Sieben Fachpläne, vier verschiedene Einteilungen des Kreisgebiets.",
                "Seven plans, four different divisions of the county.",
                "Gespräche zwischen den Ämtern 2026",
                date(2026, 2, 10),
            ),
        ),
    ),
    DemoNeed(
        "heard",
        "1",
        "Wer betroffen ist, wird zu spät gefragt",
        "Those concerned are asked too late",
        Strength.MIDDLE,
        ("Jugendliche und junge Erwachsene", "Menschen mit Behinderung"),
        ("Teilhabe",),
        ALL,
        (
            _said(
                "Vereine und Beiräte erfahren von Vorhaben oft erst aus der Zeitung.",
                "Clubs and councils often learn of projects from the newspaper.",
            ),
        ),
    ),
    DemoNeed(
        "learning",
        "3",
        "Familienbildung erreicht die Dörfer nicht",
        "Family education does not reach the villages",
        Strength.MIDDLE,
        ("Familien", "Kinder"),
        ("Bildung",),
        ("Oberes Rennsteigtal", "Steinhöhe"),
        (
            _counted(
                "Von 112 Kursen im Jahr 2025 fanden 97 in der Kreisstadt statt.",
                "Of 112 courses in 2025, 97 took place in the county town.",
            ),
        ),
    ),
    DemoNeed(
        "digital",
        "3",
        "Ältere Menschen finden sich im Netz nicht zurecht",
        "Older people cannot find their way on the internet",
        Strength.MIDDLE,
        ("Seniorinnen und Senioren",),
        ("Bildung", "Teilhabe"),
        ALL,
        (
            _asked(
                "36 % der über 70-Jährigen nutzen das Internet nie.",
                "36% of those over 70 never use the internet.",
            ),
        ),
    ),
    DemoNeed(
        "overview",
        "4",
        "Niemand kennt alle Angebote",
        "Nobody knows all that is on offer",
        Strength.HIGH,
        ("Familien", "Seniorinnen und Senioren", "Menschen mit Migrationsgeschichte"),
        ("Teilhabe",),
        ALL,
        (
            _asked(
                "64 % wünschen sich eine Stelle, die alle Angebote zeigt.",
                "64% want one place that shows everything on offer.",
            ),
            _said(
                "Auch Fachkräfte führen eigene Listen, und jede ist anders alt.",
                "Professionals too keep their own lists, each of another age.",
            ),
        ),
    ),
    DemoNeed(
        "debts",
        "4",
        "Auf Schuldnerberatung wartet man fünf Monate",
        "People wait five months for debt advice",
        Strength.HIGH,
        ("Menschen mit geringem Einkommen", "Arbeitsuchende"),
        ("Einkommen",),
        ("Lauterland", "Werragrund"),
        (
            _counted(
                "Mittlere Wartezeit 2025: 21 Wochen, 2022 waren es 9.",
                "Median waiting time in 2025: 21 weeks; in 2022 it was 9.",
            ),
        ),
    ),
    DemoNeed(
        "mobility",
        "5",
        "Ohne Auto sind Arzt, Laden und Verein nicht zu erreichen",
        "Without a car, doctor, shop and club are out of reach",
        Strength.HIGH,
        ("Seniorinnen und Senioren", "Jugendliche und junge Erwachsene"),
        ("Wohnen", "Teilhabe"),
        ("Oberes Rennsteigtal", "Steinhöhe", "Lauterland"),
        (
            _counted(
                "In 34 Ortsteilen fährt nach 18 Uhr kein Bus.",
                "In 34 villages no bus runs after 6 pm.",
            ),
            _asked(
                "Der Weg zum Arzt ist für 47 % der über 75-Jährigen ein Problem.",
                "Getting to a doctor is a problem for 47% of those over 75.",
            ),
        ),
    ),
    DemoNeed(
        "contact",
        "5",
        "Im Dorf fehlt eine feste Ansprechperson",
        "Villages lack a person to turn to",
        Strength.MIDDLE,
        ("Seniorinnen und Senioren", "Familien"),
        ("Familie und soziales Netz",),
        ALL,
        (
            _said(
                "Wo es Kümmerer gibt, will sie keiner mehr missen.",
                "Where there are village carers, nobody wants to be without them.",
            ),
        ),
    ),
    DemoNeed(
        "lonely",
        "6",
        "Jung und Alt begegnen sich kaum noch",
        "Young and old hardly meet any more",
        Strength.MIDDLE,
        ("Seniorinnen und Senioren", "Kinder", "Jugendliche und junge Erwachsene"),
        ("Teilhabe", "Familie und soziales Netz"),
        ALL,
        (
            _asked(
                "Jede vierte Person über 65 fühlt sich oft allein.",
                "One person in four over 65 often feels lonely.",
            ),
        ),
    ),
    # Two that still hang loose, as in every real plan.
    DemoNeed(
        "youth",
        "6",
        "Jugendlichen fehlen Orte ohne Verzehrzwang",
        "Young people lack places where they need not buy anything",
        Strength.MIDDLE,
        ("Jugendliche und junge Erwachsene",),
        ("Teilhabe",),
        ("Werragrund",),
        (
            _said(
                "Der letzte Jugendraum im Werragrund schloss 2024.",
                "The last youth room in Werragrund closed in 2024.",
            ),
        ),
    ),
    DemoNeed(
        "flats",
        "5",
        "Kleine, stufenlose Wohnungen sind knapp",
        "Small flats without steps are scarce",
        Strength.LOW,
        ("Seniorinnen und Senioren", "Menschen mit Behinderung"),
        ("Wohnen",),
        ("Grundheim und Umland",),
        (),
    ),
)

GOALS = (
    DemoGoal(
        "1",
        "Der Landkreis plant gemeinsam, offen und mit denselben Zahlen",
        "The county plans together, openly and with the same figures",
        "",
        ("steering",),
    ),
    DemoGoal("1.A", "Alle Ämter planen auf einer Grundlage", "All offices plan on one basis"),
    DemoGoal(
        "1.A.1",
        "Zahlen und Räume sind für alle Fachpläne dieselben",
        "Figures and areas are the same for all plans",
        "ab 2027",
    ),
    DemoGoal(
        "1.A.1.a",
        "Bis 2028 arbeiten alle Fachpläne mit sechs Planungsräumen",
        "By 2028 all plans work with six planning areas",
        "2027–2028",
        (),
        ("1.1", "1.2", "1.4"),
    ),
    DemoGoal(
        "1.A.1.b",
        "Anträge und Fälle laufen ohne Umwege",
        "Applications and cases take no detours",
        "2027–2029",
        (),
        ("1.5", "1.6"),
    ),
    DemoGoal(
        "1.B",
        "Wer betroffen ist, redet früh mit",
        "Those concerned have an early say",
        "seit 2024",
        ("heard",),
    ),
    DemoGoal(
        "1.B.1",
        "Beteiligung folgt einem festen Kalender",
        "Participation follows a fixed calendar",
        "seit 2024",
        (),
        ("1.3",),
    ),
    DemoGoal(
        "2",
        "Arbeit, Kinder und Pflege passen zusammen",
        "Work, children and care fit together",
    ),
    DemoGoal(
        "2.A",
        "Pflege wird rechtzeitig geplant und begleitet",
        "Care is planned in time and supported",
        "",
        ("care-advice",),
    ),
    DemoGoal(
        "2.A.1",
        "Kurze Wege zur Beratung über Pflege",
        "Short ways to advice on care",
        "ab 2027",
        ("care-advice",),
    ),
    DemoGoal(
        "2.A.1.a",
        "Ab 2028 gibt es in jedem Planungsraum unabhängige Pflegeberatung",
        "From 2028 there is independent advice on care in every planning area",
        "ab 2028",
        (),
        ("2.1", "2.2", "2.3"),
    ),
    DemoGoal(
        "2.A.1.b",
        "Pflegende Angehörige bekommen freie Zeit",
        "Family carers get time off",
        "ab 2028",
        ("relief",),
        ("2.6",),
    ),
    DemoGoal(
        "2.B",
        "Betreuung richtet sich nach der Arbeitszeit der Eltern",
        "Child care follows the parents' working hours",
        "",
        ("hours",),
    ),
    DemoGoal(
        "2.B.1.a",
        "Drei Kindertagesstätten öffnen bis 20 Uhr, die Ferien sind abgedeckt",
        "Three day-care centres open until 8 pm, holidays are covered",
        "2027–2029",
        (),
        ("2.4", "2.5", "2.7"),
    ),
    DemoGoal(
        "3",
        "Lernen gelingt in jedem Alter und an jedem Ort",
        "Learning succeeds at any age and in any place",
        "",
        ("learning",),
    ),
    DemoGoal("3.A", "Familien lernen in ihrer Nähe", "Families learn close to home"),
    DemoGoal(
        "3.A.1",
        "Angebote kommen zu den Familien",
        "Courses come to the families",
        "2027–2031",
        (),
        ("3.1", "3.3", "3.5"),
    ),
    DemoGoal(
        "3.A.2",
        "Kinder starten gut in die Schule",
        "Children make a good start at school",
        "2027–2028",
        (),
        ("3.4", "3.6"),
    ),
    DemoGoal(
        "3.B",
        "Ältere Menschen nutzen digitale Dienste sicher",
        "Older people use digital services safely",
        "seit 2023",
        ("digital",),
        ("3.2",),
    ),
    DemoGoal(
        "4",
        "Alle finden Rat und Hilfe, ohne lange zu suchen",
        "Everybody finds advice and help without a long search",
        "",
        ("overview",),
    ),
    DemoGoal(
        "4.A",
        "Angebote sind sichtbar und verständlich",
        "What is on offer is visible and easy to understand",
    ),
    DemoGoal(
        "4.A.1.a",
        "Ende 2027 stehen alle Angebote an einer Stelle",
        "At the end of 2027 everything on offer stands in one place",
        "bis Ende 2027",
        (),
        ("4.1", "4.4"),
    ),
    DemoGoal(
        "4.B",
        "Beratung kommt zu den Menschen",
        "Advice comes to the people",
        "",
        ("debts",),
        ("4.6",),
    ),
    DemoGoal(
        "4.B.1",
        "Niemand wartet länger als acht Wochen",
        "Nobody waits longer than eight weeks",
        "2027–2029",
        ("debts",),
        ("4.2", "4.3", "4.5", "4.7"),
    ),
    DemoGoal(
        "5",
        "Gut leben im Dorf und in der Stadt",
        "Living well in village and town",
        "",
        ("mobility",),
    ),
    DemoGoal("5.A", "Niemand bleibt ohne Auto zurück", "Nobody is left behind without a car"),
    DemoGoal(
        "5.A.1.a",
        "Bis 2030 fährt in jedem Planungsraum ein Bürgerbus",
        "By 2030 a community bus runs in every planning area",
        "2027–2030",
        ("mobility",),
        ("5.2", "5.7"),
    ),
    DemoGoal(
        "5.B",
        "Jedes Dorf hat Ort und Ansprechperson",
        "Every village has a place and a person to turn to",
        "seit 2025",
        ("contact",),
        ("5.1", "5.5"),
    ),
    DemoGoal(
        "5.C",
        "Wohnen und Wege sind ohne Hürden",
        "Homes and ways are without barriers",
        "2027–2031",
        (),
        ("5.3", "5.4"),
    ),
    DemoGoal(
        "6",
        "Jung und Alt bewegen gemeinsam etwas",
        "Young and old get things done together",
        "",
        ("lonely",),
    ),
    DemoGoal("6.A", "Begegnung hat Orte und Anlässe", "Meeting has places and occasions"),
    DemoGoal(
        "6.A.1",
        "In jedem Planungsraum gibt es einen Treffpunkt",
        "Every planning area has a meeting place",
        "ab 2027",
        (),
        ("6.1", "6.6"),
    ),
    DemoGoal(
        "6.B",
        "Engagement wird getragen und gewürdigt",
        "Volunteering is supported and recognised",
        "2025–2028",
        (),
        ("6.3", "6.4"),
    ),
    DemoGoal(
        "6.C",
        "Alle Generationen bestimmen mit",
        "All generations have their say",
        "ab 2027",
        ("heard",),
        ("6.2",),
    ),
    DemoGoal(
        "6.C.1.a",
        "Ein Landkreisforum der Generationen tagt jährlich",
        "A county forum of generations meets every year",
        "ab 2028",
    ),
)
# Some measures answer a need themselves, not only by way of their goal.
DIRECT = {
    "2.3": ("care-advice", "relief"),
    "2.2": ("care-advice",),
    "2.4": ("hours",),
    "4.1": ("overview",),
    "5.1": ("contact", "lonely"),
    "5.2": ("mobility",),
    "3.2": ("digital",),
}


# What needs cite of the data: indicator, area and year. Of the last one a newer value is there.
CITED = (
    (
        "care-advice",
        "care_rate",
        COUNTY,
        2025,
        "Immer mehr Menschen im Landkreis sind pflegebedürftig.",
        "More and more people in the county are in need of care.",
    ),
    (
        "mobility",
        "share_65",
        "Oberes Rennsteigtal",
        2025,
        "In den Dörfern des oberen Rennsteigtals leben besonders viele Ältere.",
        "Particularly many older people live in the villages of Oberes Rennsteigtal.",
    ),
    (
        "digital",
        "share_65",
        "Ilsetal",
        2024,
        "Im Ilsetal ist fast jede dritte Person im Rentenalter.",
        "In Ilsetal almost one person in three is of pension age.",
    ),
)


def fill_thread(plan: Plan, *, by: User, now: datetime) -> None:  # noqa: ARG001 - as all parts of the demo
    """Fill the plan's thread: terms, needs with evidence, goals, and links to measures."""
    areas = {area.name: area for area in Area.objects.filter(name__in=PLANNING_AREAS)}
    for kind in TermKind:
        take_default_terms(kind, by=by)
    terms = {(term.kind, term.name_de): term for term in Term.objects.all()}
    needs = _needs(plan, areas, terms, by=by)
    for key, code, area, year, text, text_en in CITED:
        figure = Figure.objects.select_related("indicator", "area").get(
            indicator__code=code, area__name=area, ends_on=date(year, 12, 31)
        )
        words = {"kind": EvidenceKind.STATISTIC, "text_de": text, "text_en": text_en}
        cite_value(needs[key], figure, words, by=by)
    goals = _goals(plan, needs, by=by)
    measures = {measure.number: measure for measure in plan.measures.all()}
    for number, measure in measures.items():
        serves = [goals[goal.number] for goal in GOALS if number in goal.measures]
        answered = [needs[key] for key in DIRECT.get(number, ())]
        known = [need for need in NEEDS if need.key in DIRECT.get(number, ())]
        link_measure(
            measure,
            goals=serves,
            needs=answered,
            areas=[areas[name] for name in sorted({n for need in known for n in need.areas})],
            target_groups=[
                terms[TermKind.TARGET_GROUP, name]
                for name in sorted({n for need in known for n in need.groups})
            ],
            life_situations=[
                terms[TermKind.LIFE_SITUATION, name]
                for name in sorted({n for need in known for n in need.situations})
            ],
            by=by,
        )


def _needs(
    plan: Plan, areas: dict[str, Area], terms: dict[tuple[str, str], Term], *, by: User
) -> dict[str, Need]:
    fields = {field.code: field for field in plan.fields.all()}
    return {
        need.key: add_need(
            plan,
            {
                "field": fields[need.field],
                "title_de": need.title,
                "title_en": need.title_en,
                "strength": need.strength,
            },
            links={
                "areas": [areas[name] for name in need.areas],
                "target_groups": [terms[TermKind.TARGET_GROUP, name] for name in need.groups],
                "life_situations": [
                    terms[TermKind.LIFE_SITUATION, name] for name in need.situations
                ],
            },
            evidence=[
                {
                    "kind": one.kind,
                    "text_de": one.text,
                    "text_en": one.text_en,
                    "source": one.source,
                    "dated_on": one.dated_on,
                }
                for one in need.evidence
            ],
            by=by,
        )
        for need in NEEDS
    }


def _goals(plan: Plan, needs: dict[str, Need], *, by: User) -> dict[str, Goal]:
    levels = take_default_levels(plan, by=by)
    fields = {field.code: field for field in plan.fields.all()}
    goals: dict[str, Goal] = {}
    for goal in GOALS:
        parts = goal.number.split(".")
        period = parse_period(goal.period)
        # A level may be skipped: 2.B.1.a stands right under 2.B.
        above = next(
            (
                goals[".".join(parts[:length])]
                for length in range(len(parts) - 1, 0, -1)
                if ".".join(parts[:length]) in goals
            ),
            None,
        )
        goals[goal.number] = add_goal(
            plan,
            {
                "number": goal.number,
                "title_de": goal.title,
                "title_en": goal.title_en,
                "parent": above,
                "level": levels[len(parts) - 1],
                "field": fields[parts[0]],
                "period_text": period.text,
                "starts_on": period.starts_on,
                "ends_on": period.ends_on,
            },
            links={"needs": [needs[key] for key in goal.needs]},
            by=by,
        )
    return goals
