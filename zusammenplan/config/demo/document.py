"""The document of the demo's plan: invented texts, a drawn chart, a table, a quote."""

from datetime import datetime

from zusammenplan.config.demo.areas import COUNTY
from zusammenplan.core.plain_png import columns_png
from zusammenplan.indicators.models import Indicator
from zusammenplan.people.models import User
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area
from zusammenplan.plans.actions.chapters import (
    Upload,
    add_abbreviation,
    add_block,
    add_usual_chapters,
)
from zusammenplan.plans.choices import BlockKind, DataKind
from zusammenplan.plans.domain.rich_text import from_marks, write_html
from zusammenplan.plans.models import Chapter, Plan

ABBREVIATIONS = (
    ("LSZ", "Solidarisches Zusammenleben der Generationen", "Solidarity between generations"),
    ("HF", "Handlungsfeld", "Field of action"),
    ("PR", "Planungsraum", "Planning area"),
    ("SGB", "Sozialgesetzbuch", "Social Code"),
)
# Title of the chapter, then its blocks: text with marks, or a kind with its values.
TEXTS: dict[str, str] = {
    "Einleitung": (
        "Der Landkreis Rennsteiggrund hat 61.406 Einwohnerinnen und Einwohner, 14 Gemeinden und "
        "lange Wege. Dieser Plan sagt, was der Kreis in den Jahren 2027 bis 2031 für Familien und "
        "ältere Menschen tun will, warum, und was zuerst kommt.\n\n"
        "Er richtet sich an alle, die hier leben oder arbeiten. Wer nur wissen will, was in der "
        "eigenen Gemeinde geplant ist, liest **Kapitel 6** und sieht im Zeitplan nach."
    ),
    "Auftrag und rechtlicher Rahmen": (
        "Der Kreistag hat die Verwaltung beauftragt, den Plan von 2022 fortzuschreiben.((Beschluss "
        "im Herbst 2025; die Nummer steht im Kreistagsinformationssystem.)) Grundlage ist das "
        "Landesprogramm *Solidarisches Zusammenleben der Generationen* (LSZ). Es verlangt einen "
        "Plan, der höchstens fünf Jahre alt ist und drei Fragen beantwortet:\n\n"
        "1. Was gibt es schon?\n"
        "2. Was fehlt?\n"
        "3. Was tun wir, und woran sehen wir, dass es wirkt?\n\n"
        "# Was der Plan nicht regelt\n\n"
        "Kindertagesbetreuung und Hilfen zur Erziehung haben eigene Pläne. Wo sich Aufgaben "
        "berühren, verweist dieser Plan dorthin."
    ),
    "Wie der Plan entstanden ist": (
        "Seit März 2026 haben mehr als 1.400 Menschen mitgewirkt:\n\n"
        "- eine Befragung mit 1.284 Antworten,((Rücklauf 24 Prozent; befragt wurden 5.350 zufällig "
        "gewählte Haushalte.))\n"
        "- fünf Sozialraumkonferenzen mit 174 Gästen,\n"
        "- elf Gespräche mit Trägern und Gemeinden,\n"
        "- zwei Abstimmungen in den Steuerungsgruppen.\n\n"
        "Was gesagt wurde, steht mit seinem Beleg beim jeweiligen Bedarf."
    ),
    "Wer plant: Organisation und Gremien": (
        "Die **Stabsstelle Sozialplanung** führt das Verfahren. Die *interne Steuerungsgruppe* "
        "bringt die Ämter zusammen, die *externe Steuerungsgruppe* Träger, Gemeinden, Beiräte und "
        "Kirchen. Beide stimmen über die Prioritäten ab. Den Plan beschließt der Kreistag, nachdem "
        "der Sozialausschuss ihn beraten hat."
    ),
    "Die Kommune im Überblick": (
        "Seit 2016 hat der Kreis 1.500 Menschen verloren, vor allem junge Erwachsene. Der Anteil "
        "der Menschen ab 65 Jahren ist von 24 auf 29 Prozent gestiegen und wird weiter wachsen. "
        "Für die Planung heißt das: Angebote müssen näher zu den Menschen kommen, und sie müssen "
        "mit weniger Personal auskommen."
    ),
    "Die Planungsräume": (
        "Der Kreis ist in sechs Planungsräume geteilt. Sie fassen Gemeinden zusammen, deren "
        "Bewohner dieselben Schulen, Praxen und Läden nutzen."
    ),
    "Lebenslagen": (
        "# Familien\n\n"
        "Jede fünfte Familie zieht ihre Kinder allein groß. In den Konferenzen ging es ihnen vor "
        "allem um Betreuung am Rand des Tages und um Rat an einem Ort.\n\n"
        "# Ältere Menschen\n\n"
        "Vier von zehn Menschen ab 75 leben allein. Sie wünschen sich Fahrgelegenheiten und "
        "jemanden, der nach ihnen sieht."
    ),
    "Was es schon gibt: Bestand": (
        "Im Kreis arbeiten 42 Angebote für Familien und 38 für ältere Menschen. Sie liegen "
        "ungleich: Zwei Drittel haben ihren Sitz in der Kreisstadt. Eine Übersicht mit Öffnungs"
        "zeiten führt die Stabsstelle; sie wird zweimal im Jahr geprüft."
    ),
    "Umsetzung": (
        "Der Plan wird Schritt für Schritt umgesetzt. Jedes Jahr im Herbst berichtet die "
        "Stabsstelle dem Sozialausschuss, was läuft, was fertig ist und was sich verschoben hat."
    ),
}
AREAS = (
    ("Planungsraum", "Gemeinden", "Einwohner", "ab 65 Jahre"),
    ("Grundheim und Umland", "2", "18.698", "28 %"),
    ("Oberes Rennsteigtal", "3", "12.205", "29 %"),
    ("Ilsetal", "3", "11.842", "31 %"),
    ("Lauterland", "2", "13.261", "25 %"),
    ("Werragrund", "3", "3.216", "35 %"),
    ("Steinhöhe", "1", "2.184", "28 %"),
)
SHARES = (24, 25, 26, 26, 27, 27, 28, 28, 28, 29)

# What chapters look at: what is shown, of which indicator and area.
LOOKS = (
    ("Die Kommune im Überblick", DataKind.SERIES, "share_65", COUNTY),
    ("Die Planungsräume", DataKind.MAP, "share_65", "Ilsetal"),
    ("Die Planungsräume", DataKind.PROFILE, "", "Ilsetal"),
    ("Lebenslagen", DataKind.TABLE, "sgb2_rate", ""),
)


def fill_document(plan: Plan, *, by: User, now: datetime) -> None:
    """Lay out the usual chapters and write into them."""
    add_usual_chapters(plan, by=by)
    for short, long_de, long_en in ABBREVIATIONS:
        add_abbreviation(plan, {"short": short, "long_de": long_de, "long_en": long_en}, by=by)
    chapters = {chapter.title_de: chapter for chapter in plan.chapters.all()}
    for title, text in TEXTS.items():
        html = write_html(from_marks(text))
        add_block(chapters[title], BlockKind.TEXT, {"text_de": html}, by=by, now=now)
    add_block(
        chapters["Die Kommune im Überblick"],
        BlockKind.FIGURE,
        {
            "caption_de": "Anteil der Menschen ab 65 Jahren, 2016 bis 2025",
            "caption_en": "Share of people aged 65 and over, 2016 to 2025",
            "alt_de": (
                "Säulen für zehn Jahre: 24 Prozent im Jahr 2016, danach fast jedes Jahr etwas "
                "mehr, 29 Prozent im Jahr 2025."
            ),
            "alt_en": (
                "Columns for ten years: 24 per cent in 2016, then a little more almost every "
                "year, 29 per cent in 2025."
            ),
            "source": "Eigene Auswertung der Stabsstelle Sozialplanung, erfundene Zahlen",
        },
        upload=Upload("anteil-65.png", columns_png(SHARES)),
        by=by,
        now=now,
    )
    add_block(
        chapters["Die Planungsräume"],
        BlockKind.TABLE,
        {
            "caption_de": "Die sechs Planungsräume",
            "caption_en": "The six planning areas",
            "cells": [list(row) for row in AREAS],
            "source": "Stabsstelle Sozialplanung, Stand 31.12.2025, erfundene Zahlen",
        },
        by=by,
        now=now,
    )
    _looks(chapters, by=by, now=now)
    add_block(
        chapters["Lebenslagen"],
        BlockKind.QUOTE,
        {
            "text_de": write_html(
                from_marks(
                    "Der Bus fährt um sieben und um sechzehn Uhr. Dazwischen bin ich auf Nachbarn "
                    "angewiesen, und die werden auch nicht jünger."
                )
            ),
            "source": "Teilnehmerin der Sozialraumkonferenz Lauterland, Juni 2026",
        },
        by=by,
        now=now,
    )


def _looks(chapters: dict[str, Chapter], *, by: User, now: datetime) -> None:
    """Let chapters look at the data, so that their numbers are always those of today."""
    areas = {area.name: area for area in Area.objects.all()}
    indicators = {one.code: one for one in Indicator.objects.all()}
    for title, shows, code, area in LOOKS:
        add_block(
            chapters[title],
            BlockKind.DATA,
            {
                "shows": shows,
                "indicator": indicators.get(code),
                "area": areas.get(area),
                "level": AreaKind.MUNICIPALITY if shows == DataKind.TABLE else "",
            },
            by=by,
            now=now,
        )
