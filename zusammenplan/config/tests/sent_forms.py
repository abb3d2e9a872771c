"""The forms of a page, sent as a browser sends them; and sent with more than they ask for."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field as part
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.apps import apps
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from lxml import html  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
# What differs each time that the same is written: moments, keys and addresses made at random.
CHANGING = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|'[\w!$./+=:-]{22,}'"
    r"|'[a-z0-9]{6}'|'[\w-]{16}'"
)
# Whose a session is, and how often something was tried, is written whatever is sent.
BESIDE = ('"people_session"', '"core_attempt"', '"zusammenplan_cache"')


@dataclass(frozen=True)
class Form:
    """Where to a form is sent, what a browser would send, and all that it asks for."""

    to: str
    values: dict[str, list[str]]
    names: set[str]


def forms_on(page: Any) -> Iterator[Form]:
    """Give each form of a page into which somebody writes; a bare button asks for nothing."""
    document = html.fromstring(page.content.decode())
    for form in document.xpath("//main//form[@method='post']"):
        fields = form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]")
        if all(field.get("type") == "hidden" for field in fields):
            continue
        to = urljoin(page.wsgi_request.get_full_path(), form.get("action") or "")
        values: dict[str, list[str]] = {}
        for name, value in form.form_values():
            values.setdefault(name, []).append(value)
        for field in fields:
            if field.get("required") is not None and not any(values.get(field.get("name"), [])):
                values[field.get("name")] = [_fitting(field)]
        for button in form.xpath(".//button[not(@type='button')]")[:1]:
            if name := button.get("name"):
                values.setdefault(name, [button.get("value") or ""])
            to = urljoin(to, button.get("formaction") or "")
        yield Form(to, values, {name.rpartition("-")[2] for name in form.xpath(".//@name")})


def _fitting(field: Any) -> str:
    if field.tag == "select":
        return next((value for value in field.value_options if value), "")
    if field.get("type") in {"radio", "checkbox"}:
        return field.get("value") or "on"
    return field.get("min") or FITTING.get(field.get("type") or "text", "Text")


def more_than_asked(asked: set[str]) -> dict[str, list[str]]:
    """Give a value for each field that any record has, if no form asks for it there."""
    return {name: [value] for name, value in _fields().items() if name not in asked}


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


@dataclass
class Sender:
    """Sends each kind of form once, however many pages have it."""

    browser: Callable[[], Client]
    forms: dict[tuple[str, frozenset[str]], Form] = part(default_factory=dict)
    # Whatever forms ask for that are sent to one place: a short one may stand elsewhere.
    asked: defaultdict[str, set[str]] = part(default_factory=lambda: defaultdict(set))
    kept: int = 0

    def note(self, page: Any, fields: Iterable[str]) -> None:
        """Remember the forms of a page, and their fields, of which some may not be shown now."""
        for form in forms_on(page):
            place = _kind(form.to)
            self.asked[place] |= form.names.union(fields)
            self.forms.setdefault((place, frozenset(map(_kind, form.values))), form)

    def faults(self) -> Iterator[str]:
        """Tell which forms write something else when more is sent than they ask for."""
        for (place, _names), form in self.forms.items():
            if not (plainly := written(self.browser(), form.to, form.values)):
                continue
            self.kept += 1
            sent = more_than_asked(self.asked[place]) | form.values
            more = written(self.browser(), form.to, sent)
            # One that is refused takes nothing.
            if more and more != plainly:
                other = next((one for one in more if one not in plainly), str(more))
                yield f"{form.to} takes more than it asks for: {other:.600}"


def _kind(text: str) -> str:
    return re.sub(r"\d+", "0", text.partition("?")[0])
