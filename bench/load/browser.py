"""A browser of the load: one connection, cookies, and forms as the page shows them."""

import asyncio
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

from bench.load.journal import Journal
from bench.server import get, post

PATIENCE = 30.0
STATIC = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
Fields = Mapping[str, str | list[str]]


class RefusedError(Exception):
    """The answer was none that may happen here; it stands in the journal."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    """Asks one thing after the other; opens its connection anew if the server has closed it."""

    def __init__(self, journal: Journal, cookies: Mapping[str, str] | None = None) -> None:
        self.journal = journal
        self.cookies = dict(cookies or {})
        self.seen: set[bytes] = set()
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(
        self, kind: str, path: str, *, expect: Collection[int] = (200,), **headers: str
    ) -> Answer:
        return await self._ask(kind, get(path, **self._with_cookies(headers)), expect)

    async def open(self, kind: str, path: str) -> Answer:
        """Open a page with its styles and scripts, which are kept from then on."""
        answer = await self.get(kind, path)
        for address in dict.fromkeys(STATIC.findall(answer.body)):
            if address not in self.seen:
                self.seen.add(address)
                await self.get("style or script", address.decode())
        return answer

    async def post(
        self,
        kind: str,
        path: str,
        fields: Fields,
        *,
        expect: Collection[int] = (302,),
        **headers: str,
    ) -> Answer:
        body = urlencode(fields, doseq=True)
        return await self._ask(kind, post(path, body, **self._with_cookies(headers)), expect)

    def close(self) -> None:
        if self.writer:
            self.writer.close()
            self.reader = self.writer = None

    def _with_cookies(self, headers: dict[str, str]) -> dict[str, str]:
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**headers, **({"Cookie": told} if told else {})}

    async def _ask(self, kind: str, request: bytes, expect: Collection[int]) -> Answer:
        began = time.perf_counter()
        try:
            answer = await asyncio.wait_for(self._sent(request), PATIENCE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as failure:
            self.close()
            self.journal.errors[f"{kind}: {type(failure).__name__}"] += 1
            raise RefusedError(kind) from failure
        self.journal.note(kind, time.perf_counter() - began)
        if answer.status not in expect:
            self.journal.errors[f"{kind}: {answer.status}"] += 1
            raise RefusedError(kind)
        return answer

    async def _sent(self, request: bytes) -> Answer:
        if self.writer and self.reader and not self.reader.at_eof():
            try:
                return await self._exchanged(request)
            except (ConnectionError, asyncio.IncompleteReadError) as failure:
                # As browsers do it: closed before a word of the answer, so it was not heard.
                if isinstance(failure, asyncio.IncompleteReadError) and failure.partial:
                    raise
                self.journal.events["sent again after the server closed the connection"] += 1
        self.close()
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.journal.server.port
        )
        return await self._exchanged(request)

    async def _exchanged(self, request: bytes) -> Answer:
        assert self.reader is not None
        assert self.writer is not None
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        headers: dict[str, str] = {}
        for line in lines[1:-2]:
            name, _, value = line.partition(": ")
            if name == "Set-Cookie":
                self._keep(value)
            headers[name.lower()] = value
        length = int(headers.get("content-length", 0))
        body = await self.reader.readexactly(length) if length else b""
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(lines[0][9:12]), headers, body)

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        self.cookies[name] = value


def form_with(field: str, page: bytes) -> dict[str, list[str]]:
    """Give what the form with this field would send as it stands."""
    reader = _Forms()
    reader.feed(page.decode())
    return next(form for form in reader.forms if field in form)


class _Forms(HTMLParser):
    """Collects what each form of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = [{}]
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name:
            is_box = given.get("type") in {"checkbox", "radio"}
            if given.get("type") not in {"submit", "file"} and (not is_box or "checked" in given):
                self._add(name, given.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self.area = name
            self._add(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self._add(self.select, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)
