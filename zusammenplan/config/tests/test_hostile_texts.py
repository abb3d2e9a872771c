"""What nobody should write, in every text that anybody may write: shown and handed out unharmed."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.apps import apps
from django.core import mail
from django.db.models import CharField, EmailField, Field, Model, SlugField, TextField, URLField
from django.urls import reverse
from django.utils import timezone
from lxml import etree  # type: ignore[import-untyped]

from zusammenplan.ballots.actions import invite_voters, mail_links
from zusammenplan.ballots.tests.factories import make_open_group, make_round, make_voter
from zusammenplan.config.tests.test_permissions import (  # noqa: F401 - the fixture is asked for by name
    World,
    addresses,
    argument,
    world,
)
from zusammenplan.core.models import Municipality
from zusammenplan.people.actions import send_account_link, send_test_mail
from zusammenplan.people.actions.tasks import add_task, post_digests
from zusammenplan.people.tests.factories import NOW, make_planner
from zusammenplan.plans.actions.rating_requests import mail_links as mail_rating_links, make_links
from zusammenplan.plans.actions.versions import freeze
from zusammenplan.plans.choices import BlockKind, ChapterKind
from zusammenplan.plans.models import Block, Plan, PlanVersion
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import (
    make_block,
    make_chapter,
    make_evaluation,
    make_evidence,
    make_plan,
    make_rating_request,
)
from zusammenplan.reports.exports.plan_docx import plan_docx
from zusammenplan.reports.exports.plan_pdf import plan_pdf
from zusammenplan.reports.queries.document import document_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

# What a text begins with decides what a spreadsheet or a page makes of it; the rest is for all.
LEADS = {
    "formula": '=HYPERLINK("http://boese.example","Klick")/',
    "signs": "\x0b\x1b<script>alert(1)</script>\x07]]><img src=x onerror=alert(1)>\ufffe\u202e",
}
REST = (
    ' "><svg/onload=alert(1)> @SUM(1) ]]>&\x0b\x1b\x85 ((Fußnote <b>]]>&\x0b #panic())) \u202eנגב'
    " \U0001f469\u200d\U0001f467 🎉 مركز #panic() #{1+1} $x$ \\u{41} * _ ` @x <x> //"
    " {{7*7}} {% now 'Y' %} %(a)s %s {0} " + "Ä" * 300
)
ALIVE = re.compile(r"<script>alert|<img src=x|<svg/onload", re.IGNORECASE)
# What no person types: the program makes these texts, or a form checks what they are made of.
MADE = {
    "accent_colour",
    "address",
    "ags",
    "ballot_key",
    "checksum",
    "content",
    "headings",
    "key",
    "kind",
    "own_scale",
    "password",
    "query",
    "rows_as",
    "token_hash",
    "wall_key",
    "word",
}
OF_OTHER_KIND = (EmailField, SlugField, URLField)
OURS = "zusammenplan."


def written_by_people(model: type[Model]) -> list[Field[Any, Any]]:
    """Give the fields of a model that hold what a person wrote."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and not isinstance(field, OF_OTHER_KIND)
        and not field.choices
        and field.name not in MADE
    ]


def models() -> Iterator[type[Model]]:
    """Give our models, without the tables of their history."""
    for model in apps.get_models():
        if model.__module__.startswith(OURS) and not model.__name__.startswith("Historical"):
            yield model


def written(field: Field[Any, Any], lead: str, key: object) -> str:
    """Fill the field to its end; the key keeps apart what has to differ."""
    text = f"{lead}{REST}"
    longest = field.max_length
    if longest is None:
        return text
    end = str(key)[-longest:]
    return f"{text[: longest - len(end)]}{end}"


def fill(lead: str) -> int:
    """Write the text into every field of every record; tell how many."""
    filled = 0
    for model in models():
        fields = [] if model is PlanVersion else written_by_people(model)
        for record in model._default_manager.all() if fields else ():
            for field in fields:
                setattr(record, field.name, written(field, lead, record.pk))
                filled += 1
            if isinstance(record, Block):
                record.cells = [[f"{lead}{REST}", lead[:9]], ["=1+1", f"\x0b{REST}"]]
            record.save()
    return filled


@pytest.fixture
def wide_world(world: World) -> World:  # noqa: F811
    """Give the small county with one of everything, also in its plan's document."""
    wide = replace(world, values=dict(world.values))
    plan = Plan.objects.get(slug=wide.values["plan"])
    Municipality.objects.get_or_create(pk=1)
    make_evidence(plan.needs.get(), url="https://statistik.example/a")
    planner = wide.users["planner"]
    add_task(plan, {"title": "Anrufen", "assignee": planner}, by=None, now=timezone.now())
    chapters = {kind: make_chapter(plan, kind=kind) for kind in ChapterKind}
    for kind in BlockKind:
        make_block(chapters[ChapterKind.TEXT], kind=kind)
    return wide


def freeze_again(wide: World, plan: Plan, lead: str) -> None:
    """A frozen version refuses to be filled, so there is a new one with what stands there now."""
    label = f"{lead}{REST}"[:200]
    wide.values["version"] = freeze(plan, label_de=label, label_en=label, by=None, now=NOW).number


# What a program on the other side makes of an answer


def is_page(name: str, content: bytes) -> None:
    assert not ALIVE.search(content.decode()), name


def is_separated(name: str, content: bytes) -> None:
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=+@\t\r]|-\D", cell), (name, cell)


def is_workbook(name: str, content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        assert cell.data_type != "f", (name, cell.coordinate)
        assert cell.hyperlink is None, (name, cell.coordinate)


def is_word(name: str, content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(part))
    assert content, name


def is_pdf(name: str, content: bytes) -> None:
    assert content.startswith(b"%PDF"), name


def is_xml(name: str, content: bytes) -> None:
    assert etree.fromstring(content) is not None, name


def is_json(name: str, content: bytes) -> None:
    assert json.loads(content) is not None, name


CHECKS: dict[str, Callable[[str, bytes], None]] = {
    "text/html": is_page,
    "text/csv": is_separated,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": is_workbook,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": is_word,
    "application/atom+xml": is_xml,
    "application/xml": is_xml,
    "application/json": is_json,
    "application/pdf": is_pdf,
}


def faults(client: Client, wide: World, seen: set[str], *, of: str = "") -> Iterator[str]:
    """Ask every address of an app, and tell whose answer is a fault of ours or does harm."""
    for name, pattern in sorted(addresses().items()):
        if not name.startswith(of):
            continue
        arguments = {
            parameter: argument(name, parameter, wide.values)
            for parameter in pattern.pattern.converters
        }
        try:
            answer: Any = client.get(reverse(name, kwargs=arguments))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if answer.status_code == 200 and kind in CHECKS:
                seen.add(kind)
                CHECKS[kind](name, content)
        except Exception as fault:  # noqa: BLE001 - all are told at once
            yield f"{name}: {fault!r:.300}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "lead",
    [
        # What a database itself might refuse comes to each of them; formulas are for programs.
        pytest.param(LEADS["formula"], marks=pytest.mark.one_database, id="formula"),
        pytest.param(LEADS["signs"], id="signs"),
    ],
)
def test_every_text_that_a_person_writes_comes_out_unharmed(wide_world: World, lead: str) -> None:
    assert fill(lead) > 100
    plan = Plan.objects.get(slug=wide_world.values["plan"])
    freeze_again(wide_world, plan, lead)

    seen: set[str] = set()
    for role, of in (("planner", ""), ("anonymous", "website:")):
        found = list(faults(wide_world.client(role), wide_world, seen, of=of))
        assert not found, "\n".join(found)
    assert set(CHECKS) - seen <= {"application/xml"}
    assert post_digests(now=timezone.now())
    assert all(len(str(one.subject).splitlines()) == 1 for one in mail.outbox)
    for language in ("de", "en"):
        made = document_of(plan_content(plan), language=language, now=NOW)
        is_pdf("pdf", plan_pdf(made, partial(bytes)))
        is_word("docx", plan_docx(made, partial(bytes)))


def test_no_text_is_left_out_but_what_the_program_makes() -> None:
    """Whoever names a new field like one that the program makes reads here that it is left out."""
    left_out = {
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and not field.choices and field.name in MADE
    }
    assert left_out == {
        "ballots.Round.wall_key",
        "ballots.SecretMark.ballot_key",
        "core.Attachment.checksum",
        "core.Attachment.kind",
        "core.Attempt.key",
        "core.Municipality.accent_colour",
        "core.Municipality.ags",
        "core.SearchWord.kind",
        "core.SearchWord.word",
        "indicators.ColumnMapping.headings",
        "indicators.StatisticsImport.checksum",
        "people.Draft.key",
        "people.Invitation.token_hash",
        "people.User.password",
        "places.AreaImport.checksum",
        "places.AreaVersion.ags",
        "plans.Block.address",
        "plans.Chapter.address",
        "plans.ColumnMapping.headings",
        "plans.ColumnMapping.rows_as",
        "plans.Plan.own_scale",
        "plans.PlanVersion.checksum",
        "plans.PlanVersion.content",
        "plans.SavedView.query",
    }


@pytest.mark.django_db
def test_no_name_breaks_out_of_a_mail(client: Client) -> None:
    name = "Mia\r\nBcc: a@boese.example\r\n\r\nHallo\x85\u2028\u202e&<b>"
    Municipality.objects.create(pk=1, name=name, site_name_de=name, email="amt@rennsteig.example")
    now, later = timezone.now(), timezone.now() + timedelta(days=7)
    planner = make_planner(name=name)
    address = {"email": "mia@rennsteig.example"}
    round_ = make_round(title_de=name, plan=make_plan(title_de=name))
    group = make_open_group(round_, name_de=name)
    voter = make_voter(group, name=name, **address)
    asked = make_rating_request(make_evaluation(title_de=name), name=name, **address)
    links = invite_voters([voter], expires_at=later, by=planner, now=now)
    assert not mail_links(links, address=str)
    rated = make_links([asked], expires_at=later, by=planner, now=now)
    assert not mail_rating_links(rated, address=str, now=now, reminds=True)
    send_account_link(planner, link="https://x.example", expires_on="morgen")
    send_test_mail(planner, sent_at="heute")
    add_task(round_.plan, {"title": name, "assignee": planner}, by=None, now=now)
    post_digests(now=now)
    report = {"message": name, "page": name, "email": "a@b.example\r\nBcc: a@boese.example"}
    assert client.post(reverse("website:barrier-report"), report).status_code == 200
    client.post(reverse("website:barrier-report"), {**report, "email": "a@b.example"})

    assert len(mail.outbox) == 6
    for one in mail.outbox:
        made = one.message()
        assert len(one.recipients()) == 1
        assert not {"Bcc", "Cc"} & set(made.keys())
        assert len(str(one.subject).splitlines()) == 1
        assert "&amp;" not in str(one.body)
