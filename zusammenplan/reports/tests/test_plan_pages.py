"""The document is read, made and downloaded by whoever may, of today and of frozen versions."""

import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from zusammenplan.core.plain_png import columns_png
from zusammenplan.people.choices import Role
from zusammenplan.people.tests.factories import NOW, make_user
from zusammenplan.plans.actions import chapters as deeds
from zusammenplan.plans.choices import (
    BlockKind,
    ChapterKind,
    EvaluationStatus,
    RatingState,
    RelationKind,
)
from zusammenplan.plans.domain.attainment import scale_of, to_record
from zusammenplan.plans.domain.content import to_json
from zusammenplan.plans.models import (
    Block,
    Evaluation,
    MeasureRelation,
    Plan,
    PlanVersion,
    Rating,
)
from zusammenplan.plans.queries.content import plan_content
from zusammenplan.plans.tests.factories import make_block, make_chapter, make_measure, make_plan
from zusammenplan.reports import actions
from zusammenplan.reports.exports.pdf import TypesettingError
from zusammenplan.reports.queries.reading import live_source

pytestmark = pytest.mark.django_db
PNG = columns_png((1, 2), 40, 20)
QUERIES_OF_A_DOCUMENT = 38


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def plan() -> Plan:
    plan = make_plan(slug="sozialplan", title_de="Sozialplan")
    chapter = make_chapter(plan, title_de="Einleitung", address="ein")
    make_block(chapter, address="blo", text_de='<p id="abc">Erster Satz.</p>')
    make_measure(plan)
    make_chapter(plan, kind=ChapterKind.MEASURES, title_de="Maßnahmen", address="mas")
    return plan


def freeze(plan: Plan, number: int = 1) -> PlanVersion:
    content = to_json(plan_content(plan))
    return PlanVersion.objects.create(
        plan=plan, number=number, label_de="Beschluss", content=content, checksum="x", frozen_at=NOW
    )


def figure(plan: Plan, alt: str = "Zwei Säulen") -> Block:
    return deeds.add_block(
        plan.chapters.get(title_de="Einleitung"),
        BlockKind.FIGURE,
        {"alt_de": alt, "caption_de": "Säulen"},
        upload=deeds.Upload("bild.png", PNG),
        by=None,
        now=NOW,
    )


def url(name: str, *args: object) -> str:
    return reverse(name, args=["sozialplan", *args])


def words(response: Any) -> str:
    return str(response.content.decode())


def fetch(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    content = b"".join(response.streaming_content)
    if response["Content-Type"].startswith("image/"):
        assert "sandbox" in response["Content-Security-Policy"]
    return content


# --- public ------------------------------------------------------------------------------


@pytest.mark.usefixtures("plan")
def test_everybody_reads_the_document_of_a_public_plan(client: Client) -> None:
    response = client.get(url("website:plan-document"))

    page = words(response)
    assert 'id="p-blo-abc"' in page
    assert "So zitieren Sie dieses Dokument" in page
    assert response["ETag"]
    assert url("website:plan-document") in words(client.get(url("website:plan")))


def test_nobody_reads_the_document_of_a_plan_that_is_not_public(client: Client, plan: Plan) -> None:
    freeze(plan)
    plan.is_public = False
    plan.save()

    for name, args in (
        ("plan-document", ()),
        ("plan-version", (1,)),
        ("plan-document-pdf", ()),
        ("plan-version-docx", (1,)),
        ("plan-document-place", ("p-blo-abc",)),
    ):
        assert client.get(url(f"website:{name}", *args)).status_code == 404


def test_a_frozen_version_stays_while_work_goes_on(client: Client, plan: Plan) -> None:
    freeze(plan)
    deeds.change_block(
        Block.objects.get(),
        {"text_de": "<p>Ganz neuer Wortlaut hier.</p>"},
        seen_version=1,
        by=None,
        now=NOW,
    )

    old, new = (
        words(client.get(url("website:plan-version", 1))),
        words(client.get(url("website:plan-document"))),
    )

    assert "Erster Satz." in old
    assert "Erster Satz." not in new
    assert url("website:plan-version", 1) in new
    assert client.get(url("website:plan-version", 9)).status_code == 404


def test_a_measure_of_a_plan_that_is_not_public_is_named_inside_alone(
    client: Client, plan: Plan
) -> None:
    other = make_measure(make_plan(is_public=False), title_de="Noch geheimes Vorhaben")
    MeasureRelation.objects.create(
        measure=plan.measures.get(), kind=RelationKind.REPLACES, other=other
    )
    freeze(plan)

    for address in (url("website:plan-document"), url("website:plan-version", 1)):
        assert other.title_de not in words(client.get(address))
    client.force_login(make_user(Role.READER))
    assert other.title_de in words(client.get(url("reports:version-reading", 1)))


def test_a_picture_is_shown_as_long_as_a_public_document_shows_it(
    client: Client, plan: Plan
) -> None:
    block = figure(plan)
    address = url("website:plan-picture", block.picture_id)
    assert fetch(client, address) == PNG

    deeds.delete_block(block, reason="doppelt", by=None)
    assert client.get(address).status_code == 404


def test_a_picture_whose_file_is_gone_is_no_page(client: Client, plan: Plan) -> None:
    block = figure(plan)
    assert block.picture is not None
    Path(block.picture.file.path).unlink()

    assert client.get(url("website:plan-picture", block.picture_id)).status_code == 404
    client.force_login(make_user(Role.READER))
    assert client.get(url("plans:block-picture", block.pk)).status_code == 404


def test_a_picture_of_a_frozen_version_stays(client: Client, plan: Plan) -> None:
    block = figure(plan)
    freeze(plan)
    deeds.delete_block(block, reason="doppelt", by=None)

    assert fetch(client, url("website:plan-picture", block.picture_id)) == PNG
    assert f"/bild/{block.picture_id}/" in words(client.get(url("website:plan-version", 1)))


@pytest.mark.parametrize(("kind", "begin"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_everybody_downloads_the_document(
    client: Client, plan: Plan, kind: str, begin: bytes
) -> None:
    figure(plan)
    response = client.get(url(f"website:plan-document-{kind}"))
    assert response.content.startswith(begin)
    assert response["Content-Disposition"] == f'attachment; filename="sozialplan.{kind}"'

    again = client.get(
        url(f"website:plan-document-{kind}"), headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


def test_a_pdf_that_would_not_be_accessible_is_not_made(client: Client, plan: Plan) -> None:
    figure(plan, alt="")

    assert client.get(url("website:plan-document-pdf")).status_code == 404
    assert client.get(url("website:plan-document-docx")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.one_database
def test_the_page_needs_the_same_queries_for_any_length(
    client: Client, plan: Plan, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        make_block(make_chapter(plan))
        make_measure(plan)
    address = url("website:plan-document")
    client.get(address)
    # Whole pages and documents are kept; this one shall be made anew.
    caches["pages"].clear()

    with django_assert_num_queries(QUERIES_OF_A_DOCUMENT):
        client.get(address)


def test_a_version_frozen_without_chapters_can_be_read_all_the_same(client: Client) -> None:
    plan = make_plan(slug="sozialplan")
    make_measure(plan, title_de="Bürgerbus", starts_on=NOW.date())
    freeze(plan)

    page = words(client.get(url("website:plan-version", 1)))

    assert "Bürgerbus" in page
    assert 'id="k-measures"' in page
    # There is no document of today to lead to.
    assert url("website:plan-document") + '"' not in page
    assert client.get(url("website:plan-version-docx", 1)).status_code == 200


def test_the_document_speaks_the_words_of_the_scale_and_tells_the_local_day(
    client: Client, plan: Plan
) -> None:
    evaluation = Evaluation.objects.create(
        plan=plan,
        slug="runde",
        title_de="Zwischenstand",
        status=EvaluationStatus.CLOSED,
        scale=to_record(scale_of("four_steps")),
        # In Berlin it is the next day already.
        closed_at=datetime(2027, 6, 16, 22, 30, tzinfo=UTC),
    )
    Rating.objects.create(
        evaluation=evaluation,
        measure=plan.measures.get(),
        state=RatingState.RATED,
        share=Decimal(1),
        reason="Alles fertig.",
        author_name="Karl Bewerter",
        rated_at=NOW,
    )
    make_chapter(plan, kind=ChapterKind.EVALUATION, title_de="Auswertung", address="aus")

    page = words(client.get(url("website:plan-document")))

    assert "voll erreicht" in page
    assert "17.\xa0Juni 2027" in page
    assert "Alles fertig." not in page
    assert "Karl Bewerter" not in page


# --- workspace ---------------------------------------------------------------------------


def wait_for(address: str, client: Client) -> str:
    for _ in range(200):
        page = words(client.get(address, headers={"HX-Request": "true"}))
        if "hx-get" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError(page)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.usefixtures("plan")
def test_a_planner_makes_the_document_and_sees_how_far_it_is(client: Client, kind: str) -> None:
    client.force_login(make_user(Role.PLANNER))

    response = client.post(url(f"reports:plan-file-{kind}"))
    progress = response["Location"]
    page = wait_for(progress, client)

    assert "Das Dokument ist fertig." in page
    assert fetch(client, f"{progress}herunterladen/")[:4] in {b"%PDF", b"PK\x03\x04"}
    # The second click finds it at once.
    again = client.post(url(f"reports:plan-file-{kind}"))
    assert again["Location"] == progress
    assert "Das Dokument ist fertig." in words(client.get(progress))


def test_a_planner_is_told_why_there_is_no_pdf(client: Client, plan: Plan) -> None:
    figure(plan, alt="")
    client.force_login(make_user(Role.PLANNER))

    response = client.post(url("reports:plan-file-pdf"), follow=True)

    assert "Das PDF wäre nicht barrierefrei." in words(response)


@pytest.mark.usefixtures("plan")
def test_a_document_that_cannot_be_made_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> bytes:
        raise TypesettingError("kaputt")

    monkeypatch.setitem(actions.MAKERS, "pdf", refuse)
    client.force_login(make_user(Role.PLANNER))

    progress = client.post(url("reports:plan-file-pdf"))["Location"]

    assert "konnte nicht erstellt werden" in wait_for(progress, client)


def test_a_file_of_a_process_that_died_is_made_again(plan: Plan) -> None:
    document = live_source(plan, NOW).document()
    content = actions.make_now(plan.pk, document, "docx")
    job = actions.start(plan.pk, document, "docx")
    job.path.unlink()
    part = job.path.with_suffix(".docx.part")
    part.touch()
    before = job.state
    long_ago = time.time() - 2 * actions.DEAD_AFTER_SECONDS
    os.utime(part, (long_ago, long_ago))
    assert (before, job.state) == ("making", "unknown")

    actions.start(plan.pk, document, "docx")
    for _ in range(200):
        if job.state == "done":
            break
        time.sleep(0.1)
    assert job.state == "done"

    assert job.path.read_bytes()[:4] == content[:4]


def test_a_file_that_is_refused_while_asked_for_is_never_unknown(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = actions.Job(plan.pk, "b" * 40, "pdf")

    def refused_meanwhile(_part: object) -> bool:
        job.path.with_suffix(".pdf.refused").touch()
        return False

    monkeypatch.setattr(actions, "_is_alive", refused_meanwhile)

    assert job.state == "refused"


def test_the_plan_is_read_in_the_workspace_before_it_is_public(client: Client, plan: Plan) -> None:
    plan.is_public = False
    plan.save()
    freeze(plan)
    client.force_login(make_user(Role.READER))

    assert 'id="p-blo-abc"' in words(client.get(url("reports:plan-reading")))
    assert 'id="p-blo-abc"' in words(client.get(url("reports:version-reading", 1)))
    assert client.get(url("reports:plan-reading-part", 1)).status_code == 200
    assert client.get(url("reports:plan-reading-part", 9)).status_code == 404
    place = client.get(url("reports:plan-place", "p-blo-abc"))
    assert place["Location"].endswith("/kapitel/1/#p-blo-abc")


@pytest.mark.usefixtures("plan")
def test_strangers_neither_read_nor_make(client: Client) -> None:
    assert client.get(url("reports:plan-reading")).status_code == 302
    client.force_login(make_user())
    assert client.get(url("reports:plan-reading")).status_code == 403
    assert client.post(url("reports:plan-file-pdf")).status_code == 403


@pytest.mark.usefixtures("plan")
def test_an_invented_key_is_no_file(client: Client) -> None:
    client.force_login(make_user(Role.PLANNER))

    for key in ("erraten", "a" * 40):
        assert client.get(url("reports:plan-job", "pdf", key)).status_code == 404
        assert client.get(url("reports:plan-made", "pdf", key)).status_code == 404
    assert client.get(url("reports:plan-job", "exe", "a" * 40)).status_code == 404


# --- the command -------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "begin"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_command_writes_the_document(
    plan: Plan, tmp_path: Path, kind: str, begin: bytes
) -> None:
    file = tmp_path / f"plan.{kind}"

    call_command("export_plan", plan.slug, format=kind, output=str(file))

    assert file.read_bytes().startswith(begin)


def test_the_command_writes_a_frozen_version_in_another_language(
    plan: Plan, tmp_path: Path
) -> None:
    freeze(plan)
    Block.objects.update(text_de="<p>Ganz neuer Wortlaut hier.</p>")
    file = tmp_path / "plan.docx"

    call_command(
        "export_plan",
        plan.slug,
        format="docx",
        output=str(file),
        version_number=1,
        language="en",
    )

    word = docx.Document(str(file))
    assert "Erster Satz." in [paragraph.text for paragraph in word.paragraphs]
    assert word.core_properties.language == "en"


def test_the_command_refuses_what_cannot_be_made(plan: Plan) -> None:
    figure(plan, alt="")

    with pytest.raises(CommandError, match="nicht barrierefrei"):
        call_command("export_plan", plan.slug, format="pdf")
    with pytest.raises(CommandError, match="keine Fassung 4"):
        call_command("export_plan", plan.slug, format="docx", version_number=4)
    with pytest.raises(CommandError, match="nur als Word oder PDF"):
        call_command("export_plan", plan.slug, format="json", version_number=1)
    with pytest.raises(CommandError, match="noch kein Kapitel"):
        call_command("export_plan", make_plan().slug, format="docx")


def test_whoever_makes_a_public_document_tidies_up_what_was_made_long_ago(
    plan: Plan, client: Client
) -> None:
    folder = actions.Job(plan.pk, "c" * 40, "docx").path.parent

    old, new = folder / "1-alt.pdf", folder / "1-neu.pdf"
    for file in (old, new):
        file.touch()
    long_ago = time.time() - actions.KEPT_SECONDS - 60
    os.utime(old, (long_ago, long_ago))

    assert client.get(reverse("website:plan-document-docx", args=[plan.slug])).status_code == 200

    assert not old.exists()
    assert new.exists()
