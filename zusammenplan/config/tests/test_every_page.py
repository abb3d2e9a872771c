"""Every page as a planner sees it: guarded, and taking neither foreign nor impossible ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from lxml import html  # type: ignore[import-untyped]

from zusammenplan.ballots.tests.factories import make_group, make_item, make_round
from zusammenplan.config.tests.sent_forms import Sender
from zusammenplan.config.tests.test_permissions import (  # noqa: F401 - the fixture is asked for by name
    World,
    addresses,
    argument,
    world,
)
from zusammenplan.people.choices import Role
from zusammenplan.people.models import MunicipalRole, User
from zusammenplan.plans.tests.factories import make_chapter, make_field, make_goal, make_plan
from zusammenplan.plans.tests.full_plan import make_full_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

# Through which of its fields a record belongs to a plan.
HOMES = ("plan", "measure", "goal", "need", "chapter", "evaluation", "round", "group", "item")
# What leads to another plan because it is meant to.
BRIDGES = {
    "plans.Plan.predecessor",
    "plans.PlanUpdate.successor",
    "plans.MeasureRelation.other",
    "ballots.Round.corrects",
}
# Names that views read without a form, beside those that stand in the forms of a page.
READ_BARE: tuple[str, ...] = (
    "auf",
    "bulk_choice",
    "direction",
    "field",
    "measures",
    "neu",
    "other",
    "people",
)
READ_BARE += ("pick", "q", "row", "save", "tun", "voters", "wert", "zeile", "back", "art")
NOBODY_HAS = (
    *("9" * 30, "1e999999999", "NaN", "²", "9" * 5000, "-1", "' OR 1=1 --\0"),
    *("//boese.example/", "a\r\nSet-Cookie: b=c"),
)
TURNS = 1  # each name gets so many of the values; all nine take minutes
STRANGE = "Nebenan geplant"
PRIVATE = ("/intern/", "/konto/", "/stimmzettel/")


def plan_of(record: object) -> int | None:
    """Give the plan that a record belongs to, if it belongs to one."""
    if not isinstance(record, Model):
        return None
    if record._meta.label == "plans.Plan":
        return int(record.pk)
    for name in HOMES:
        if (found := plan_of(getattr(record, name, None))) is not None:
            return found
    return None


def crossing() -> Iterator[str]:
    """Tell of every record that holds on to one of another plan."""
    for model in apps.get_models():
        if model._meta.app_label not in {"plans", "ballots"} or "Historical" in model.__name__:
            continue
        links = [
            field
            for field in (*model._meta.fields, *model._meta.many_to_many)
            if field.is_relation and f"{model._meta.label}.{field.name}" not in BRIDGES
        ]
        for record in model._default_manager.all() if links else ():
            here = plan_of(record)
            for field in links:
                value = getattr(record, field.name)
                others = value.all() if field.many_to_many else [value]
                if here and any(plan_of(other) not in {None, here} for other in others):
                    yield f"{model._meta.label} {record.pk}: {field.name}"


def make_stranger() -> None:
    """Make a second plan with one of everything, and a round of its own."""
    full = make_full_plan(slug="fremd")
    round_ = make_round(full.plan, slug="fremde-runde")
    make_item(round_, full.measure)
    make_group(round_)
    make_chapter(full.plan)
    type(full.field).objects.filter(pk=full.field.pk).update(name_de=STRANGE)
    for record in (full.need, full.goal, full.measure):
        type(record).objects.filter(pk=record.pk).update(title_de=STRANGE)


def test_a_record_that_holds_on_to_another_plan_is_seen() -> None:
    make_goal(make_plan(), field=make_field(make_plan()))

    assert [it.partition(" ")[0] for it in crossing()] == ["plans.Goal"]


# Guards


def unguarded(url: str, answer: Any) -> Iterator[str]:
    """Tell what a browser is not told about a page."""
    headers = answer.headers
    kept = set(re.findall(r"[\w-]+", headers.get("Cache-Control", "")))
    if url.startswith(PRIVATE) and not kept & {"private", "no-store"}:
        yield "may be kept by anybody"
    policy = headers["Content-Security-Policy"]
    if "default-src 'none'" not in policy:
        yield "has no policy for its content"
    # A file is handed out with a policy of its own, in a sandbox.
    if headers["X-Frame-Options"] != "DENY" or not (
        "frame-ancestors 'none'" in policy or "sandbox" in policy
    ):
        yield "may be framed"
    if headers["X-Content-Type-Options"] != "nosniff":
        yield "may be taken for something else"
    if headers["Referrer-Policy"] not in {"same-origin", "strict-origin", "no-referrer"}:
        yield "tells others its address"
    if headers["Cross-Origin-Opener-Policy"] != "same-origin" or "Server" in headers:
        yield "is open to others"


# Foreign records


def forms_of(page: Any) -> Iterator[forms.BaseForm]:
    """Give the forms on a page."""
    values = [
        value
        for layer in page.context or ()
        for names in layer
        for value in names.values()
        if isinstance(value, forms.BaseForm)
    ]
    yield from {id(one): one for one in values}.values()


def foreign_to(field: forms.Field) -> Any:
    """Give something that the field does not offer, although there is such a record."""
    if not isinstance(field, forms.ModelChoiceField):
        return None
    records: Any = field.queryset
    offered = records.values_list("pk", flat=True)
    found = records.model._default_manager.exclude(pk__in=list(offered)).last()
    if found is None:
        return None
    many = isinstance(field, forms.ModelMultipleChoiceField)
    value = forms.ModelChoiceField.prepare_value(field, found)
    return [value] if many else value


def with_foreign(form: forms.BaseForm) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fill the form as it stands, each time with something foreign in one field."""
    stands = {form.add_prefix(one): form[one].value() or "" for one in form.fields}
    for key, field in form.fields.items():
        if (value := foreign_to(field)) is not None:
            yield key, stands | {form.add_prefix(key): value}


def told(page: Any) -> int:
    return int(page.content.decode().count(STRANGE))


def foreign_told(planner: Client, url: str, page: Any) -> Iterator[str]:
    """Ask the page for what is not offered, and see that it does not tell what that is called."""
    asked = names_on(page, "//main//form[not(@method='post')]//@name")
    for form in forms_of(page):
        for key, sent in with_foreign(form):
            name = form.add_prefix(key)
            if name in asked:
                answer: Any = planner.get(url, {name: sent[name]})
                if answer.status_code >= 500:
                    yield f"get: {answer.exc_info[1]!r:.200}"
                elif told(answer) > told(page):
                    yield f"tells of {key}"


def foreign_taken(planner: Client, url: str, page: Any) -> Iterator[str]:
    for form in forms_of(page):
        for key, sent in with_foreign(form):
            with transaction.atomic():
                answer = planner.post(url, sent)
                if answer.status_code == 302:
                    yield from (f"takes {key}: {one}" for one in crossing())
                transaction.set_rollback(True)


# Impossible values


def names_on(page: Any, path: str) -> set[str]:
    return set(html.fromstring(page.content.decode()).xpath(path))


def spread(names: set[str], turn: int) -> dict[str, str]:
    """Give each name one of the values, each turn another one."""
    return {
        name: NOBODY_HAS[(place + turn) % len(NOBODY_HAS)]
        for place, name in enumerate(sorted(names))
    }


def leads_away(answer: Any) -> bool:
    to = answer.headers.get("Location", "")
    return urlsplit(to).netloc not in {"", "testserver"} or to.startswith(("//", "/\\"))


def broken(planner: Client, url: str, page: Any, turn: int) -> Iterator[str]:
    sent, asked = set(READ_BARE), set[str]()
    if page is not None:
        sent |= names_on(page, "//main//form[@method='post']//@name")
        asked = names_on(page, "//main//form[not(@method='post')]//@name")
        links = " ".join(names_on(page, "//main//a/@href"))
        asked |= set(re.findall(r"[?&;](\w+)=", links))
    for method, names in (("post", sent), ("get", asked)):
        with transaction.atomic():
            answer: Any = getattr(planner, method)(url, spread(names, turn)) if names else page
            transaction.set_rollback(True)
        if answer is not None and answer.streaming:
            b"".join(answer.streaming_content)
        if answer is not None and leads_away(answer):
            yield f"{method}: leads to {answer.headers['Location']}"
        if answer is not None and answer.status_code >= 500:
            yield f"{method}: {answer.exc_info[1]!r:.200}"


@pytest.mark.one_database
def test_no_address_takes_a_form_of_a_foreign_page(world: World) -> None:  # noqa: F811
    # Whom the pages of administrators would not refuse for another reason.
    user = world.users["planner"]
    assert isinstance(user, User)
    MunicipalRole.objects.create(user=user, role=Role.ADMINISTRATOR)
    planner = Client(enforce_csrf_checks=True)
    planner.cookies = world.client("planner").cookies
    taken = set()
    for name, pattern in addresses().items():
        values = {one: argument(name, one, world.values) for one in pattern.pattern.converters}
        answer = planner.post(reverse(name, kwargs=values), headers={"HX-Request": "true"})
        if answer.status_code != 403:
            taken.add((name, answer.status_code))
    # What nobody may send anything to.
    assert {status for _name, status in taken} <= {405}, taken


@pytest.mark.one_database
def test_every_page_is_guarded_and_takes_neither_foreign_nor_impossible_ids(
    world: World,  # noqa: F811
) -> None:
    user = world.users["planner"]
    assert isinstance(user, User)
    MunicipalRole.objects.create(user=user, role=Role.ADMINISTRATOR)
    make_stranger()
    assert not list(crossing())
    sender = Sender(lambda: world.client("planner"))
    faults = []
    for place, (name, pattern) in enumerate(sorted(addresses().items())):
        values = {one: argument(name, one, world.values) for one in pattern.pattern.converters}
        url = reverse(name, kwargs=values)
        planner = world.client("planner")  # a fresh one: some pages sign out
        planner.raise_request_exception = False
        answer: Any = planner.get(url)
        if answer.streaming:
            b"".join(answer.streaming_content)
        is_page = answer.status_code == 200 and "html" in answer.headers["Content-Type"]
        page = answer if is_page else None
        found = [*unguarded(url, answer)]
        if page is not None:
            found += [*foreign_taken(planner, url, page), *foreign_told(planner, url, page)]
            sender.note(page, (key for form in forms_of(page) for key in form.fields))
        for turn in range(place, place + TURNS):
            found += broken(planner, url, page, turn)
        faults += [f"{name} {fault}" for fault in found]
    faults += sender.faults()
    assert not faults, "\n".join(faults)
    assert sender.kept > 50
