"""Invented data for the component page, which exists in development only."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest

from zusammenplan.core.chart_samples import chart_figures
from zusammenplan.core.pictures import (
    GroupMarks,
    MirrorHistogram,
    ThreadStep,
    mirror_histogram,
    rows_needed,
    thread,
)

SCHOOL_GRADES = range(1, 7)
EXTERNAL, INTERNAL, YOUTH = "Externe Gruppe", "Interne Gruppe", "Jugendforum"


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of marks with its caption and its text for those who do not see it."""

    caption: str
    text: str
    picture: MirrorHistogram


class SampleForm(forms.Form):
    """Every kind of field once."""

    title = forms.CharField(
        label="Titel", help_text="So steht er im Plan und auf dem Stimmzettel.", max_length=120
    )
    goal = forms.CharField(
        label="Was soll sich ändern?", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_of_action = forms.ChoiceField(
        label="Handlungsfeld", choices=[("1", "1 Steuerung"), ("2", "2 Familie und Beruf")]
    )
    ends_on = forms.DateField(
        label="Ende", required=False, help_text="Leer lassen, wenn das Ende offen ist."
    )
    voters = forms.IntegerField(label="Stimmberechtigte", required=False, min_value=0)
    table = forms.FileField(
        label="Tabelle", required=False, help_text="Word, Excel, CSV oder Text, höchstens 50 MB."
    )
    ways = forms.ChoiceField(
        label="Art der Abstimmung",
        choices=[("open", "offen, mit Namen"), ("secret", "geheim")],
        widget=forms.RadioSelect,
    )
    areas = forms.MultipleChoiceField(
        label="Planungsräume",
        required=False,
        choices=[("1", "Grundheim"), ("2", "Oberer Grund"), ("3", "Ilsetal")],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label="Das Ergebnis ist von der Leitung geprüft.")


def samples(request: HttpRequest) -> dict[str, Any]:
    """Give the component page what it shows."""
    page = Paginator(range(1, 313), 20).get_page(request.GET.get("page", "3"))
    wrong = SampleForm(
        {"title": "", "field_of_action": "2", "ends_on": "31.02.2027", "voters": "-1"},
        auto_id="wrong_%s",
    )
    return {
        "degrees": [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, None],
        "sizes": [
            ("small", "klein, in Tabellen"),
            ("normal", "normal, in Listen"),
            ("large", "groß, einmal je Seite"),
        ],
        "other_scales": [
            (8, 10, 0, "8, zehn Punkte kommen zuerst"),
            (0, 0, 10, "0, null Punkte kommen zuerst"),
            (1.5, 1, 4, "1,5 auf einer Skala von 1 bis 4"),
            (35, 100, 0, "35 von 100 Punkten"),
            (1.75, 1, 6, "1,75: zwischen zwei halben Stufen"),
        ],
        "colours": COLOURS,
        "statuses": STATUSES,
        "bars": [(0, 4), (2, 5), (4, 4), (30, 40)],
        "steps": thread(THREAD),
        "distributions": distributions(),
        "figures_drawn": chart_figures(),
        "legend": (EXTERNAL, INTERNAL),
        "tabs": [
            {"label": "Überblick", "url": "#", "current": True, "count": None},
            {"label": "Maßnahmen", "url": "#", "current": False, "count": 16},
            {"label": "Verlauf", "url": "#", "current": False, "count": None},
        ],
        "page": page,
        "filter_tags": [
            {"label": "Suchwort: Pflege", "url": "?"},
            {"label": "Status: läuft", "url": "?"},
        ],
        "stepper": ["Datei", "Prüfen", "Übernehmen"],
        "form": SampleForm(initial={"ways": "open", "areas": ["1"]}),
        "wrong": wrong,
        "facts": FACTS,
        "figures": FIGURES,
        "log": LOG,
        "rows": ROWS,
        "downloads": [
            {"label": "Excel (XLSX)", "url": "#"},
            {"label": "CSV", "url": "#"},
            {"label": "Ergebnisblatt (PDF)", "url": "#"},
        ],
    }


def distributions() -> list[Distribution]:
    """Show every kind of picture: mirrored, disagreeing, bars, one, three groups, none."""
    half = [
        GroupMarks(EXTERNAL, {1: 10, 2: 4, 3: 2, 4: 1}, 1),
        GroupMarks(INTERNAL, {1: 2, 2: 5, 3: 2}, 2),
    ]
    apart = [
        GroupMarks(EXTERNAL, {1: 1, 2: 3, 3: 4, 4: 2, 5: 4, 6: 3}, 4),
        GroupMarks(INTERNAL, {1: 5, 2: 2, 3: 1, 4: 1}, 1),
    ]
    nobody = [GroupMarks(EXTERNAL, {}), GroupMarks(INTERNAL, {})]
    majority = [
        GroupMarks(EXTERNAL, {1: 3, 2: 7, 3: 6}, 2),
        GroupMarks(INTERNAL, {}, 3, majority_only=True),
    ]
    many = [
        GroupMarks(EXTERNAL, {1: 380, 2: 240, 3: 110, 4: 40, 5: 20, 6: 10}, 2),
        GroupMarks(INTERNAL, {1: 3, 2: 4, 3: 2}, 2),
    ]
    points = [
        GroupMarks(EXTERNAL, {10: 4, 9: 3, 8: 6, 7: 2, 3: 1}, 8),
        GroupMarks(INTERNAL, {9: 2, 8: 3, 5: 4}, 8),
    ]
    three = [*half, GroupMarks(YOUTH, {2: 4, 3: 9, 4: 3}, 3)]
    rows = rows_needed(SCHOOL_GRADES, [half, apart, nobody, majority])
    small = [
        (f"halbe Stufe: {1.5:.1f}".replace(".", ","), half, 1.5),
        ("Gruppen uneinig: 4 und 1", apart, 2.5),
        ("nur die Mehrheit bekannt", majority, 2.5),
        ("nicht bewertet", nobody, None),
    ]
    return [
        *(
            Distribution(
                caption,
                sentence(groups),
                mirror_histogram(SCHOOL_GRADES, groups, degree, rows=rows),
            )
            for caption, groups, degree in small
        ),
        Distribution(
            "800 Noten: Anteile als Balken",
            sentence(many),
            mirror_histogram(SCHOOL_GRADES, many, 2),
        ),
        Distribution(
            "eine Gruppe", sentence(half[:1]), mirror_histogram(SCHOOL_GRADES, half[:1], 1)
        ),
        Distribution(
            "10 bis 0 Punkte", sentence(points), mirror_histogram(range(10, -1, -1), points, 8)
        ),
        Distribution("drei Gruppen", sentence(three), mirror_histogram(SCHOOL_GRADES, three, 2)),
    ]


def sentence(groups: list[GroupMarks]) -> str:
    """Tell a distribution as text."""
    parts = []
    for group in groups:
        marks = ", ".join(f"Note {grade}: {count}" for grade, count in sorted(group.tally.items()))
        value = "ohne Wert" if group.value is None else f"Wert {group.value:g}"
        parts.append(f"{group.name}: {marks or 'keine Noten'}; {value}.")
    return " ".join(parts)


COLOURS = [
    ("ink", "Text, Linien über Abschnitten"),
    ("muted", "Beschriftung, Nebensache"),
    ("action", "alles, was man anklicken kann"),
    ("thread", "nur: wo stehe ich"),
    ("wash", "ruhige Fläche, Filter, Fuß"),
    ("line", "Haarlinie zwischen Zeilen"),
    ("edge", "Rand von Eingaben"),
    ("one", "erste Reihe im Diagramm"),
    ("two", "zweite Reihe im Diagramm"),
    ("done", "erledigt, mit Haken"),
]
STATUSES = [
    ("planned", "geplant"),
    ("running", "läuft"),
    ("done", "abgeschlossen"),
    ("partly", "teilweise umgesetzt"),
    ("not_done", "nicht umgesetzt"),
    ("dropped", "entfallen"),
    ("deferred", "zurückgestellt"),
    ("carried_over", "in den nächsten Plan übernommen"),
]
THREAD = [
    ThreadStep("belegt, mit Link", "done", "Beleg", "Befragung 2026", "#"),
    ThreadStep("belegt, mit Link", "done", "Bedarf", "aus zwei Quellen", "#"),
    ThreadStep("diese Seite", "now", "Maßnahme", "Sie sind hier"),
    ThreadStep("vorläufig oder in Arbeit", "half", "Priorität", "erste Abstimmung", "#"),
    ThreadStep("noch offen", "open", "Förderung", "ab September"),
    ThreadStep("noch offen", "open", "Auswertung", "2029"),
]
FACTS = [
    {"label": "Verantwortlich", "value": "Sozialamt"},
    {"label": "Zeitraum", "value": "seit 2023", "note": "ohne festes Ende"},
    {"label": "Plan", "value": "Integrierter Sozialplan 2027 bis 2031", "url": "#"},
]
FIGURES = [
    {"label": "Handlungsfelder", "value": "6"},
    {"label": "Maßnahmen", "value": "16"},
    {"label": "nicht gelesen", "value": "2"},
]
LOG = [
    {
        "when": "Heute, 9:12 Uhr",
        "who": "Sozialamt",
        "what": "",
        "changes": [{"label": "Status", "old": "geplant", "new": "läuft"}],
        "why": "",
    },
    {
        "when": "5. Februar",
        "who": "Sozialplanung",
        "what": "",
        "changes": [{"label": "Grad", "old": "nicht bewertet", "new": "1, vorläufig"}],
        "why": "Grund: erste Abstimmung",
    },
    {
        "when": "14. Dezember 2026",
        "who": "Sozialplanung",
        "what": "Maßnahme angelegt",
        "changes": [],
        "why": "",
    },
]
ROWS = [
    {"field": "2 Familie, Beruf und Sorgearbeit", "granted": "97.714,29", "paid": "24.000,00"},
    {"field": "3 Bildung im familiären Umfeld", "granted": "134.500,00", "paid": "67.250,00"},
    {
        "field": "4 Beratung, Unterstützung und Information",
        "granted": "12.300,00",
        "paid": "13.100,00, mehr als bewilligt",
        "bad": True,
    },
]
