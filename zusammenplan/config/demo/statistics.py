"""
Ten years of statistics of the fictional county, in files like those of GENESIS. All invented.

The files are made from the cohort model and taken over by the importer, as a planner would.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.utils.timezone import localdate

from zusammenplan.config.demo.cohorts import (
    FIRST_YEAR,
    LAST_YEAR,
    MEN,
    OLDEST,
    REFUGE_YEAR,
    SEXES,
    WOMEN,
    Place,
    Year,
    live,
)
from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.imports import Origin, SourceFile, Wishes, take_over
from zusammenplan.indicators.actions.social_indices import PartValues, add_social_index
from zusammenplan.indicators.actions.views import keep_view
from zusammenplan.indicators.models import Indicator, Quantity, QuantityAlias
from zusammenplan.people.models import User
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.models import Area, AreaVersion

SEED = 2027
COUNTY = Place("16099", "Rennsteiggrund, Landkreis", 0, 0, 0)
LAND = Place("16", "Thüringen (erfunden)", 2_104_300, -0.22, 0.0, 1.12, 0.38)
NEUWERK, ALTWERK = "16099010", "16099015"
REFORM_YEAR = 2019
PLACES = (
    Place("16099001", "Altenschlag", 3870, -0.55, -0.136, 0.85, 0.24),
    Place("16099002", "Birkenrod", 3215, -0.7, 0.155, 0.9, 0.27),
    Place("16099003", "Oberfelden", 5120, -0.6, 0.273, 1.05, 0.35),
    Place("16099004", "Hohwart", 1034, -1.3, 0.614, 1.1, 0.12),
    Place("16099005", "Kieferstedt", 4480, -0.35, 0.092, 0.7, 0.22),
    Place("16099006", "Wiesenrode", 4096, -0.8, 0.383, 0.8, 0.21),
    Place("16099007", "Grundheim", 14218, -0.1, 0.108, 1.3, 0.62),
    Place("16099008", "Tannhain", 204, -1.4, 0.39, 0.8, None),
    Place("16099009", "Moosbrunn", 1978, -1.2, 0.58, 1.2, 0.15),
    Place(
        NEUWERK,
        "Neuwerk",
        2944,
        -0.5,
        0.114,
        0.75,
        0.31,
        takes_in=ALTWERK,
        gain=720,
        gain_from=REFORM_YEAR,
    ),
    Place("16099011", "Ilsebrück", 4082, -0.9, 0.484, 1.0, 0.26),
    Place("16099012", "Lautersau", 4301, 0.35, -0.158, 0.6, 0.19),
    Place("16099013", "Hammerfurt", 8960, 0.1, -0.202, 1.15, 0.44),
    Place("16099014", "Steinthal", 2184, -0.75, 0.048, 0.9, 0.2),
    Place(ALTWERK, "Altwerk", 720, -0.5, 0.3, 0.9, 0.1, last_year=REFORM_YEAR - 1),
)
# Five years each, and the limits of school, work and pension between them.
FIVE_YEARS = (*((age, age + 5) for age in range(0, 90, 5)), (90, 999))
LIMITS = ((0, 3), (3, 5), (5, 6), (6, 10), (15, 18), (18, 20), (65, 67), (67, 70))
EMPLOYABLE = range(15, 65)
# How times were, by year: unemployment and benefits fell, then rose a little.
TIMES = (1.12, 1.05, 0.99, 0.94, 1.03, 0.98, 0.95, 1.0, 1.02, 1.03)
CARE_YEARS = {2017: 3630, 2019: 4080, 2021: 4390, 2023: 4640, 2025: 4900}
ORIGIN = Origin(
    publisher="Erfundene Zahlen für den Landkreis Rennsteiggrund",
    licence="Erfundene Zahlen, frei verwendbar",
)
# What the invented tables call the quantities that official codes do not name.
NAMES = {
    "households": "HHL001",
    "households_single": "HHL002",
    "households_children": "HHL003",
    "households_single_parents": "HHL004",
    "unemployed": "ERWP06",
    "unemployed_long": "ERWP07",
    "labour_force": "ERWP10",
    "labour_force_dependent": "ERWP11",
    "sgb2_persons": "SGB001",
    "sgb2_employable": "SGB002",
    "sgb2_not_employable": "SGB003",
    "sgb2_households": "SGB004",
    "care_recipients": "PFL001",
    "care_at_home": "PFL002",
    "care_ambulatory": "PFL003",
    "care_inpatient": "PFL004",
    "children_in_care": "KIN001",
    "disposable_income": "EKM001",
}
HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;"
    "1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;"
    "2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;"
    "3_variable_code;3_variable_label;3_variable_attribute_code;3_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label"
)
SEX_SIDES = {
    None: "GES;Geschlecht;;Insgesamt",
    MEN: "GES;Geschlecht;GESM;männlich",
    WOMEN: "GES;Geschlecht;GESW;weiblich",
}
ALL_AGES = "ALTX20;Altersgruppen;;Insgesamt"
OPEN = 999
FOREIGN = "NAT;Nationalität;NATA;Ausländer"
UPDATE = ("12411", "Fortschreibung des Bevölkerungsstandes")
BIRTHS = ("12612", "Statistik der Geburten")
DEATHS = ("12613", "Statistik der Sterbefälle")
MIGRATION = ("12711", "Wanderungsstatistik")
SIZES = ("11111", "Feststellung des Gebietsstands")
EMPLOYEES = ("13111", "Statistik der sozialversicherungspflichtig Beschäftigten")
HOUSEHOLDS = ("99901", "Haushaltsgenerierung aus dem Melderegister")
AGENCY = ("99902", "Arbeitsmarkt und Grundsicherung")
CARE = ("22411", "Pflegestatistik")
YOUTH = ("22541", "Statistik der Kinder in Tageseinrichtungen")
INCOME = ("82411", "Volkswirtschaftliche Gesamtrechnungen der Länder")
LABELS = {
    "BEVSTD": "Bevölkerungsstand",
    "BEV001": "Lebendgeborene",
    "BEV003": "Gestorbene",
    "BEV008": "Zuzüge",
    "BEV009": "Fortzüge",
    "ERW032": "Sozialversicherungspfl. Beschäftigte (Arbeitsort)",
    "FLC006": "Gebietsfläche",
}
INDEX_PARTS = (("sgb2_rate", 2), ("unemployed_share", 1), ("nef_u15", 1), ("single_parents", 1))
Lives = dict[str, dict[int, Year]]


def fill_statistics(*, by: User, now: datetime) -> None:
    """Load the catalogue, take ten years of files over, and make a social index and views."""
    load_catalogue(by=by)
    _name_sources()
    with TemporaryDirectory() as folder:
        files = []
        for name, text in {**invented_files(), "11111-01-01-5.csv": _sizes()}.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8-sig")
            files.append(SourceFile(name, path))
        origin = Origin(ORIGIN.publisher, ORIGIN.licence, retrieved_on=localdate(now))
        take_over(
            files,
            Wishes(),
            origins=dict.fromkeys(range(len(files)), origin),
            by=by,
            now=now,
        )
    _social_index(by)
    _views(by, now)


@cache
def invented_files() -> dict[str, str]:
    """Make the files, once for all demos; each is the text of a flat file by its name."""
    lives = live((*PLACES, LAND), seed=SEED)
    dice = Random(SEED)  # noqa: S311 - invented
    tables = {
        "12411-02-03-5.csv": _population(lives),
        "12411-03-01-5.csv": _foreigners(lives),
        "12612-01-01-5.csv": _vital(lives),
        "12711-01-01-5.csv": _moves(lives),
        "haushalte.csv": _households(lives),
        "arbeit-und-grundsicherung.csv": _work_and_benefits(lives, dice),
        "13111-01-03-5.csv": _employees(lives, dice),
        "22411-01-01-5.csv": _care(lives),
        "22541-01-01-5.csv": _day_care(lives, dice),
        "82411-01-03-4.csv": _incomes(dice),
    }
    return {name: "\n".join((HEADER, *rows)) + "\n" for name, rows in tables.items()}


def _population(lives: Lives) -> Iterator[str]:
    for place, year, one in _years(lives):
        row = Table(UPDATE, f"{year}-12-31", place)
        for sex, sexes in ((None, SEXES), (MEN, (MEN,)), (WOMEN, (WOMEN,))):
            yield row.of("BEVSTD", one.total if sex is None else sum(one.people[sex]), sex)
            for ages in FIVE_YEARS if sex is not None else (*FIVE_YEARS, *LIMITS):
                count = one.count(range(ages[0], min(ages[1], OLDEST + 1)), sexes)
                yield row.of("BEVSTD", count, sex, _age(*ages))


def _foreigners(lives: Lives) -> Iterator[str]:
    for place, year, one in _years(lives):
        share = 0.012 + 0.0035 * (year - FIRST_YEAR) + (0.012 if year >= REFUGE_YEAR else 0)
        count = round(one.total * share * (0.4 + 1.6 * (place.jobs or 0.1)))
        yield Table(UPDATE, f"{year}-12-31", place).of("BEVSTD", count, None, "", FOREIGN)


def _vital(lives: Lives) -> Iterator[str]:
    for place, year, one in _years(lives):
        yield Table(BIRTHS, year, place).of("BEV001", sum(one.births))
        yield Table(DEATHS, year, place).of("BEV003", sum(one.deaths))


def _moves(lives: Lives) -> Iterator[str]:
    """Tell who moved over the border of a place; many only went to the next municipality."""
    inside: dict[int, list[int]] = {}
    for place, year, one in _years(lives):
        row = Table(MIGRATION, year, place)
        moved = sum(one.moved_in), sum(one.moved_out)
        yield row.of("BEV008", moved[0])
        yield row.of("BEV009", moved[1])
        if place is not LAND:
            known = inside.setdefault(year, [0, 0])
            inside[year] = [known[0] + moved[0], known[1] + moved[1]]
    for year, (came, went) in inside.items():
        row = Table(MIGRATION, year, COUNTY)
        within = round(min(came, went) * 0.34)
        yield row.of("BEV008", came - within)
        yield row.of("BEV009", went - within)


def _households(lives: Lives) -> Iterator[str]:
    for place, year, one in _years(lives):
        later = year - FIRST_YEAR
        households = round(one.total / (2.07 - 0.008 * later))
        children = round(one.count(range(18)) / 1.5)
        row = Table(HOUSEHOLDS, f"{year}-12-31", place)
        yield row.of(NAMES["households"], households)
        yield row.of(
            NAMES["households_single"],
            round(
                households * (0.36 + 0.004 * later + one.count(range(65, OLDEST)) / one.total / 10)
            ),
        )
        yield row.of(NAMES["households_children"], children)
        yield row.of(NAMES["households_single_parents"], round(children * 0.21 * place.strain**0.5))


def _work_and_benefits(lives: Lives, dice: Random) -> Iterator[str]:
    sums: dict[int, list[int]] = {}
    for place, year, one in _years(lives):
        times = TIMES[year - FIRST_YEAR] * dice.uniform(0.95, 1.05) * place.strain
        row = Table(AGENCY, f"{year}-12-31", place)
        working, young = one.count(EMPLOYABLE), one.count(range(15, 25))
        unemployed = round(working * 0.046 * times)
        yield row.of(NAMES["unemployed"], unemployed)
        yield row.of(NAMES["unemployed_long"], round(unemployed * 0.37))
        persons = round(one.count(range(67)) * 0.067 * times)
        unable = round(persons * 0.26)
        yield row.of(NAMES["sgb2_persons"], persons)
        yield row.of(NAMES["sgb2_employable"], persons - unable)
        yield row.of(NAMES["sgb2_not_employable"], round(unable * 0.96), None, _age(0, 15))
        yield row.of(NAMES["sgb2_households"], round(persons / 1.84))
        # Known of counties and Länder alone.
        whole = [round(working * 0.86), round(young * 0.55), round(young * 0.55 * 0.062 * times)]
        if place is LAND:
            yield from _labour(row, whole)
        else:
            known = sums.setdefault(year, [0, 0, 0])
            sums[year] = [a + b for a, b in zip(known, whole, strict=True)]
    for year, whole in sums.items():
        yield from _labour(Table(AGENCY, f"{year}-12-31", COUNTY), whole)


def _labour(row: "Table", whole: list[int]) -> Iterator[str]:
    yield row.of(NAMES["labour_force"], whole[0])
    yield row.of(NAMES["labour_force_dependent"], round(whole[0] * 0.91))
    yield row.of(NAMES["labour_force"], whole[1], None, _age(15, 25))
    yield row.of(NAMES["unemployed"], whole[2], None, _age(15, 25))


def _employees(lives: Lives, dice: Random) -> Iterator[str]:
    """Tell who works where; what a single firm could be known by is secret in the source."""
    sums: dict[int, int] = {}
    for place, year, one in _years(lives):
        growth = 1 + 0.006 * (year - LAST_YEAR) + dice.uniform(-0.01, 0.01)
        jobs = round(one.total * (place.jobs or 0.09) * growth)
        yield Table(EMPLOYEES, f"{year}-06-30", place).of("ERW032", jobs if place.jobs else None)
        if place is not LAND:
            sums[year] = sums.get(year, 0) + jobs
    for year, jobs in sums.items():
        yield Table(EMPLOYEES, f"{year}-06-30", COUNTY).of("ERW032", jobs)


def _care(lives: Lives) -> Iterator[str]:
    """Tell who is in need of care; the county's sum is what its planners quote."""
    for year, total in CARE_YEARS.items():
        weights = {
            place: one.count(range(65)) * 0.012
            + one.count(range(65, 80)) * 0.085
            + one.count(range(80, OLDEST)) * 0.46
            for place, at, one in _years(lives)
            if at == year
        }
        own = sum(weight for place, weight in weights.items() if place is not LAND)
        rest = 0.5
        for place, weight in weights.items():
            exact = total * weight / own
            if place is LAND:
                count = round(exact)
            else:
                count, rest = int(exact + rest), (exact + rest) % 1
            inpatient = round(count * (0.21 - 0.008 * (year - FIRST_YEAR)))
            ambulatory = round(count * 0.23)
            row = Table(CARE, f"{year}-12-31", place)
            yield row.of(NAMES["care_recipients"], count)
            yield row.of(NAMES["care_inpatient"], inpatient)
            yield row.of(NAMES["care_ambulatory"], ambulatory)
            yield row.of(NAMES["care_at_home"], count - inpatient - ambulatory)


def _day_care(lives: Lives, dice: Random) -> Iterator[str]:
    """Tell who goes to day care on the first of March, of the children of the year before."""
    for place, year, one in _years(lives):
        if year in (LAST_YEAR, place.last_year):
            # There is no count after, or no such municipality.
            continue
        row = Table(YOUTH, f"{year + 1}-03-01", place)
        for ages, share in (((0, 3), 0.53), ((3, 6), 0.94)):
            going = round(one.count(range(*ages)) * share * dice.uniform(0.95, 1.04))
            yield row.of(NAMES["children_in_care"], going, None, _age(*ages))


def _incomes(dice: Random) -> Iterator[str]:
    for year in range(FIRST_YEAR, LAST_YEAR):
        for place, income in ((COUNTY, 19_640), (LAND, 20_130)):
            euros = round(income * 1.029 ** (year - FIRST_YEAR) * dice.uniform(0.995, 1.005))
            yield Table(INCOME, year, place).of(NAMES["disposable_income"], euros, unit="EUR")


def _sizes() -> str:
    """Tell how large the municipalities are, by their outlines."""
    rows = [HEADER]
    for place in PLACES:
        first, last = FIRST_YEAR, place.last_year
        for year in range(first, last + 1):
            version = AreaVersion.objects.valid_on(date(year, 12, 31)).filter(ags=place.key).first()
            if version and version.area_km2:
                row = Table(SIZES, f"{year}-12-31", place)
                rows.append(
                    row.of("FLC006", version.area_km2.quantize(Decimal("0.01")), unit="qkm")
                )
    return "\n".join(rows) + "\n"


def _years(lives: Lives) -> Iterator[tuple[Place, int, Year]]:
    for place in (*PLACES, LAND):
        for year, one in lives[place.key].items():
            yield place, year, one


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table about a place at a time."""

    statistics: tuple[str, str]
    time: str | int
    place: Place

    def of(
        self,
        code: str,
        value: int | Decimal | None,
        sex: int | None = None,
        age: str = "",
        side: str = "",
        unit: str = "Anzahl",
    ) -> str:
        """Write a row; nobody is "-", and what the source keeps secret is "."."""
        told = "." if value is None else str(value).replace(".", ",") if value else "-"
        time = ("STAG;Stichtag" if isinstance(self.time, str) else "JAHR;Jahr", str(self.time))
        kind = {2: "DLAND;Bundesländer", 5: "KREISE;Kreise"}.get(
            len(self.place.key), "GEMEIN;Gemeinden"
        )
        return ";".join(
            (
                *self.statistics,
                *time,
                f"{kind};{self.place.key};{self.place.name}",
                side or SEX_SIDES[sex],
                age or ALL_AGES,
                told,
                unit,
                code,
                LABELS.get(code, code),
            )
        )


def _age(first: int, under: int) -> str:
    if under == OPEN:
        return f"ALTX20;Altersgruppen;ALT{first:03}UM;{first} Jahre und mehr"
    label = f"{first} bis unter {under} Jahre" if first else f"unter {under} Jahre"
    return f"ALTX20;Altersgruppen;ALT{first:03}B{under:02};{label}"


def _name_sources() -> None:
    """Tell under which codes the invented tables give the quantities of the catalogue."""
    quantities = {it.code: it for it in Quantity.objects.filter(code__in=NAMES)}
    QuantityAlias.objects.bulk_create(
        (QuantityAlias(quantity=quantities[code], measure=name) for code, name in NAMES.items()),
        ignore_conflicts=True,
    )


def _social_index(by: User) -> None:
    keys = dict(Indicator.objects.values_list("code", "pk"))
    add_social_index(
        {
            "slug": "belastung-der-gemeinden",
            "name_de": "Belastung der Gemeinden",
            "name_en": "Burden on the municipalities",
            "explanation_de": (
                "Wo viele Menschen Leistungen nach SGB II erhalten, arbeitslos sind oder allein "
                "erziehen, wird mehr Unterstützung gebraucht. Der Index ordnet die Gemeinden, er "
                "bewertet sie nicht."
            ),
            "explanation_en": (
                "Where many people receive benefits under SGB II, are unemployed or bring up "
                "children alone, more support is needed. The index orders municipalities, it does "
                "not judge them."
            ),
            "kind": AreaKind.MUNICIPALITY,
            "minimum_population": 300,
            "is_public": True,
        },
        [
            PartValues(keys[code], Decimal(weight), high_is_burden=True)
            for code, weight in INDEX_PARTS
        ],
        by=by,
    )


def _views(by: User, now: datetime) -> None:
    """Keep what people of the demo look at again and again."""
    keys = dict(Area.objects.values_list("name", "pk"))
    for name, target in (
        ("Wo ältere Menschen leben", "indikator/share_65/?ebene=municipality"),
        ("Ilsetal: Überblick", f"gebiet/{keys['Ilsetal']}/"),
        (
            "Ilsetal und Lauterland im Vergleich",
            f"vergleich/?a={keys['Ilsetal']}&b={keys['Lauterland']}",
        ),
        ("Belastung der Gemeinden", "sozialindex/belastung-der-gemeinden/"),
    ):
        keep_view(name=name, target=target, is_public=True, by=by, now=now)
