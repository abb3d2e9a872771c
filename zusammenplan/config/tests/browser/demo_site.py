"""The running demo county, and what is watched on each of its pages."""

import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
)

from zusammenplan.config.demo.fill import DOMAIN, PASSWORD

AXE = (Path(__file__).parents[3] / "core" / "tests" / "vendor" / "axe.min.js").read_text("utf-8")
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 800}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async ([tags, rules]) => {
  const chosen = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
  const found = await axe.run(document, { runOnly: chosen, resultTypes: ["violations"] });
  return found.violations.flatMap((violation) => violation.nodes.map(
    (node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary}`));
}"""
# What changes with the words alone.
WORD_RULES = [
    *("button-name", "document-title", "empty-heading", "html-has-lang", "html-lang-valid"),
    *("image-alt", "label", "landmark-unique", "link-name", "select-name", "svg-img-alt"),
    *("target-size", "valid-lang"),
]
FIND_OVERFLOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")]
    .filter((found) => found.getBoundingClientRect().right > root.clientWidth + 1)
    .map((found) => `${found.tagName.toLowerCase()}.${found.className.baseVal ?? found.className}`);
  return [`${root.scrollWidth} > ${root.clientWidth} px: ${wide.slice(0, 5).join(", ")}`];
}"""
FIND_INLINE = """() => [...document.querySelectorAll("*")].flatMap((found) => [
    ...[...found.attributes].map((attribute) => attribute.name)
      .filter((name) => name === "style" || name.startsWith("on")),
    ...(found.tagName === "STYLE" ? ["<style>"] : []),
    ...(found.tagName === "SCRIPT" && !found.src && !found.type.endsWith("json")
      ? ["<script>"] : []),
  ].map((what) => `${what} at ${found.outerHTML.slice(0, 80)}`))"""
FORBIDDEN_SOURCES = ("'unsafe-", "*", "http:", "https:")


@dataclass(frozen=True, slots=True)
class Site:
    """A server with the demo county, as an administrator runs it."""

    url: str
    links: dict[str, list[str]]
    environment: dict[str, str]

    def command(self, *words: str) -> Any:
        """Ask the program on the command line, while the server runs."""
        done = subprocess.run(
            [Path(sys.executable).with_name("zusammenplan"), *words, "--json"],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)


class Watch:
    """Notes whatever breaks a rule that holds for every page."""

    def __init__(
        self, context: BrowserContext, url: str, refusals: set[int], *, is_offline: bool
    ) -> None:
        self.flaws: list[str] = []
        # What the console says about answers that the test expects; their status is judged below.
        self.expected = ["Failed to load resource"]
        self.expected += ["Response Status Error Code"] if refusals else []
        self.expected += ["htmx:sendError", "htmx:afterRequest"] if is_offline else []
        self.host = urlsplit(url).netloc
        self.refusals = refusals
        context.on("request", self.request)
        context.on("response", self.response)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.flaws.append(f"script: {error.error}"))

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.host:
            self.flaws.append(f"request to another host: {request.url}")

    def response(self, response: Response) -> None:
        page = f"{response.status} {response.url}"
        if response.status >= 400 and response.status not in self.refusals:
            self.flaws.append(page)
        if not response.headers.get("content-type", "").startswith("text/html"):
            return
        policy = response.headers.get("content-security-policy", "")
        directives = {part.split()[0]: part for part in policy.split(";") if part.strip()}
        if not {"default-src", "script-src", "style-src", "form-action"} <= set(directives):
            self.flaws.append(f"no policy: {page}")
        if any(source in policy for source in FORBIDDEN_SOURCES):
            self.flaws.append(f"loose policy: {page} {policy}")

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(tuple(self.expected)):
            self.flaws.append(f"console: {message.text}")


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """Ask axe-core about the page as it stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, [TAGS, rules])
    return found


def overflow(page: Page) -> list[str]:
    """Say what makes the page wider than the window."""
    found: list[str] = page.evaluate(FIND_OVERFLOW)
    return found


def inline_code(page: Page) -> list[str]:
    """Say where style or script stands in the page itself."""
    found: list[str] = page.evaluate(FIND_INLINE)
    return found


def flaws_of(page: Page) -> Iterator[str]:
    """Judge the page wide and narrow, once light and once dark; which is which takes turns."""
    yield from inline_code(page)
    turn = zlib.crc32(urlsplit(page.url).path.encode()) % 2
    for name, size, scheme in (("1280", WIDE, SCHEMES[turn]), ("320", NARROW, SCHEMES[1 - turn])):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        yield from (f"[{name} {scheme}] {flaw}" for flaw in violations(page) + overflow(page))


def sign_in_with_password(page: Page, who: str) -> None:
    page.get_by_label("E-Mail").fill(f"{who}@{DOMAIN}")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def confirm_password(page: Page) -> None:
    """Answer the question that comes before one may change how one signs in."""
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Bestätigen").click()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse would."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if target.evaluate("(found) => found === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {target}.")
