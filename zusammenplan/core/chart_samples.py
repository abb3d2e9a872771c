"""Invented charts for the component page: each kind with what is hard about it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zusammenplan.core.charts.bars import Bar, Reference, Stack, bar_chart, stacked_chart
from zusammenplan.core.charts.choropleth import Place, Region, choropleth
from zusammenplan.core.charts.drawing import Column, Figure, Table, class_labels
from zusammenplan.core.charts.line import Break, Point, Series, Target, line_chart
from zusammenplan.core.charts.pyramid import AgeGroup, pyramid
from zusammenplan.core.money import number_text

SOURCE = "Landesamt für Statistik, erfundene Werte"
UNKNOWN = "\N{EN DASH}"


def chart_figures() -> list[Figure]:
    """Show every kind of chart."""
    return [towards_target(), people(), compared(), ages(), shares(), ranking(), where()]


def towards_target() -> Figure:
    points = _yearly(2023, 142, 168, None, 201)
    return Figure(
        key="target",
        heading="201 von 500 Beratungen: 17 % des Weges sind geschafft",
        note="Beratungen im Jahr",
        chart=line_chart(
            [Series("Beratungen", points)],
            target=Target(Decimal(500), date(2029, 12, 31), "Ziel"),
            number=number_text,
            day=_month,
        ),
        told="142 im Jahr 2023, 168 im Jahr 2024, 201 im Jahr 2026; für 2025 fehlt der Wert. "
        "Ziel 2029: 500.",
        table=_over_time(["Beratungen"], [points]),
        source=SOURCE,
    )


def people() -> Figure:
    official = _yearly(2012, 10920, 10810, 10745, 10702, 10588, 10471, 10360)
    official += _yearly(2019, 12410, 12322, 12240, 12198, 12105, 12010, 11931, 11842)
    converted = _yearly(2012, 13040, 12924, 12853, 12804, 12684, 12561, 12444)
    return Figure(
        key="people",
        heading="Seit 2019 gehört Neuwerk dazu, davor war das Gebiet kleiner",
        note="Einwohnerinnen und Einwohner am 31.12.",
        chart=line_chart(
            [Series("amtlich", official), Series("umgerechnet", converted, "rest")],
            breaks=[Break(date(2019, 1, 1), "Gebietsreform 1.1.2019", "Neuwerk kommt hinzu")],
            number=number_text,
            day=_month,
        ),
        told="10.920 im Jahr 2012, 10.360 im Jahr 2018. Ab 2019 mit Neuwerk: 12.410, im Jahr "
        "2026 noch 11.842. Die Reihe ist am 1. Januar 2019 unterbrochen.",
        table=_over_time(["amtlich", "umgerechnet"], [official, converted]),
        source=SOURCE,
    )


def compared() -> Figure:
    here = _yearly(2018, "28.4", "28.9", "29.6", "30.1", "30.5", "31.0", "31.4")
    county = _yearly(2018, "26.9", "27.2", "27.5", "27.8", "28.1", "28.4", "28.6")
    state = _yearly(2018, "25.7", "26.0", None, None, "26.9", "27.1", "27.4")
    return Figure(
        key="compared",
        heading="Im Ilsetal wächst der Anteil der Älteren schneller als im Landkreis",
        note="Anteil der Menschen ab 65 Jahren in Prozent, 31.12.",
        chart=line_chart(
            [
                Series("Ilsetal", here),
                Series("Landkreis", county, "two"),
                Series("Thüringen", state, "rest"),
            ],
            number=number_text,
            day=_month,
        ),
        told="Ilsetal von 28,4 auf 31,4 Prozent, Landkreis von 26,9 auf 28,6, Thüringen von 25,7 "
        "auf 27,4; für Thüringen fehlen 2020 und 2021.",
        table=_over_time(["Ilsetal", "Landkreis", "Thüringen"], [here, county, state]),
        source=SOURCE,
    )


def ages() -> Figure:
    labels = [*(f"{age}–{age + 4}" for age in range(0, 90, 5)), "90+"]
    rows = list(zip(labels, *(line.split() for line in AGES), strict=True))
    groups = [
        AgeGroup(label, _value(a), _value(b), _value(c), _value(d), sign="x")
        for label, a, b, c, d in rows
    ]
    return Figure(
        key="ages",
        heading="Die Jahrgänge ab 55 sind am stärksten besetzt",
        note="Anteil an der Bevölkerung in Prozent, nach Alter, 31.12.2026. Linie: Landkreis",
        chart=pyramid(groups, men="Männer", women="Frauen", number=number_text),
        told="Am stärksten sind die Jahrgänge von 55 bis 74 Jahren, stärker als im Landkreis.",
        table=Table(
            [Column(text) for text in ("Alter", "Männer", "Landkreis", "Frauen", "Landkreis")],
            [
                (label, *(_said(_value(text), "x") for text in (a, c, b, d)))
                for label, a, b, c, d in rows
            ],
        ),
        source=SOURCE,
    )


def shares() -> Figure:
    names = ["unter 18", "18 bis 44", "45 bis 64", "65 bis 79", "80 und älter"]
    parts: dict[str, list[int | None]] = {
        "Grundheim": [17, 27, 29, 19, 8],
        "Oberer Grund": [14, 23, 32, 22, 9],
        "Ilsetal": [13, 22, 34, 22, 9],
        "Tannhain": [None, 22, 34, 22, 9],
    }
    return Figure(
        key="shares",
        heading="Im Ilsetal ist nur jede achte Person unter 18",
        note="Anteile der Altersgruppen in Prozent, 31.12.2026",
        chart=stacked_chart(
            names,
            [
                Stack(label, [None if one is None else Decimal(one) for one in values], "x")
                for label, values in parts.items()
            ],
            number=number_text,
        ),
        told="Unter 18 sind in Grundheim 17 Prozent, im Oberen Grund 14, im Ilsetal 13. "
        "Für Tannhain ist ein Wert gesperrt.",
        table=Table(
            [Column("Planungsraum"), *(Column(name) for name in names)],
            [
                (label, *("x" if one is None else str(one) for one in values))
                for label, values in parts.items()
            ],
        ),
        source=SOURCE,
    )


def ranking() -> Figure:
    known = sorted(
        ((name, _value(text)) for name, text in SHARES),
        key=lambda one: (one[1] is None, -(one[1] or 0)),
    )
    return Figure(
        key="ranking",
        heading="In Hohwart ist mehr als jede dritte Person 65 oder älter",
        note="Anteil der Menschen ab 65 Jahren in Prozent, 31.12.2026. Hervorgehoben: Ilsetal",
        chart=bar_chart(
            [Bar(name, value, sign="x", is_own=name in OWN) for name, value in known],
            reference=Reference(Decimal("28.6"), "Landkreis"),
            number=number_text,
        ),
        told="Von 35,6 Prozent in Hohwart bis 24,6 Prozent in Hammerfurt; Landkreis 28,6.",
        table=_by_area(known),
        source=SOURCE,
    )


def where() -> Figure:
    known = [(name, _value(text)) for name, text in SHARES]
    bounds = [Decimal(text) for text in ("26", "28", "30", "32.5")]
    regions = [
        Region(name, [_patch(place)], value, sign="x", is_own=name in OWN)
        for place, (name, value) in enumerate(known)
    ]
    return Figure(
        key="where",
        heading="Wo ältere Menschen leben",
        note="Anteil der Menschen ab 65 Jahren in Prozent, Gemeinden, 31.12.2026. "
        "Dicke Linie: Planungsraum Ilsetal",
        chart=choropleth(
            regions,
            bounds,
            number=number_text,
            labels=class_labels(bounds, number_text),
            missing="kein Wert (x: gesperrt)",
        ),
        told="Von 24,6 Prozent in Hammerfurt bis 35,6 Prozent in Hohwart.",
        table=_by_area(known),
        source=SOURCE,
    )


# Men and women here, men and women in the county, the youngest first.
AGES = (
    "1.8 2.1 2.3 2.3 1.6 1.8 2.4 2.8 2.8 2.9 3.5 4.2 4.5 4.3 4.0 2.8 1.9 1.0 -",
    "1.7 2.0 2.2 2.1 1.4 1.6 2.3 2.7 2.7 2.9 3.5 4.2 4.6 4.4 4.2 3.1 2.5 1.7 .9",
    "2.0 2.2 2.4 2.3 1.9 2.0 2.5 2.9 3.0 3.0 3.4 3.9 4.1 3.8 3.4 2.4 1.7 .9 .3",
    "1.9 2.1 2.2 2.1 1.8 1.9 2.4 2.8 2.9 3.0 3.4 3.9 4.2 4.0 3.7 2.8 2.3 1.6 .8",
)
OWN = {"Wiesenrode", "Ilsebrück", "Neuwerk"}
SHARES = [
    ("Altenschlag", "26.3"),
    ("Birkenrod", "29.2"),
    ("Oberfelden", "30.6"),
    ("Wiesenrode", "31.9"),
    ("Hohwart", "35.6"),
    ("Kieferstedt", "28.4"),
    ("Grundheim", "27.1"),
    ("Ilsebrück", "33.4"),
    ("Tannhain", "-"),
    ("Moosbrunn", "34.8"),
    ("Lautersau", "25.2"),
    ("Neuwerk", "28.9"),
    ("Hammerfurt", "24.6"),
    ("Steinthal", "27.8"),
]


def _patch(place: int) -> list[Place]:
    """Invent the outline of an area in a crooked grid four wide."""
    column, row = place % 4, place // 4
    wide = 2 if place == len(SHARES) - 1 else 1
    return [
        *(_corner(column + step / 4, row) for step in range(4 * wide)),
        *(_corner(column + wide, row + step / 4) for step in range(4)),
        *(_corner(column + wide - step / 4, row + 1) for step in range(4 * wide)),
        *(_corner(column, row + 1 - step / 4) for step in range(4)),
    ]


def _corner(column: float, row: float) -> Place:
    dent = ((column * 37 + row * 61) * 1.7) % 7 - 3
    sway = ((column * 53 + row * 29) * 2.3) % 7 - 3
    return 120 * column + 2.4 * dent + 8 * row, -100 * row + 2.4 * sway - 6 * column


def _yearly(first: int, *values: float | str | None) -> list[Point]:
    return [
        (date(first + years, 12, 31), None if value is None else Decimal(value))
        for years, value in enumerate(values)
    ]


def _value(text: str) -> Decimal | None:
    return None if text == "-" else Decimal(text)


def _said(value: Decimal | None, sign: str = UNKNOWN) -> str:
    return sign if value is None else number_text(value)


def _over_time(names: Sequence[str], series: Sequence[Sequence[Point]]) -> Table:
    known = [dict(points) for points in series]
    days = sorted({day for points in known for day in points})
    return Table(
        [Column("Jahr"), *(Column(name) for name in names)],
        [(str(day.year), *(_said(points.get(day)) for points in known)) for day in days],
    )


def _by_area(known: Sequence[tuple[str, Decimal | None]]) -> Table:
    return Table(
        [Column("Gemeinde"), Column("Anteil in Prozent")],
        [(name, _said(value, "x")) for name, value in known],
    )


def _month(day: date) -> str:
    return f"{day:%m.%Y}"
