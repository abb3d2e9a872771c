"""The pages of plans: for whom, what they show, what they do."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.core.index import rebuild
from zusammenplan.core.tests.clients import sentences, signed_in, text
from zusammenplan.people.tests.factories import (
    make_organisation,
    make_planner,
    make_reader,
)
from zusammenplan.plans import actions
from zusammenplan.plans.models import FieldOfAction, Measure, Plan
from zusammenplan.plans.queries.plans import period_label
from zusammenplan.plans.tests.factories import (
    make_evaluation,
    make_evaluation_item,
    make_field,
    make_measure,
    make_plan,
    make_rating,
)

pytestmark = pytest.mark.django_db

READ = ["plan-list", "plan-detail", "measure-list", "measure-detail", "plan-export"]


def url(name: str, measure: Measure) -> str:
    if name in {"plan-list", "plan-add"}:
        return reverse(f"plans:{name}")
    if name == "plan-export":
        return reverse("plans:plan-export", args=[measure.plan.slug, "csv"])
    of_one = name.startswith(("field", "measure")) and not name.endswith(("add", "list", "bulk"))
    pk = measure.field_id if name.startswith("field") else measure.pk
    return reverse(f"plans:{name}", args=[measure.plan.slug, *([pk] if of_one else [])])


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


# For whom; of every address and role config/tests/test_permissions.py tells


def test_whoever_only_reads_finds_no_button() -> None:
    measure = make_measure()
    make_plan(is_public=False)
    reader = signed_in(make_reader())

    for name in READ:
        response = reader.get(url(name, measure))
        assert response.status_code == 200, name
        page = b"".join(response) if response.streaming else response.content
        assert b"bearbeiten/" not in page, name
        assert b'method="post" action="/intern/plan/' not in page, name


# Queries


@pytest.mark.parametrize(
    "name", ["plan-list", "plan-detail", "measure-list", "plan-export", "plan-renumber"]
)
@pytest.mark.one_database
def test_a_page_asks_as_often_for_three_rows_as_for_one(planner: Client, name: str) -> None:
    plan = make_plan()
    first = make_measure(plan, responsible=make_organisation())
    planner.get(url(name, first))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = planner.get(url(name, first))
            _ = b"".join(response) if response.streaming else response.content
        return len(queries)

    once = asked()
    for _ in range(2):
        make_measure(plan, responsible=make_organisation())
        make_plan()

    assert asked() == once


# Plans


def test_a_plan_is_added(planner: Client) -> None:
    response = planner.post(reverse("plans:plan-add"), {"title_de": "Sozialplan 2027"})

    plan = Plan.objects.get()
    assert response["Location"] == reverse("plans:plan-detail", args=["sozialplan-2027"])
    assert not plan.is_public


def test_a_plan_without_a_title_is_refused_at_the_field(planner: Client) -> None:
    response = planner.post(reverse("plans:plan-add"), {"summary_de": "Viel Text"})

    assert 'href="#id_title_de"' in text(response)
    assert "Viel Text" in text(response)


def test_a_taken_address_is_refused_at_the_field(planner: Client) -> None:
    plan, other = make_plan(slug="alt"), make_plan(slug="anders")
    typed = {"title_de": "Plan", "slug": plan.slug, "version": "1"}

    for address in (reverse("plans:plan-add"), reverse("plans:plan-change", args=[other.slug])):
        assert 'id="id_slug_error"' in text(planner.post(address, typed))


def test_a_plan_is_published(planner: Client) -> None:
    plan = make_plan(is_public=False)
    typed = {"title_de": plan.title_de, "is_public": "on", "version": "1"}

    planner.post(reverse("plans:plan-change", args=[plan.slug]), typed)

    plan.refresh_from_db()
    assert (plan.is_public, plan.version) == (True, 2)


def test_the_form_of_the_plan_leaves_its_status_alone(planner: Client) -> None:
    plan = make_plan(status="committee")
    typed = {"title_de": "Anders", "status": "in_force", "version": "1"}

    planner.post(reverse("plans:plan-change", args=[plan.slug]), typed)

    plan.refresh_from_db()
    assert (plan.title_de, plan.status) == ("Anders", "committee")


def test_the_second_editor_of_a_plan_sees_both_values(planner: Client) -> None:
    plan = make_plan(title_de="Alt")
    actions.change_plan(plan, {"title_de": "Von Jost", "is_public": False}, seen_version=1, by=None)

    response = planner.post(
        reverse("plans:plan-change", args=[plan.slug]),
        {"title_de": "Von Ines", "is_public": "on", "version": "1"},
    )

    assert "<td>Von Jost</td><td>Von Ines</td>" in text(response)
    assert 'name="version" value="2"' in text(response)


def test_a_plan_is_deleted_only_with_a_reason(planner: Client) -> None:
    plan = make_plan()
    address = reverse("plans:plan-delete", args=[plan.slug])

    assert planner.post(address, {"reason": " "}).status_code == 200
    assert planner.post(address, {"reason": "Doppelt"})["Location"] == reverse("plans:plan-list")
    assert not Plan.objects.exists()


def test_a_refused_deletion_says_why(planner: Client) -> None:
    measure = make_measure()
    make_rating(make_evaluation_item(make_evaluation(measure.plan), measure))

    for name in ("measure-delete", "plan-delete", "field-delete"):
        response = planner.post(url(name, measure), {"reason": "Weg damit"})
        assert 'role="alert"' in text(response), name
    assert Measure.objects.exists()


def test_a_plan_that_is_superseded_shows_its_last_step(planner: Client) -> None:
    plan = make_plan(status="superseded")

    assert 'aria-current="step"' in text(
        planner.get(reverse("plans:plan-detail", args=[plan.slug]))
    )


def test_measures_without_a_field_are_counted_on_the_plan_too(planner: Client) -> None:
    plan = make_plan()
    measure = Measure.objects.create(plan=plan, number="Z", title_de="Ohne Feld angelegt")

    page = text(planner.get(reverse("plans:plan-detail", args=[plan.slug])))

    row = page.partition("gliederung/?auf=f0#f0")[2].partition("</tr>")[0]
    assert 'data-label="Maßnahmen">1</td>' in row
    assert planner.get(url("measure-detail", measure)).status_code == 200


def test_measures_are_numbered_after_a_preview(planner: Client) -> None:
    plan = make_plan()
    make_measure(plan, field=make_field(plan, code="4"), number="8.8")
    address = reverse("plans:plan-renumber", args=[plan.slug])

    assert "8.8" in text(planner.get(address))
    planner.post(address)
    assert plan.measures.get().number == "4.1"
    assert "8.8" not in text(planner.get(address))
    assert planner.post(address).status_code == 302


def test_numbers_that_are_taken_are_refused_with_a_sentence(planner: Client) -> None:
    plan = make_plan()
    make_measure(plan, field=make_field(plan, code="4"), number="8.8")
    Measure.objects.create(plan=plan, number="4.1", title_de="Ohne Feld")

    response = planner.post(reverse("plans:plan-renumber", args=[plan.slug]))

    assert "4.1" in text(response)
    assert 'role="alert"' in text(response)


# Fields


def test_a_field_is_added_changed_moved_and_deleted(planner: Client) -> None:
    plan = make_plan()
    for code in ("1", "2"):
        planner.post(
            reverse("plans:field-add", args=[plan.slug]), {"code": code, "name_de": f"Feld {code}"}
        )
    first, second = FieldOfAction.objects.order_by("position")

    planner.post(
        reverse("plans:field-change", args=[plan.slug, first.pk]),
        {"code": "A", "name_de": "Bildung", "version": "1"},
    )
    planner.post(reverse("plans:field-move", args=[plan.slug, second.pk]), {"direction": "up"})
    planner.post(reverse("plans:field-move", args=[plan.slug, second.pk]), {"direction": "up"})
    assert [str(field) for field in plan.fields.order_by("position")] == ["2 Feld 2", "A Bildung"]

    planner.post(reverse("plans:field-delete", args=[plan.slug, second.pk]), {"reason": "Zu viel"})
    assert plan.fields.count() == 1


def test_a_taken_code_is_refused_at_the_field(planner: Client) -> None:
    field = make_field(code="2")
    other = make_field(field.plan, code="3")
    typed = {"code": "2", "name_de": "Noch eines", "version": "1"}

    for address in (
        reverse("plans:field-add", args=[field.plan.slug]),
        reverse("plans:field-change", args=[field.plan.slug, other.pk]),
    ):
        assert 'id="id_code_error"' in text(planner.post(address, typed))


def test_the_second_editor_of_a_field_sees_both_values(planner: Client) -> None:
    field = make_field(code="2")
    actions.change_field(field, {"name_de": "Von Jost"}, seen_version=1, by=None)

    response = planner.post(
        reverse("plans:field-change", args=[field.plan.slug, field.pk]),
        {"code": "2", "name_de": "Von Ines", "version": "1"},
    )

    assert "<td>Von Jost</td><td>Von Ines</td>" in text(response)


# Measures


def typed_measure(**fields: str) -> dict[str, str]:
    return {"number": "1.1", "title_de": "Pflegestützpunkt", "status": "planned", **fields}


def test_a_measure_is_added_to_the_wanted_field(planner: Client) -> None:
    field = make_field(code="2")
    address = reverse("plans:measure-add", args=[field.plan.slug])

    page = text(planner.get(f"{address}?field={field.pk}"))
    planner.post(address, typed_measure(field=str(field.pk), responsible="Sozialamt"))

    assert 'value="2.1"' in page
    measure = Measure.objects.get()
    assert (measure.field, str(measure.responsible)) == (field, "Sozialamt")


def test_a_taken_number_is_refused_at_the_field_and_nothing_is_lost(planner: Client) -> None:
    measure = make_measure(number="1.1")
    other = make_measure(measure.plan, number="1.2")

    for address in (
        reverse("plans:measure-add", args=[measure.plan.slug]),
        url("measure-change", other),
    ):
        page = text(planner.post(address, typed_measure(text_de="Viel Text", version="1")))
        assert 'id="id_number_error"' in page
        assert "Viel Text" in page


def test_a_measure_is_changed(planner: Client) -> None:
    measure = make_measure()

    response = planner.post(
        url("measure-change", measure), typed_measure(period_text="ab Mai 2027", version="1")
    )

    measure.refresh_from_db()
    assert response["Location"] == url("measure-detail", measure)
    assert (measure.title_de, measure.period_text) == ("Pflegestützpunkt", "ab Mai 2027")


def test_the_second_editor_of_a_measure_keeps_the_input_and_may_save_then(planner: Client) -> None:
    measure = make_measure(number="1.1", title_de="Alt", field=make_field())
    plan = measure.plan
    Measure.objects.filter(pk=measure.pk).update(field=None)
    actions.change_measure(
        Measure.objects.get(pk=measure.pk),
        {"title_de": "Von Jost", "status": "done", "responsible": "Jugendamt"},
        seen_version=1,
        by=None,
    )
    typed = typed_measure(title_de="Von Ines", starts_on="01.01.2027")

    clash = text(planner.post(url("measure-change", measure), {**typed, "version": "1"}))

    assert "<td>Von Jost</td><td>Von Ines</td>" in clash
    assert 'value="Von Ines"' in clash
    assert 'name="version" value="2"' in clash
    assert Measure.objects.get(plan=plan).title_de == "Von Jost"
    planner.post(url("measure-change", measure), {**typed, "version": "2"})
    assert Measure.objects.get(plan=plan).title_de == "Von Ines"


@pytest.mark.parametrize("version", ["", "abc", "0", "99"])
def test_a_version_that_nobody_saw_overwrites_nothing(planner: Client, version: str) -> None:
    measure = make_measure(title_de="Alt")

    planner.post(url("measure-change", measure), typed_measure(version=version))

    measure.refresh_from_db()
    assert measure.title_de == "Alt"


def test_a_measure_is_moved_by_buttons(planner: Client) -> None:
    plan = make_plan()
    field, other = make_field(plan), make_field(plan)
    first = make_measure(plan, field=field, number="1")
    make_measure(plan, field=field, number="2")

    planner.post(url("measure-move", first), {"direction": "down"})
    assert [m.number for m in plan.measures.in_order()] == ["2", "1"]
    planner.post(url("measure-move", first), {"direction": "down"})
    assert [m.number for m in plan.measures.in_order()] == ["2", "1"]
    response = planner.post(url("measure-move", first), {"field": str(other.pk)})
    first.refresh_from_db()
    assert first.field == other
    assert response["Location"].endswith(f"?auf=f{other.pk}#m{first.pk}")


def test_a_measure_is_deleted(planner: Client) -> None:
    measure = make_measure()

    planner.post(url("measure-delete", measure), {"reason": "Doppelt"})

    assert not Measure.objects.exists()


def test_a_measure_shows_priority_source_and_origin(planner: Client) -> None:
    measure = make_measure(
        priority_degree="1.5",
        priority_round="Abstimmung 2027",
        priority_on="2027-06-16",
        source="Sozialraumkonferenz",
        is_additional=True,
    )

    page = text(planner.get(url("measure-detail", measure)))

    assert "Abstimmung 2027" in page
    assert "1,5" in page
    assert "Sozialraumkonferenz" in page
    assert "während einer Abstimmung vorgeschlagen" in page


def test_only_a_published_measure_leads_to_its_public_page(planner: Client) -> None:
    public, draft = make_measure(), make_measure(make_plan(is_public=False))

    for measure, leads in ((public, True), (draft, False)):
        link = f'href="/plan/{measure.plan.slug}/massnahme/{measure.pk}/"'
        assert (link in text(planner.get(url("measure-detail", measure)))) is leads
        plan_page = text(planner.get(url("plan-detail", measure)))
        assert (f'href="/plan/{measure.plan.slug}/"' in plan_page) is leads


# The list


def test_htmx_gets_the_table_alone(planner: Client) -> None:
    measure = make_measure(title_de="Bürgerbus")
    address = url("measure-list", measure)

    whole, part = planner.get(address), planner.get(address, headers={"HX-Request": "true"})

    assert "</html>" in text(whole)
    assert text(part).strip().startswith('<div id="measures">')
    assert "Bürgerbus" in text(part)
    assert "HX-Request" in part["Vary"]


def test_the_list_shows_fifty_a_page(planner: Client) -> None:
    plan = make_plan()
    field = make_field(plan)
    Measure.objects.bulk_create(
        Measure(plan=plan, field=field, number=str(n), title_de=f"Maßnahme {n}", position=n)
        for n in range(51)
    )
    address = reverse("plans:measure-list", args=[plan.slug])

    assert text(planner.get(address)).count('name="pick"') == 50
    assert text(planner.get(f"{address}?page=2")).count('name="pick"') == 1
    for wrong in ("abc", "-3", "9999"):
        assert planner.get(f"{address}?page={wrong}").status_code == 200


def test_each_filter_can_be_taken_away(planner: Client) -> None:
    measure = make_measure()

    page = text(planner.get(f"{url('measure-list', measure)}?q=Pflege&status=done&sort=-degree"))

    assert 'href="?status=done&amp;sort=-degree"' in page
    assert 'name="sort" value="-degree" form="filter"' in page


def test_an_empty_list_says_what_to_do(planner: Client) -> None:
    plan = make_plan()
    address = reverse("plans:measure-list", args=[plan.slug])

    assert "zp-empty" in text(planner.get(address))
    assert "zp-empty" in text(planner.get(f"{address}?q=nichts"))


@pytest.mark.parametrize(
    "typed", [{}, {"deed": "status", "status": "done"}, {"pick": "x", "deed": "status"}]
)
def test_without_a_pick_nothing_happens_and_a_sentence_says_so(
    planner: Client, typed: dict[str, str]
) -> None:
    measure = make_measure()

    response = planner.post(url("measure-bulk", measure), typed)

    assert len(sentences(response)) == 1
    measure.refresh_from_db()
    assert measure.version == 1


# Downloads


def test_the_download_holds_what_the_list_shows(planner: Client) -> None:
    measure = make_measure(title_de="Bürgerbus")
    make_measure(measure.plan, title_de="Pflege")
    rebuild()

    response = planner.get(f"{url('plan-export', measure)}?q=Pflege")

    content = b"".join(response).decode("utf-8-sig")
    assert "Pflege" in content
    assert "Bürgerbus" not in content
    assert 'filename="' in response["Content-Disposition"]


def test_the_whole_plan_comes_as_json_and_as_a_workbook(planner: Client) -> None:
    measure = make_measure()

    document = planner.get(reverse("plans:plan-export", args=[measure.plan.slug, "json"]))
    workbook = planner.get(reverse("plans:plan-export", args=[measure.plan.slug, "xlsx"]))

    assert json.loads(document.content)["measures"][0]["number"] == measure.number
    assert b"".join(workbook).startswith(b"PK")
    workbook.close()


def test_an_unknown_kind_of_download_is_not_found(planner: Client) -> None:
    address = reverse("plans:plan-export", args=[make_plan().slug, "exe"])

    assert planner.get(address).status_code == 404


# Words


def test_a_period_is_written_in_the_language_of_the_page() -> None:
    measure = make_measure(period_text="seit 2019", starts_on="2019-01-01")
    measure.refresh_from_db()
    days = (measure.starts_on, measure.ends_on)

    assert period_label("seit 2019", *days) == "seit 2019"
    with translation.override("en"):
        assert period_label("seit 2019", *days) == "from 2019"
        assert period_label("laufend", None, None) == "laufend"
        assert period_label("", None, days[0]).startswith("until ")
        assert period_label("2019–2020", days[0], date(2020, 12, 31)) == "2019 to 2020"
        assert period_label("", None, None) == ""
        assert period_label("", days[0], days[0]) != ""
