"""Every hostile file on every way in: a German sentence, nothing kept, little time and memory."""

from __future__ import annotations

import re
import resource
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from lxml import html  # type: ignore[import-untyped]

from zusammenplan.config.tests.hostile_files import HOSTILE, content_of
from zusammenplan.core.files import file_response
from zusammenplan.core.models import Attachment
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import make_user
from zusammenplan.plans.tests.factories import make_chapter, make_measure, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from django.test import Client

    Way = tuple[str, str, dict[str, str]]

pytestmark = pytest.mark.django_db

SECONDS, MEGABYTES = 10, 400
# Our own maps and charts are drawn by the server; a picture of a file is none of them.
ALIVE = re.compile(
    r'<script>alert|<svg(?! class="zp-)|onload=.alert|Set-Cookie: a=b', re.IGNORECASE
)
GERMAN = re.compile(r"\b(?:die|der|das|ist|nicht|wählen|kein|keine|sie)\b", re.IGNORECASE)
STEPS = 3
ONWARD = (
    "//form[contains(@action, 'uebernehmen/')]"
    " | //main//form[@method='post' and not(@enctype) and contains(., 'Spalte')]"
)


def to_plan(page: str, *arguments: object) -> Callable[[], str]:
    def address() -> str:
        plan = make_plan(slug="plan")
        made = {"measure": make_measure, "chapter": make_chapter}
        keys = [made[str(word)](plan).pk if word in made else word for word in arguments]
        return reverse(f"plans:{page}", args=["plan", *keys])

    return address


# Where a file goes in: the address, the name of the field, and what else is sent.
WAYS: dict[str, tuple[Callable[[], str], str, dict[str, str]]] = {
    "statistics": (lambda: reverse("indicators:import-new"), "tables", {}),
    "areas": (lambda: reverse("places:area-import"), "file", {}),
    "tables": (lambda: reverse("tables:import"), "file", {"title": "Neuer Plan"}),
    "workbook": (to_plan("workbook"), "file", {}),
    "attachment": (to_plan("measure-files", "measure"), "file", {}),
    "picture": (to_plan("block-add", "chapter", "figure"), "picture", {"alt_de": "Ein Bild"}),
    "logo": (lambda: reverse("people:settings"), "logo_file", {"name": "Landkreis"}),
    "sponsors": (lambda: reverse("people:settings"), "sponsor_file", {"name": "Landkreis"}),
}

# A file that nobody opens here may be more than it says: it is only ever handed out.
KEPT = {"attachment": {"core.Attachment", "core.HistoricalAttachment"}}
# Where something of a file may reach the database.
TAKEN = {"statistics", "areas", "tables"}


def written() -> dict[str, int]:
    """Count the rows of all our tables."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("zusammenplan.")
    }


def pages_after(client: Client, way: Way, name: str) -> Iterator[Any]:
    """Hand the file in, and press on as long as the page offers to; what is taken is taken back."""
    address, field, more = way
    file: Any = SimpleUploadedFile("x", content_of(name))
    file._name = HOSTILE[name][0]  # noqa: SLF001 - as it is sent: it is cleaned when it comes in
    answer: Any = client.post(address, {field: file, **more}, follow=True)
    for _step in range(STEPS):
        answer.page = html.fromstring(answer.content.decode())
        yield answer
        offered = answer.page.xpath(ONWARD)
        if not offered:
            return
        target = offered[0].get("action") or answer.request["PATH_INFO"]
        with transaction.atomic():
            answer = client.post(target, dict(offered[0].form_values()), follow=True)
            transaction.set_rollback("uebernehmen" in target)


def faults_of(client: Client, way: Way, name: str) -> Iterator[str]:
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for answer in pages_after(client, way, name):
        if answer.status_code not in {200, 400, 422}:
            yield f"status {answer.status_code}"
        main = answer.page.xpath("//main")[0]
        if ALIVE.search(html.tostring(main, encoding="unicode")):
            yield "is alive on the page"
        # A page that refuses the request itself has no alert, but is one.
        where = ".//p[@class='zp-lead']" if answer.status_code == 400 else "//*[@role='alert']"
        said = " ".join(main.xpath(f"string({where})").split())
        if (answer.status_code != 200 or said) and not GERMAN.search(said):
            yield f"says {said!r}"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    lasted = time.process_time() - began
    if lasted > SECONDS or grown > MEGABYTES * 1000:
        yield f"took {lasted:.1f} s and {grown // 1000} MB"


@pytest.mark.parametrize(
    "way",
    [way if way in TAKEN else pytest.param(way, marks=pytest.mark.one_database) for way in WAYS],
)
def test_every_hostile_file_gets_a_sentence_and_does_no_harm(
    client: Client, settings: Any, tmp_path: Path, way: str
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    client.force_login(make_user(Role.PLANNER, Role.ADMINISTRATOR))
    address, field, more = WAYS[way]
    there = address(), field, more
    before = written()

    faults = [f"{name}: {fault}" for name in HOSTILE for fault in faults_of(client, there, name)]

    assert not faults, "\n".join(faults)
    grown = {label for label, rows in written().items() if rows != before[label]}
    assert grown <= KEPT.get(way, set())
    assert {path.name for path in tmp_path.iterdir()} <= {"files"}
    for kept in Attachment.objects.all():
        handed_out = file_response(kept)
        assert handed_out["Content-Disposition"].startswith("attachment;")
        assert handed_out["Content-Security-Policy"] == "default-src 'none'; sandbox"
        handed_out.close()
