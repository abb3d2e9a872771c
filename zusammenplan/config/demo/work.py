"""Comments, tasks and saved views of the fictional county."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from zusammenplan.people.actions.comments import add_comment
from zusammenplan.people.actions.tasks import add_task, tick_task
from zusammenplan.people.models import User
from zusammenplan.plans.actions.saved_views import add_view
from zusammenplan.plans.models import Plan

# The measure's number, days ago, whether the reader says it, and the words.
COMMENTS = [
    ("2.3", 9, False, "Das Sozialamt möchte den Pflegestützpunkt im alten Amtsgericht einrichten."),
    (
        "2.3",
        8,
        True,
        "Der Aufzug dort fährt erst ab Herbst wieder. Bis dahin ist das Haus nicht barrierefrei.",
    ),
    ("2.3", 6, False, "Danke, dann beginnen wir im Erdgeschoss. Den Grundriss lege ich dazu."),
    (
        "5.2",
        4,
        True,
        "Zwei Gemeinden fragen, ob sie einen gemeinsamen Bus planen dürfen.",
    ),
    ("3.1", 3, False, "Bitte vor der Sitzung des Sozialausschusses mit dem Jugendamt abstimmen."),
]
# What the reader says of a field of action, by its code, and the planner of a milestone.
OF_A_FIELD = "2", "Der Pflegestammtisch wünscht sich hier ein eigenes Ziel für junge Pflegende."
OF_A_MILESTONE = (
    "Förderbescheid für 2027 liegt vor",
    "Das Land prüft noch. Ich rufe am Montag wieder an.",
)
# The measure's number or "" for the plan, title, for the reader?, due in days, done?, explanation.
TASKS = [
    (
        "2.3",
        "Mietvertrag für das Erdgeschoss prüfen",
        False,
        -3,
        False,
        "Das Rechtsamt braucht dafür eine Woche.",
    ),
    ("3.1", "Kosten für 2028 mit dem Jugendamt abstimmen", False, 2, False, ""),
    ("5.2", "Fahrplan der Bürgerbusse anfordern", True, 12, False, "Bei beiden Busvereinen."),
    ("", "Vorwort der Landrätin einholen", False, 20, False, "Höchstens eine Seite."),
    ("1.3", "Ergebnisse der Befragung zusammenfassen", True, -10, True, ""),
]
VIEWS = [
    ("Für den Sozialausschuss", "status=running&sort=degree", True),
    ("Pflege im Zeitverlauf", "q=Pflege&show=zeit", False),
]


def fill_work(plan: Plan, *, by: User, reader: User, now: datetime) -> None:
    """Let the planner and the reader talk about measures, set tasks, and keep two views."""
    measures = {measure.number: measure for measure in plan.measures.all()}
    for number, days, is_reader, text in COMMENTS:
        moment = now - timedelta(days=days)
        add_comment(measures[number], text, by=reader if is_reader else by, now=moment)
    code, text = OF_A_FIELD
    add_comment(plan.fields.get(code=code), text, by=reader, now=now - timedelta(days=7))
    title, text = OF_A_MILESTONE
    milestone = measures["2.3"].milestones.get(title_de=title)
    add_comment(milestone, text, by=by, now=now - timedelta(days=5))
    for number, title, is_reader, days, is_done, text in TASKS:
        task = add_task(
            measures[number] if number else plan,
            {
                "title": title,
                "text": text,
                "assignee": reader if is_reader else by,
                "due_on": localdate(now) + timedelta(days=days),
            },
            by=by,
            now=now - timedelta(days=14),
        )
        if is_done:
            tick_task(task, is_done=True, by=reader, now=now - timedelta(days=11))
    for name, query, is_shared in VIEWS:
        add_view(plan, {"name": name, "query": query, "is_shared": is_shared}, by=by, now=now)
