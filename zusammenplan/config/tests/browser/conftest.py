"""One Chromium, and the demo county on a server of its own for each file of tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from zusammenplan.config.tests.browser.demo_site import Site, Watch, sign_in_with_password
from zusammenplan.config.tests.own_database import own_database

PROGRAM = Path(sys.executable).with_name("zusammenplan")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# In milliseconds: how long a page takes depends on what else the machine does.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
HAS_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[HAS_FAILED] = item.stash.get(HAS_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def chromium(empty_tables: str) -> Iterator[Browser]:  # noqa: ARG001 - see below
    """
    Give one Chromium to all tests here.

    While Playwright runs, Django keeps connections of its own: the tables of the tests are made
    before, and Playwright ends before other tests ask them.
    """
    if CHROMIUM is None:
        pytest.skip("No Chromium found: install the system's package chromium.")
    switches = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    if os.getuid() == 0:
        switches.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Filled:
    """The demo county, filled and not running."""

    folder: Path
    database: str


@pytest.fixture(scope="session")
def filled(empty_tables: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Fill the demo county once; each file of tests gets a copy."""
    folder = tmp_path_factory.mktemp("demo")
    own = environment(folder, "http://localhost")
    name = f"zusammenplan_demo_{os.getpid()}"
    with own_database(own, name, empty_tables):
        done = subprocess.run(
            [PROGRAM, "demo", "--fill-only"], env=own, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        yield Filled(folder, name if "DATABASE_URL" in own else "")


@pytest.fixture(scope="module")
def site(filled: Filled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the server as an administrator would, on a copy of the demo county."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(filled.folder, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    own = environment(folder, url)
    name = f"zusammenplan_site_{os.getpid()}_{port}"
    with own_database(own, name, filled.database), (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(port)], env=own, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/robots.txt", server, folder / "server.log")
            yield Site(url, links_in(folder / "demo-links.txt"), own)
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture
def open_browser(
    chromium: Browser, site: Site, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """
    Give a fresh browser; at the end no page of it may have broken the rules of every page.

    Those are: no request to another host, a strict policy with each page, no error in the console.
    Of a test that failed, the report shows the pages as they stood.
    """
    watches: list[Watch] = []
    opened: list[BrowserContext] = []

    def start(
        *, refusals: set[int] | None = None, is_offline: bool = False, **wishes: Any
    ) -> BrowserContext:
        context = chromium.new_context(base_url=site.url, **({"locale": "de-DE"} | wishes))
        context.set_default_timeout(PATIENCE)
        watches.append(Watch(context, site.url, refusals or set(), is_offline=is_offline))
        opened.append(context)
        return context

    yield start
    for context in opened:
        if request.node.stash[HAS_FAILED]:
            request.node.add_report_section("teardown", "pages", as_they_stand(context))
        context.close()
    assert [flaw for watch in watches for flaw in watch.flaws] == []


@pytest.fixture
def signed_in(open_browser: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Give a page of somebody who has signed in with a password."""

    def sign_in(who: str, **wishes: Any) -> Page:
        page = open_browser(**wishes).new_page()
        page.goto("/konto/anmelden/")
        sign_in_with_password(page, who)
        page.wait_for_url("**/intern/")
        return page

    return sign_in


def as_they_stand(context: BrowserContext) -> str:
    return "\n\n".join(f"{page.url}\n{page.locator('body').inner_text()}" for page in context.pages)


def environment(folder: Path, url: str) -> dict[str, str]:
    """Give our server its own data and no setting of whoever runs the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZUSAMMENPLAN_")}
    return kept | {"ZUSAMMENPLAN_DATA": str(folder), "ZUSAMMENPLAN_URL": url}


def links_in(file: Path) -> dict[str, list[str]]:
    """Read the personal links that the demo printed: the paths for each group."""
    links: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        address, who = line.split(maxsplit=1)
        links.setdefault(who.rpartition(", ")[2], []).append(urlsplit(address).path)
    return links


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
    raise TimeoutError(log.read_text())
