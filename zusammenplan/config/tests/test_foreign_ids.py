"""Ids of other plans and ids that nothing can have, in every form and filter: never taken, no error."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django import forms
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from lxml import html  # type: ignore[import-untyped]

from zusammenplan.ballots.tests.factories import make_group, make_item, make_round
from zusammenplan.config.tests.test_permissions import (  # noqa: F401 - the fixture is asked for by name
    World,
    addresses,
    argument,
    world,
)
from zusammenplan.plans.tests.factories import make_chapter
from zusammenplan.plans.tests.full_plan import FullPlan, make_full_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model
    from django.test import Client

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
READ_BARE = ("auf", "bulk_choice", "direction", "field", "measures", "neu", "other", "people")
READ_BARE += ("pick", "q", "row", "save", "tun", "voters", "wert", "zeile", "back", "art")
NOBODY_HAS = ("9" * 30, "1e999999999", "NaN", "²", "9" * 5000, "-1", "' OR 1=1 --\0")
TURNS = 2


def plan_of(record: Model | None) -> int | None:
    """Give the plan that a record belongs to, if it belongs to one."""
    if record is None:
        return None
    if record._meta.label == "plans.Plan":
        return record.pk
    for name in HOMES:
        if name in {field.name for field in record._meta.fields}:
            if (found := plan_of(getattr(record, name))) is not None:
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


@pytest.fixture
def stranger(world: World) -> FullPlan:  # noqa: F811
    """Give a second plan with one of everything, and a round of its own."""
    full = make_full_plan(slug="fremd")
    round_ = make_round(full.plan, slug="fremde-runde")
    make_item(round_, full.measure)
    make_group(round_)
    make_chapter(full.plan)
    return full


def pages(client: Client, world: World) -> Iterator[tuple[str, str, Any]]:  # noqa: F811
    """Open every page as it is; what is no page is only named."""
    for name, pattern in sorted(addresses().items()):
        values = {one: argument(name, one, world.values) for one in pattern.pattern.converters}
        url = reverse(name, kwargs=values)
        answer: Any = client.get(url)
        if answer.streaming:
            b"".join(answer.streaming_content)
        is_page = answer.status_code == 200 and "html" in answer.headers["Content-Type"]
        yield name, url, answer if is_page else None


def foreign_to(field: forms.Field) -> Any:
    """Give something that the field does not offer, although there is such a record."""
    if not isinstance(field, forms.ModelChoiceField):
        return None
    offered = field.queryset.values_list("pk", flat=True)
    found = field.queryset.model._default_manager.exclude(pk__in=list(offered)).last()
    return found and field.prepare_value(found)


def forms_of(page: Any) -> Iterator[forms.BaseForm]:
    """Give the forms on a page."""
    found = {
        id(value): value
        for layer in page.context or ()
        for names in layer
        for value in names.values()
        if isinstance(value, forms.BaseForm)
    }
    yield from found.values()


def with_foreign(form: forms.BaseForm) -> Iterator[tuple[str, dict[str, Any]]]:
    """Fill the form as it stands, each time with something foreign in one field."""
    stands = {form.add_prefix(one): form[one].value() or "" for one in form.fields}
    for key, field in form.fields.items():
        if (value := foreign_to(field)) is not None:
            many = isinstance(field, forms.ModelMultipleChoiceField)
            yield key, stands | {form.add_prefix(key): [value] if many else value}


def answered(client: Client, url: str, sent: dict[str, Any], *, method: str = "post") -> Any:
    """Send something and take back what it changed."""
    with transaction.atomic():
        answer = getattr(client, method)(url, sent)
        answer.crossing = list(crossing()) if answer.status_code == 302 else []
        transaction.set_rollback(True)
    return answer


@pytest.mark.usefixtures("stranger")
def test_no_form_takes_a_record_that_it_does_not_offer(world: World) -> None:  # noqa: F811
    planner = world.client("planner")
    assert not list(crossing())
    tried, taken = 0, []
    for name, url, page in pages(planner, world):
        for form in forms_of(page) if page is not None else ():
            for key, sent in with_foreign(form):
                answer = answered(planner, url, sent)
                taken += [f"{name} {key}: {one}" for one in answer.crossing]
                tried += answer.status_code != 405
    assert not taken, "\n".join(taken)
    assert tried > 30


def names_on(page: Any, path: str) -> set[str]:
    tree = html.fromstring(page.content.decode())
    linked = re.findall(r"[?&;](\w+)=", " ".join(tree.xpath("//main//a/@href")))
    return {*tree.xpath(path), *linked}


def spread(names: set[str], turn: int) -> dict[str, str]:
    """Give each name one of the values, each turn another one."""
    return {
        name: NOBODY_HAS[(place + turn) % len(NOBODY_HAS)]
        for place, name in enumerate(sorted(names))
    }


@pytest.mark.usefixtures("stranger")
def test_nothing_breaks_over_what_nobody_has(world: World) -> None:  # noqa: F811
    planner = world.client("planner")
    planner.raise_request_exception = False
    broken = []
    for name, url, page in pages(planner, world):
        fields = {
            *READ_BARE,
            *(names_on(page, "//main//form[@method='post']//@name") if page is not None else ()),
        }
        filters = (
            names_on(page, "//main//form[not(@method='post')]//@name")
            if page is not None
            else set()
        )
        for turn in range(TURNS):
            for method, names in (("post", fields), ("get", filters)):
                if not names:
                    continue
                answer = answered(planner, url, spread(names, turn), method=method)
                if answer.status_code >= 500:
                    broken.append(
                        f"{method} {name}: {answer.exc_info[1]!r:.150} {answer.exc_info[2] and ''}"
                    )
                    import traceback

                    fr = [
                        f
                        for f in traceback.extract_tb(answer.exc_info[2])
                        if "zusammenplan" in f.filename
                    ]
                    broken.append(str(fr[-1])[-120:] if fr else "")
                if answer.streaming:
                    b"".join(answer.streaming_content)
                if method == "post" and answer.status_code == 405:
                    fields = set()
    assert not broken, "\n".join(broken)
