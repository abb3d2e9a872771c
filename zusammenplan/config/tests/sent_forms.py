"""The forms of a page, sent as a browser sends them; and sent with more than they ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from lxml import html  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

MORE = "MEHR-ALS-GEFRAGT"
# What fits where a form must not be left empty.
FITTING = {
    "date": "2027-05-04",
    "datetime-local": "2027-05-04T10:00",
    "email": "mehr@rennsteiggrund.example",
    "number": "1",
    "url": "https://statistik.example/",
    "password": "vier Finken im Garten",
}
# What comes first counts: a field with a time is one with a day, too.
OTHERS: dict[type[models.Field[Any, Any]], str] = {
    models.BooleanField: "on",
    models.DateTimeField: "2031-01-01T10:00",
    models.DateField: "2031-01-01",
    models.IntegerField: "7",
    models.DecimalField: "7",
}
# What differs each time that the same is written: moments, keys made at random, numbers of entries.
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|'[\w$./+=:-]{22,}'"
)
# Whose a session is, and how often something was tried, is written whatever is sent.
BESIDE = ('"people_session"', '"core_attempt"', '"zusammenplan_cache"')


def sent_by(page: Any) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Give each form of a page that sends something: where to, and what a browser would send."""
    document = html.fromstring(page.content.decode())
    for form in document.xpath("//main//form[@method='post']"):
        to = urljoin(page.wsgi_request.get_full_path(), form.get("action") or "")
        values: dict[str, list[str]] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        for field in form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
            if field.get("required") is not None and not any(values.get(field.get("name"), [])):
                values[field.get("name")] = [_fitting(field)]
        for button in form.xpath(".//button[not(@type='button')]")[:1]:
            if name := button.get("name"):
                values.setdefault(name, [button.get("value") or ""])
            to = urljoin(to, button.get("formaction") or "")
        yield to, values


def _fitting(field: Any) -> str:
    if field.tag == "select":
        return next((value for value in field.value_options if value), "")
    if field.get("type") in {"radio", "checkbox"}:
        return field.get("value") or "on"
    return field.get("min") or FITTING.get(field.get("type") or "text", "Text")


def more_than_asked(values: dict[str, list[str]]) -> dict[str, list[str]]:
    """Add a value for each field that any record has, if the form does not ask for it."""
    asked = {name.rpartition("-")[2] for name in values}
    return {**{name: [value] for name, value in _fields().items() if name not in asked}, **values}


def _fields() -> dict[str, str]:
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model.__module__.startswith("zusammenplan.") and "Historical" not in model.__name__:
            for field in model._meta.get_fields():
                if isinstance(field, models.Field):
                    for name in {field.name, getattr(field, "attname", field.name), "pk"}:
                        found.setdefault(name, _other(field))
    return found


def _other(field: models.Field[Any, Any]) -> str:
    """Give a value that the field would take."""
    if field.is_relation and field.related_model is not None:
        other: Any = field.related_model
        return str(other._default_manager.values_list("pk", flat=True).last() or "")
    if field.choices:
        return str([key for key, _label in field.flatchoices][-1])
    return next((value for kind, value in OTHERS.items() if isinstance(field, kind)), MORE)


def written(client: Client, to: str, values: dict[str, list[str]]) -> list[str]:
    """Send it, tell what was written, and take it back."""
    client.raise_request_exception = False
    with transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            client.post(to, values)
        transaction.set_rollback(True)
    return [
        CHANGING.sub("…", sql)
        for sql in (query["sql"].strip() for query in asked)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(one in sql for one in BESIDE)
    ]


class Sender:
    """Sends each kind of form once, however many pages have it."""

    def __init__(self, browser: Callable[[], Client]) -> None:
        self.browser = browser
        self.known: set[tuple[str, frozenset[str]]] = set()
        self.kept = 0

    def faults(self, page: Any) -> Iterator[str]:
        """Tell which forms of the page write something else when more is sent than they ask for."""
        for to, values in sent_by(page):
            kind = (
                re.sub(r"\d+", "0", to.partition("?")[0]),
                frozenset(re.sub(r"\d+", "0", name) for name in values),
            )
            if kind in self.known:
                continue
            self.known.add(kind)
            if not (plainly := written(self.browser(), to, values)):
                continue
            self.kept += 1
            more = written(self.browser(), to, more_than_asked(values))
            if more != plainly:
                other = next((one for one in more if one not in plainly), str(more))
                yield f"{to} takes more than it asks for: {other:.300}"
