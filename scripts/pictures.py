"""
Make the pictures of README and manual anew, from a fresh demo.

Starts the demo in a temporary folder on a free port, goes through it as a planner, an
administrator, a voter and somebody asked to rate would, and writes ``docs/pictures/*.png`` with few
colours. Needs Chromium and what ``requirements/dev.txt`` brings.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FloatRect,
    Locator,
    Page,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
EXAMPLE = ROOT / "examples/hildburghausen-2025/prioritaeten.tsv"
GOALS = ROOT / "examples/eisenach-2021/massnahmen.tsv"
PLAN = "/intern/plan/sozialplan-2027-2031/"
PASSWORD = "Rennsteig-2027"  # noqa: S105 - printed by the demo itself
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=de-DE"]
WIDTH, PHONE, HALL = 1280, (390, 844), (1920, 1080)
LARGEST = 150_000
COLOURS = 128
START_SECONDS = 300
PDF_PAGE = 13
ABOVE = 24
"""How much paper stays above what a picture begins with."""

# What is changed in the workbook: sheet, cell, new value.
EDITS = (
    ("Maßnahmen", "G4", "läuft"),
    ("Maßnahmen", "M4", "Amt für Kreisentwicklung"),
    ("Maßnahmen", "G6", "fast fertig"),
    ("Kosten", "D3", 31200),
    ("Meilensteine", "C4", "Werkstätten in allen sechs Planungsräumen"),
)
# How nine people of a second group raised their hands, invented: per measure the grades 1 to 6.
HANDS = (
    "144000 053100 014310 720000 252000 621000 044100 243000"
    " 014310 351000 621000 162000 044100 017100 540000 441000"
)

# A flat file as GENESIS gives it: its heading, what its rows begin with, and four municipalities.
FLAT_HEADING = (
    "statistics_code;statistics_label;time_code;time_label;time;1_variable_code;1_variable_label;"
    "1_variable_attribute_code;1_variable_attribute_label;value;value_unit;value_variable_code;"
    "value_variable_label"
)
FLAT_ROW = (
    "12411;Fortschreibung des Bevölkerungsstandes;STAG;Stichtag;2025-12-31;GEMEIN;Gemeinden;"
    "{key};{name};{value};Anzahl;BEVSTD;Bevölkerungsstand"
)
INHABITANTS = (
    ("16099001", "Altenschlag", 3870),
    ("16099002", "Birkenrod", 3221),
    ("16099003", "Oberfelden", 5114),
    ("16063105", "Eisenach, Stadt", 41900),
)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as (base, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_program(CHROMIUM),
            args=CHROMIUM_ARGS,
            env={**os.environ, "LANGUAGE": "de"},  # so that dates in forms are German
        )
        links = (folder / "demo-links.txt").read_text(encoding="utf-8").split()
        _public(_visitor(browser, base))
        _sign_in_page(_visitor(browser, base))
        _administration(_user(browser, base, "technik"))
        planner = _user(browser, base, "planung")
        _workspace(planner)
        _plan(planner)
        _work(planner)
        _document(planner, folder)
        _life(planner)
        _rating(browser, next(word for word in links if "/bewertung/" in word))
        _wall(planner, browser, base)
        _phone(browser, next(word for word in links if "/abstimmung/" in word))
        _goals(planner)
        _workbook(planner, folder)
        _table(planner, folder)
        _hands(planner)
        _own_round(planner, browser)
        _areas(planner)
        _figures(planner, folder)
        _indicators(planner)
        _profile(_visitor(browser, base))
        browser.close()
    large = [path for path in PICTURES.glob("*.png") if path.stat().st_size > LARGEST]
    for path in large:
        print(f"{path.name} is larger than {LARGEST // 1000} kB.", file=sys.stderr)
    sys.exit(bool(large))


@contextmanager
def demo() -> Iterator[tuple[str, Path]]:
    """Run the demo on an empty folder; gives its address and the folder."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "ZUSAMMENPLAN_DATA": name,
            "PORT": str(port),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        with (folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                [_program(("zusammenplan",), environment["PATH"]), "demo", "--port", str(port)],
                env=environment,
                stdout=log,
                stderr=log,
            )
            try:
                base = f"http://127.0.0.1:{port}"
                _wait_for(base, folder / "server.log")
                yield base, folder
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=30)


# --- what is shown ------------------------------------------------------------------------


def _public(page: Page) -> None:
    page.goto("/plan/sozialplan-2027-2031/zeitplan/")
    _shoot(page, "public-timeline", page.locator("h1"), height=900)
    page.goto("/ergebnis/")
    page.get_by_role("link", name="Erste Abstimmung").first.click()
    _shoot(page, "result", page.locator("h1"), above=80, height=1095)
    _shoot(page, "result-reading", page.locator(".zp-howto, .zp-panel").first, height=300)
    page.get_by_role("link", name="Pflegestammtisch").first.click()
    _shoot(
        page, "public-measure", page.get_by_role("heading", name="Wie die Priorität"), height=640
    )


def _sign_in_page(page: Page) -> None:
    page.goto("/konto/anmelden/")
    _shoot(page, "sign-in", height=640)


def _administration(page: Page) -> None:
    page.goto("/intern/einstellungen/nutzer/neu/")
    page.get_by_label("Name").first.fill("Hedda Immelborn")
    page.get_by_label("E-Mail-Adresse").fill("hedda.immelborn@rennsteiggrund.example")
    page.get_by_label("Sozialplanung").check()
    _shoot(page, "account", height=900)
    page.goto("/intern/einstellungen/")
    _shoot(page, "settings", height=640)
    page.goto("/intern/einstellungen/datenschutz/")
    _shoot(page, "protection", height=1100)


def _workspace(page: Page) -> None:
    page.goto("/intern/")
    _shoot(page, "overview", height=900)
    page.goto("/intern/gremien/")
    page.get_by_role("link", name="Externe Steuerungsgruppe").click()
    _shoot(page, "body", height=640)
    page.goto("/intern/priorisierung/")
    page.get_by_role("link", name="Zweite Abstimmung").first.click()
    _shoot(page, "round", height=1200)
    page.goto("/intern/priorisierung/neu/")
    _shoot(page, "round-rules", page.get_by_text("Regeln", exact=True).first, height=760)


def _plan(page: Page) -> None:
    """Follow the red thread: plan, outline, need, goal, gaps, and one measure in full."""
    page.goto(PLAN)
    _shoot(page, "plan", height=1000)
    page.goto(f"{PLAN}gliederung/")
    _shoot(page, "outline", height=860)
    page.goto(f"{PLAN}bedarfe/")
    _follow(page, page.locator("tbody a").filter(has_text="Wer Pflege braucht").first)
    _shoot(page, "need", height=900)
    page.goto(f"{PLAN}ziele/")
    _follow(page, page.get_by_role("link", name="Pflege wird rechtzeitig geplant").first)
    _shoot(page, "goal", height=900)
    page.goto(f"{PLAN}luecken/")
    _follow(page, page.get_by_role("link", name="Maßnahmen ohne Ziel"))
    _shoot(page, "gaps", height=620)
    page.goto(f"{PLAN}massnahmen/")
    page.goto(
        page.locator("tbody a[href]", has_text="Pflegestützpunkt").first.evaluate("e => e.href")
    )
    _shoot(page, "measure", height=860)
    chart = page.get_by_role("heading", name="Woran sich der Erfolg zeigt")
    _shoot(page, "measure-chart", chart, height=640)
    _follow(page, page.get_by_role("link", name="Maßnahme bearbeiten"))
    _shoot(page, "measure-form", height=940)


def _work(page: Page) -> None:
    page.goto(f"{PLAN}massnahmen/")
    _shoot(page, "measure-list", height=940)
    _follow(page, page.get_by_role("link", name="Zeitstrahl").first)
    _shoot(page, "timeline", page.get_by_role("link", name="Zeitstrahl").first, height=760)
    _follow(page, page.get_by_role("link", name="Für den Sozialausschuss"))
    _shoot(page, "saved-view", height=640)


def _document(page: Page, folder: Path) -> None:
    page.goto(f"{PLAN}dokument/")
    _shoot(page, "document", height=860)
    _follow(page, page.get_by_role("link", name="Einleitung").first)
    _follow(page, page.get_by_role("link", name="Bearbeiten").filter(has_text="Text 1"))
    page.locator(".ProseMirror").first.wait_for()
    _shoot(page, "block-editor", height=640)
    _pdf_page(folder)


def _pdf_page(folder: Path) -> None:
    """Let the program write the document, and make a picture of one page with goals in a table."""
    file = folder / "plan.pdf"
    program = Path(sys.executable).with_name("zusammenplan")
    words = ["export", "plan", "sozialplan-2027-2031", "--format", "pdf", "--output", str(file)]
    environment = {**os.environ, "ZUSAMMENPLAN_DATA": str(folder)}
    subprocess.run([program, *words], env=environment, check=True)
    source = folder / "page.typ"
    source.write_text(
        f"""#set page(width: auto, height: auto, margin: 12pt, fill: rgb("#dde1e8"))
        #block(fill: white, image("{file.name}", page: {PDF_PAGE}))""",
        encoding="utf-8",
    )
    path = PICTURES / "document-pdf.png"
    typst.compile(str(source), output=str(path), format="png", ppi=96.0)
    _few_colours(path)


def _life(page: Page) -> None:
    page.goto(f"{PLAN}auswertung/")
    _follow(page, page.get_by_role("link", name="Erster Zwischenstand").first)
    _shoot(page, "evaluation", height=1100)
    page.goto(f"{PLAN}auswertung/")
    _follow(page, page.get_by_role("link", name="Zweiter Zwischenstand").first)
    _follow(page, page.get_by_role("link", name="Bewertungen", exact=True))
    _shoot(page, "evaluation-check", height=900)
    page.goto(f"{PLAN}status/")
    _shoot(page, "status", height=900)
    page.goto(f"{PLAN}fassungen/")
    _shoot(page, "versions", height=640)
    _follow(page, page.get_by_role("link", name="Fassungen vergleichen").first)
    _shoot(page, "compare", height=1000)
    page.goto(PLAN)
    _follow(page, page.get_by_role("link", name="Plan fortschreiben"))
    with page.expect_navigation():
        page.get_by_role("button", name="Beginn").click()
    _shoot(page, "update", height=1000)


def _rating(browser: Browser, link: str) -> None:
    page = _context(browser, PHONE).new_page()
    page.goto(link)
    _shoot_screen(page, "rating", page.locator("fieldset").first, above=90)


def _wall(page: Page, browser: Browser, base: str) -> None:
    page.goto("/intern/priorisierung/")
    page.get_by_role("link", name="Zweite Abstimmung").first.click()
    address = page.get_by_role("link", name="Seite für die Leinwand").get_attribute("href")
    wall = _context(browser, HALL, base).new_page()
    wall.goto(f"{address}?seite=1")
    _shoot_screen(wall, "wall")


def _phone(browser: Browser, link: str) -> None:
    page = _context(browser, PHONE).new_page()
    page.goto(link)
    measures = page.locator("fieldset")
    for place, grade in enumerate((2, 1, 3)):
        measures.nth(place).locator("label").nth(grade - 1).click()
    page.locator("#bearbeitet", has_text="3 von").wait_for()
    _shoot_screen(page, "ballot", measures.nth(1), above=80)
    page.get_by_role("button", name="Prüfen und abgeben").click()
    _shoot_screen(page, "ballot-check")


def _table(page: Page, folder: Path) -> None:
    """Take over the table of Hildburghausen, first a copy with two faults in it."""
    rows = EXAMPLE.read_text(encoding="utf-8").splitlines()
    faulty = folder / "prioritaeten.tsv"
    faulty.write_text(
        "\n".join(rows).replace("\n5.1\t", "\n\t").replace("\n6.4\t", "\n6.3\t"), encoding="utf-8"
    )
    _choose(page, faulty)
    page.get_by_role("link", name="Nicht übernommen").click()
    _shoot(page, "table-refused", page.get_by_role("heading", name="Zeile für Zeile"), height=400)
    _choose(page, EXAMPLE)
    page.get_by_label("Gruppe", exact=True).select_option("Externe Steuerungsgruppe")
    page.get_by_role("button", name="Neu prüfen").click()
    _shoot(page, "table-check", height=800)
    _shoot(
        page, "table-columns", page.get_by_role("heading", name="Wem die Noten gehören"), height=560
    )
    page.get_by_role("button", name="16 Maßnahmen übernehmen").click()
    page.locator(".zp-form__end .kern-btn--secondary").click()


def _goals(page: Page) -> None:
    """Look at the table of Eisenach, with goals and several indicators in one cell."""
    _choose(page, GOALS, "Sozialplan Eisenach 2021–2022")
    rows = page.get_by_role("heading", name="Zeile für Zeile")
    _shoot(page, "table-goals", rows, height=900)


def _workbook(page: Page, folder: Path) -> None:
    """Change some cells in Excel, read the workbook in again."""
    page.goto(f"{PLAN}excel/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Als Excel herunterladen").click()
    file = folder / "arbeitsmappe.xlsx"
    download.value.save_as(file)
    book = load_workbook(file)
    for sheet, cell, value in EDITS:
        book[sheet][cell] = value
    book.save(file)
    page.get_by_label("Bearbeitete Arbeitsmappe").set_input_files(file)
    page.get_by_role("button", name="Arbeitsmappe prüfen").click()
    _shoot(page, "workbook", page.get_by_role("heading", name="Arbeitsmappe prüfen"), height=1100)


def _hands(page: Page) -> None:
    """Let a second group vote by show of hands, then look at the result and its release."""
    page.get_by_role("link", name="Gruppe anlegen").click()
    page.get_by_label("Gremium").select_option(label="Interne Steuerungsgruppe")
    page.get_by_label("Handzeichen, je Note gezählt").check()
    _shoot(page, "group", height=1300)
    page.get_by_role("button", name="Gruppe anlegen").click()
    page.get_by_role("link", name="Abstimmung öffnen").click()
    page.get_by_role("button", name="Abstimmung öffnen").click()
    page.get_by_label("Anwesende").fill("9")
    for row, counts in zip(page.locator("tbody tr").all(), HANDS.split(), strict=True):
        for cell, count in zip(row.locator("input[type=number]").all(), counts, strict=True):
            if count != "0":
                cell.fill(count)
    page.get_by_role("button", name="Alles speichern").click()
    _shoot(page, "tally", height=760)
    page.get_by_role("link", name="Abstimmung schließen").click()
    page.get_by_role("button", name="Abstimmung schließen").click()
    page.get_by_role("link", name="Ergebnis, wie es steht").click()
    _shoot(page, "result-inside", height=860)
    page.get_by_role("link", name="Ergebnis freigeben").click()
    _shoot(page, "release", height=400)


def _own_round(page: Page, browser: Browser) -> None:
    """Prepare a short round of two persons, print their cards, let them disagree."""
    page.goto("/intern/priorisierung/neu/")
    page.get_by_label("Titel", exact=True).fill("Was ist bei der Pflege dran?")
    page.get_by_label("entscheidet").check()
    page.get_by_role("button", name="Abstimmung anlegen").click()
    here = page.url
    page.get_by_role("link", name="Maßnahmen auf dem Stimmzettel").click()
    for place, box in enumerate(page.locator("main input[type=checkbox]").all()):
        box.set_checked(place in {6, 7, 8})
    page.locator("main form button[type=submit]").last.click()
    page.goto(here)
    page.get_by_role("link", name="Gruppe anlegen").click()
    page.get_by_label("Name", exact=False).first.fill("Fachkreis Pflege")
    page.get_by_role("button", name="Gruppe anlegen").click()
    for name in ("Bodo Wiesenrain", "Gudrun Achtelstetter"):
        page.locator("form[action$='/neu/']").get_by_label("Name").fill(name)
        page.get_by_role("button", name="Auf die Liste setzen").click()
    for box in page.locator("input[name=voters]").all():
        box.check()
    _shoot(page, "voters", height=1000)
    page.get_by_role("button", name="Karten zum Drucken").click()
    _shoot(page, "cards", height=1000)
    links = [it.split()[0] for it in page.locator("text=/abstimmung\\//").all_inner_texts()]
    page.goto(here)
    page.get_by_role("link", name="Abstimmung öffnen").click()
    page.get_by_role("button", name="Abstimmung öffnen").click()
    for link, grades in zip(links, ((1, 2, 1), (2, 2, 2)), strict=True):
        voter = _context(browser, PHONE).new_page()
        voter.goto(link)
        for measure, grade in zip(voter.locator("fieldset").all(), grades, strict=True):
            measure.locator("label").nth(grade - 1).click()
        voter.locator("#bearbeitet", has_text="3 von 3").wait_for()
    page.goto(here)
    page.get_by_role("link", name="Abstimmung schließen").click()
    page.get_by_role("button", name="Abstimmung schließen").click()
    page.get_by_role("link", name="Entscheiden").click()
    _shoot(page, "half-step", page.locator("#waiting"), height=800)


def _areas(page: Page) -> None:
    page.goto("/intern/einstellungen/raeume/")
    _shoot(page, "areas", height=1000)
    page.goto("/intern/einstellungen/raeume/zuschneiden/")
    _shoot(page, "areas-cut", height=820)


def _figures(page: Page, folder: Path) -> None:
    """Check a file in which two municipalities have other figures than before."""
    rows = (FLAT_ROW.format(key=key, name=name, value=value) for key, name, value in INHABITANTS)
    file = folder / "12411-01-01-5_flat.csv"
    file.write_text("\n".join([FLAT_HEADING, *rows]), encoding="utf-8")
    page.goto("/intern/daten/importe/")
    _shoot(page, "imports", height=640)
    _follow(page, page.get_by_role("link", name="Zahlen übernehmen"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Dateien prüfen").click()
    _shoot(
        page,
        "import-check",
        page.get_by_role("heading", name="Zahlen prüfen"),
        height=1060,
        above=60,
    )


def _indicators(page: Page) -> None:
    page.goto("/intern/daten/indikatoren/")
    _shoot(page, "indicators", height=820)
    page.goto(
        "/intern/daten/indikatoren/neu/?kind=rate&base=1000&above=care_recipients&below=population"
    )
    page.get_by_label("Ausprobieren für").select_option(label="Ilsetal")
    page.get_by_role("button", name="Erklären und ausprobieren").click()
    page.locator("#erklaerung > *").first.wait_for()
    _shoot(page, "indicator-try", page.get_by_label("Formel", exact=True), height=640, above=60)


def _profile(page: Page) -> None:
    page.goto("/daten/")
    _follow(page, page.get_by_role("link", name="Ilsetal", exact=True))
    _shoot(page, "profile", page.locator("h1"), height=885, above=64)
    _shoot(page, "profile-charts", page.get_by_role("heading", name="Bevölkerung:"), height=1180)
    figure = page.locator(".zp-area-figures li", has_text="Altenquotient")
    _follow(page, figure.locator(".zp-figure__link"))
    _shoot(page, "value", page.locator("h1"), height=760, above=64)


# --- how ----------------------------------------------------------------------------------


def _choose(page: Page, file: Path, title: str = "Sozialplan Hildburghausen 2025") -> None:
    page.goto("/intern/plan/importieren/")
    page.get_by_label("Datei mit der Tabelle").set_input_files(file)
    page.get_by_label("Titel des neuen Plans").fill(title)
    page.get_by_role("button", name="Tabelle prüfen").click()


def _follow(page: Page, link: Locator) -> None:
    """Go where the link leads, and wait until the page is there."""
    page.goto(link.evaluate("link => link.href"))


def _shoot(
    page: Page, name: str, first: Locator | None = None, *, height: int, above: int = ABOVE
) -> None:
    """Write a part of the page, beginning with an element, as on a screen that holds it all."""
    page.set_viewport_size({"width": WIDTH, "height": 900})
    whole: int = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": whole})
    page.evaluate("document.activeElement?.blur()")
    top = 0.0
    if first is not None:
        top = max(0.0, first.evaluate("e => e.getBoundingClientRect().top + scrollY") - above)
    clip: FloatRect = {"x": 0, "y": top, "width": WIDTH, "height": min(height, whole - top)}
    _write(page, name, clip)


def _shoot_screen(page: Page, name: str, first: Locator | None = None, *, above: int = 0) -> None:
    """Write what the screen shows, scrolled to an element."""
    page.evaluate("document.activeElement?.blur()")
    if first is not None:
        top = first.evaluate("e => e.getBoundingClientRect().top + scrollY") - above
        page.evaluate("top => scrollTo({top, behavior: 'instant'})", top)
    _write(page, name, None)


def _write(page: Page, name: str, clip: FloatRect | None) -> None:
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, clip=clip, animations="disabled", caret="hide")
    _few_colours(path)


def _few_colours(path: Path) -> None:
    """Write the picture anew with a palette: pages have few colours, and files stay small."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path.name} {path.stat().st_size // 1000} kB")


def _visitor(browser: Browser, base: str) -> Page:
    return _context(browser, (WIDTH, 900), base).new_page()


def _user(browser: Browser, base: str, name: str) -> Page:
    page = _visitor(browser, base)
    page.goto("/konto/anmelden/")
    page.get_by_label("E-Mail-Adresse").fill(f"{name}@rennsteiggrund.example")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/intern/")
    return page


def _context(browser: Browser, size: tuple[int, int], base: str | None = None) -> BrowserContext:
    return browser.new_context(
        base_url=base,
        viewport={"width": size[0], "height": size[1]},
        locale="de-DE",
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )


def _program(names: tuple[str, ...], path: str | None = None) -> str:
    found = next((it for it in (shutil.which(name, path=path) for name in names) if it), None)
    if found is None:
        sys.exit(f"Please install {names[0]}.")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(base: str, log: Path) -> None:
    for _ in range(START_SECONDS * 5):
        try:
            urllib.request.urlopen(base, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    sys.exit(f"The demo did not start:\n{log.read_text(errors='replace')}")


if __name__ == "__main__":
    main()
