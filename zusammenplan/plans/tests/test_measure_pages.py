"""The pages of one measure and its parts: for whom, what they show, what they do."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from zusammenplan.core.models import Attachment
from zusammenplan.core.tests.clients import signed_in, text
from zusammenplan.people.tests.factories import (
    make_organisation,
    make_planner,
    make_reader,
    make_user,
)
from zusammenplan.places.tests.factories import make_area
from zusammenplan.plans.choices import IndicatorKind, TermKind
from zusammenplan.plans.models import Measure, MeasureRelation
from zusammenplan.plans.queries.measure_page import file_line
from zusammenplan.plans.tests.factories import (
    make_cost,
    make_goal,
    make_indicator,
    make_measure,
    make_milestone,
    make_need,
    make_numeric_indicator,
    make_plan,
    make_term,
    make_value,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
LISTS = ["costs", "milestones", "indicators", "relations", "files"]


@pytest.fixture
def planner() -> Client:
    return signed_in(make_planner())


def url(name: str, measure: Measure, *parts: Any) -> str:
    return reverse(f"plans:measure-{name}", args=[measure.plan.slug, measure.pk, *parts])


def full_measure(**fields: Any) -> Measure:
    """Make a measure that has something of everything."""
    measure = make_measure(**fields)
    make_cost(measure)
    make_milestone(measure)
    make_indicator(measure)
    make_value(make_numeric_indicator(measure))
    MeasureRelation.objects.create(measure=measure, kind="blocks", other=make_measure())
    upload(signed_in(make_planner()), url("files", measure))
    return measure


def upload(client: Client, address: str, name: str = "a.txt", content: bytes = b"Hallo") -> Any:
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def every_page(measure: Measure) -> dict[str, str]:
    verbal = measure.indicators.get(kind=IndicatorKind.VERBAL)
    numeric = measure.indicators.get(kind=IndicatorKind.NUMERIC)
    value = numeric.values.get()
    attachment = Attachment.objects.get(object_id=measure.pk)
    parts = {
        "cost": (measure.costs.get().pk,),
        "cost-delete": (measure.costs.get().pk,),
        "milestone": (measure.milestones.get().pk,),
        "milestone-delete": (measure.milestones.get().pk,),
        "indicator": (verbal.pk,),
        "indicator-delete": (verbal.pk,),
        "indicator-files": (verbal.pk,),
        "indicator-add": ("in-zahlen",),
        "values": (numeric.pk,),
        "value": (numeric.pk, value.pk),
        "value-delete": (numeric.pk, value.pk),
        "relation": (measure.relations.get().pk,),
        "relation-delete": (measure.relations.get().pk,),
        "file": (attachment.pk,),
        "file-delete": (attachment.pk,),
        **dict.fromkeys(LISTS, ()),
    }
    return {name: url(name, measure, *found) for name, found in parts.items()}


# For whom; of every address and role config/tests/test_permissions.py tells


def test_a_planner_sees_every_page_and_every_section_alone(planner: Client) -> None:
    for name, address in every_page(full_measure()).items():
        response = planner.get(address)
        assert response.status_code == 200, name
        if not name.endswith("delete"):
            section = planner.get(address, headers=HTMX)
            assert "<html" not in text(section), name
            assert "<section" in text(section), name


def test_a_reader_sees_the_whole_measure_but_no_way_to_change_it() -> None:
    response = signed_in(make_reader()).get(url("detail", full_measure()))

    page = text(response)
    for word in ("Meilensteine", "Kosten", "Beziehungen", "Anlagen", "<svg"):
        assert word in page
    assert "bearbeiten" not in page
    assert 'method="post" action="/intern/plan/' not in page


@pytest.mark.one_database
def test_the_page_of_a_measure_asks_as_often_with_three_parts_as_with_one(
    planner: Client,
) -> None:
    measure = full_measure()
    planner.get(url("detail", measure))
    with CaptureQueriesContext(connection) as one:
        planner.get(url("detail", measure))
    for _number in range(2):
        make_cost(measure, source="Landkreis")
        make_milestone(measure)
        make_value(make_numeric_indicator(measure))
        make_value(make_numeric_indicator(measure), on=date(2025, 12, 31))
        MeasureRelation.objects.create(
            measure=make_measure(make_plan()), kind="blocks", other=measure
        )
        upload(planner, url("files", measure))
    with CaptureQueriesContext(connection) as three:
        planner.get(url("detail", measure))

    assert len(three) == len(one)


def test_the_history_tells_of_the_measure_and_all_its_parts() -> None:
    measure = full_measure()

    response = signed_in(make_reader()).get(url("history", measure))

    page = text(response)
    assert "Datei angehängt: a.txt" in page
    assert signed_in(make_user()).get(url("history", measure)).status_code == 403


# The form


def sent(measure: Measure, **fields: Any) -> dict[str, Any]:
    return {
        "version": measure.version,
        "number": measure.number,
        "title_de": measure.title_de,
        "status": measure.status,
        "field": measure.field_id,
        **fields,
    }


def test_the_form_keeps_everything_that_a_measure_can_have(planner: Client) -> None:
    measure = make_measure()
    goal, need = make_goal(measure.plan), make_need(measure.plan)
    group, situation = make_term(TermKind.TARGET_GROUP), make_term(TermKind.LIFE_SITUATION)
    area, office, contact = make_area(), make_organisation(name="Pflegekasse"), make_user()

    response = planner.post(
        url("change", measure),
        sent(
            measure,
            goals=[goal.pk],
            needs=[need.pk],
            areas=[area.pk],
            target_groups=[group.pk],
            life_situations=[situation.pk],
            partners=[office.pk],
            new_partners="Verein A; Verein B, Ortsgruppe",
            contact=contact.pk,
            starts_on="Mai 2027",
            ends_on="2029",
            status="dropped",
            status_reason="Kein Träger",
            title_easy="Hilfe",
            text_easy="Hier ist Hilfe.",
        ),
    )

    assert response.status_code == 302
    measure.refresh_from_db()
    assert [list(one.all()) for one in (measure.goals, measure.needs, measure.areas)] == [
        [goal],
        [need],
        [area],
    ]
    assert {one.name for one in measure.partners.all()} == {
        "Pflegekasse",
        "Verein A",
        "Verein B, Ortsgruppe",
    }
    assert (measure.starts_on, measure.ends_on) == (date(2027, 5, 1), date(2029, 12, 31))
    assert measure.contact == contact
    assert measure.status_on is not None
    assert measure.title_easy == "Hilfe"


def test_a_status_without_its_reason_is_told_beside_the_field(planner: Client) -> None:
    measure = make_measure()

    response = planner.post(url("change", measure), sent(measure, status="not_done"))

    assert "Dieser Status braucht eine Begründung." in text(response)


def test_a_goal_of_another_plan_cannot_be_picked(planner: Client) -> None:
    measure = make_measure()

    response = planner.post(url("change", measure), sent(measure, goals=[make_goal().pk]))

    assert "nicht mehr da" in text(response)
    assert not measure.goals.exists()


def test_a_second_editor_sees_the_links_of_the_first_and_keeps_the_own(planner: Client) -> None:
    measure = make_measure()
    mine, theirs = make_goal(measure.plan), make_goal(measure.plan)
    planner.post(url("change", measure), sent(measure, goals=[theirs.pk]))

    response = planner.post(url("change", measure), sent(measure, goals=[mine.pk]))

    page = text(response)
    assert "Jemand anderes war schneller" in page
    assert f"<td>{theirs}</td><td>{mine}</td>" in page
    assert re.search(rf'value="{mine.pk}"[^>]*checked', page)


@pytest.mark.parametrize(
    ("name", "said"),
    [("text_de", "Sehr schwer lesbar, etwa 15. Schuljahr"), ("text_easy", "Leichte Sprache soll")],
)
def test_the_form_says_while_one_writes_how_easily_a_text_is_read(
    planner: Client, name: str, said: str
) -> None:
    address = reverse("plans:measure-ease", args=[make_plan().slug])
    hard = "Die Beratung ist kostenfrei und unabhängig."

    assert said in text(planner.post(address, {name: hard}))
    assert "Ab fünf Wörtern" in text(planner.post(address, {name: "kurz"}))
    assert signed_in(make_reader()).post(address, {name: hard}).status_code == 403


# Costs


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "-5"}, "nicht negativ"),
        ({"amount": "1,234"}, "höchstens 2 Stellen"),
        ({"amount": "viel"}, "keine Zahl"),
        ({"amount": "5", "year": "20027"}, "„20027“ ist kein Jahr"),
        ({"amount": "5", "source": "x" * 300}, "120 Zeichen"),
        ({"amount": ""}, "Dieses Feld ist"),
    ],
)
def test_wrong_costs_are_told_in_a_sentence(
    planner: Client, typed: dict[str, str], said: str
) -> None:
    measure = make_measure()

    response = planner.post(url("costs", measure), typed)

    assert said in text(response)
    assert not measure.costs.exists()


def test_costs_are_added_up_by_year_and_source(planner: Client) -> None:
    measure = make_measure()
    for amount, year, source in (
        ("68.400,00", "2027", "Land"),
        ("29314,29", "2027", "Landkreis"),
        ("1.000", "", "Land"),
    ):
        planner.post(url("costs", measure), {"amount": amount, "year": year, "source": source})

    page = text(planner.get(url("detail", measure)))

    assert "97.714,29 €" in page
    assert "69.400,00 €" in page
    assert "98.714,29 €" in page
    assert "ohne Jahr" in page


def test_a_second_editor_of_an_amount_sees_the_first_one_s(planner: Client) -> None:
    measure = make_measure()
    cost = make_cost(measure)
    address = url("cost", measure, cost.pk)
    planner.post(address, {"amount": "5", "version": 1})

    response = planner.post(address, {"amount": "6", "version": 1})

    assert "Jemand anderes war schneller" in text(response)
    planner.post(address, {"amount": "6", "version": 2})
    cost.refresh_from_db()
    assert cost.amount == Decimal("6.00")


# Milestones


def test_a_moved_milestone_shows_what_moved_and_why(planner: Client) -> None:
    measure = make_measure()
    planner.post(url("milestones", measure), {"title_de": "Eröffnung", "due_on": "April 2027"})
    milestone = measure.milestones.get()
    address = url("milestone", measure, milestone.pk)
    moved = {"title_de": "Eröffnung", "due_on": "Juni 2027", "version": 1}

    assert "Sagen Sie, warum" in text(planner.post(address, moved))
    planner.post(address, {**moved, "moved_reason": "Der Umbau dauert länger."})

    page = text(planner.get(url("detail", measure)))
    assert "zuerst fällig April 2027, verschoben auf Juni 2027: Der Umbau dauert länger." in page
    assert "Meilenstein verschoben: Eröffnung" in page


def test_a_late_milestone_is_marked_and_reached_from_the_page(planner: Client) -> None:
    measure = make_measure()
    milestone = make_milestone(measure, due_on=date(2020, 6, 30))
    assert "überfällig seit Juni 2020" in text(planner.get(url("detail", measure)))

    response = planner.post(
        url("milestone-done", measure, milestone.pk), {"done": "yes", "back": "measure"}
    )

    assert response["Location"] == f"{url('detail', measure)}#milestones"
    page = text(planner.get(url("detail", measure)))
    assert "überfällig" not in page
    assert "1 von 1" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title_de": "x" * 300}, "200 Zeichen"),
        ({"title_de": "Neu", "due_on": "1.1.20027"}, "vier Ziffern"),
        ({"title_de": "Neu", "due_on": "31.2.2027"}, "gibt es im Kalender nicht"),
        ({"title_de": "Neu", "due_on": "Oktober"}, "das Jahr"),
        ({"title_de": "Neu", "due_on": "irgendwann"}, "nicht verständlich"),
    ],
)
def test_wrong_milestones_are_told_in_a_sentence(
    planner: Client, typed: dict[str, str], said: str
) -> None:
    measure = make_measure()

    assert said in text(planner.post(url("milestones", measure), typed))
    assert not measure.milestones.exists()


@pytest.mark.parametrize("title", ["Eröffnung 💚", "مركز الرعاية", "<script>alert(1)</script>"])
def test_any_title_is_shown_as_it_was_typed(planner: Client, title: str) -> None:
    measure = make_measure()

    planner.post(url("milestones", measure), {"title_de": title})

    page = text(planner.get(url("detail", measure)))
    assert title.replace("<", "&lt;").replace(">", "&gt;") in page


# Indicators


def test_values_are_drawn_against_the_target_with_their_table(planner: Client) -> None:
    measure = make_measure()
    add = url("indicator-add", measure, "in-zahlen")
    planner.post(
        add,
        {
            "text_de": "Beratungen",
            "unit": "Beratungen",
            "baseline": "140",
            "baseline_on": "2023",
            "target": "500",
            "target_on": "2029",
        },
    )
    indicator = measure.indicators.get()
    values = url("values", measure, indicator.pk)
    planner.post(values, {"on": "2024", "value": "1.168,5"})
    response = planner.post(values, {"on": "2024", "value": "1"})
    assert "gibt es schon einen Wert" in text(response)
    planner.post(values, {"on": "2026", "value": "221"})

    page = text(planner.get(url("detail", measure)))

    assert "221 von 500 Beratungen: 22 % des Wegs sind geschafft" in page
    assert 'role="img"' in page
    assert "2024: 1.168,5; 2026: 221. Ziel 2029: 500." in page
    assert '<th scope="row">2023 (Ausgangswert)</th><td class="is-num">140</td>' in page


def test_there_are_never_fewer_people_than_none(planner: Client) -> None:
    measure = make_measure()
    add = url("indicator-add", measure, "in-zahlen")
    typed = {"text_de": "Besuche im Treff", "unit": "Personen", "baseline": "-3", "target": "-12"}

    page = text(planner.post(add, typed))

    assert page.count("Weniger als null gibt es davon nicht.") == 4
    assert 'id="id_target_error"' in page
    assert not measure.indicators.exists()
    planner.post(add, {**typed, "text_de": "Überschuss der Zuzüge"})
    assert measure.indicators.get().target == -12


def test_nor_are_fewer_noted_as_a_value(planner: Client) -> None:
    measure = make_measure()
    counted = make_numeric_indicator(measure)
    change = make_numeric_indicator(measure, unit="% mehr")

    refused = planner.post(url("values", measure, counted.pk), {"on": "2026", "value": "-12"})
    planner.post(url("values", measure, change.pk), {"on": "2026", "value": "-12"})

    assert 'id="id_value_error"' in text(refused)
    assert not counted.values.exists()
    assert change.values.get().value == -12


def test_a_kind_is_not_changed_if_something_would_be_lost(planner: Client) -> None:
    measure = make_measure()
    indicator = make_numeric_indicator(measure)

    response = planner.post(url("indicator-kind", measure, indicator.pk), follow=True)

    assert "weil dies verloren ginge: Maßeinheit" in text(response)


def test_the_picture_is_told_in_english_too(planner: Client) -> None:
    measure = make_measure()
    make_value(make_numeric_indicator(measure))
    with translation.override("en"):
        address = url("detail", measure)

    page = text(planner.get(address, headers={"accept-language": "en"}))

    assert "of the way is done" in page
    assert "des Wegs sind geschafft" not in page


def test_an_unknown_kind_of_indicator_is_not_found(planner: Client) -> None:
    assert planner.get(url("indicator-add", make_measure(), "in-farbe")).status_code == 404


# Relations


def test_a_relation_is_found_noted_and_shown_on_both_sides(planner: Client) -> None:
    measure = make_measure()
    other = make_measure(make_plan(title_de="Sozialplan 2021"), title_de="Öffnung der Ämter")

    found = planner.get(url("relations", measure), {"q": "öffnung"})
    assert "Sozialplan 2021" in text(found)
    planner.post(
        url("relations", measure), {"q": "öffnung", "kind": "continues", "other": other.pk}
    )

    assert "führt fort" in text(planner.get(url("detail", measure)))
    assert "wird fortgeführt durch" in text(planner.get(url("detail", other)))
    again = planner.post(
        url("relations", other), {"q": measure.title_de, "kind": "continues", "other": measure.pk}
    )
    assert "schon vermerkt" in text(again)


def test_a_relation_to_itself_or_to_nothing_is_refused(planner: Client) -> None:
    measure = make_measure()
    address = url("relations", measure)

    itself = planner.post(address, {"kind": "blocks", "other": measure.pk, "q": "x"})
    assert "keine Beziehung zu sich selbst" in text(itself)
    assert "wählen Sie sie aus" in text(planner.post(address, {"kind": "blocks", "q": "x"}))


# Files


def test_a_file_is_of_the_day_on_which_it_was_added_here() -> None:
    late = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)

    line = file_line(Attachment(name="Notiz.txt", kind="text/plain", size=5, added_at=late))

    assert line.facts.endswith("2. März 2027") or line.facts.endswith("02.03.2027")


def test_a_file_is_handed_out_to_readers_and_to_nobody_else(
    planner: Client, client: Client
) -> None:
    measure = make_measure()
    upload(planner, url("files", measure), "Konzept.pdf", b"%PDF-1.7 ...")
    attachment = Attachment.objects.get()
    address = url("file-download", measure, attachment.pk)

    response = signed_in(make_reader()).get(address)

    assert b"".join(response) == b"%PDF-1.7 ..."
    assert response["Content-Disposition"] == 'attachment; filename="Konzept.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(address).status_code == 302
    assert signed_in(make_user()).get(address).status_code == 403
    other = make_measure()
    assert planner.get(url("file-download", other, attachment.pk)).status_code == 404
    planner.post(url("file-delete", measure, attachment.pk), {"reason": "veraltet"})
    assert planner.get(address).status_code == 404
    assert Attachment.objects.get().removed_at is not None


def test_a_dangerous_file_is_refused_in_a_sentence(planner: Client) -> None:
    response = upload(planner, url("files", make_measure()), "Bild.svg", b"<svg/>")

    assert "Diese Art von Datei wird nicht angenommen" in text(response)
    assert not Attachment.objects.exists()


def test_evidence_of_an_indicator_stands_beside_it(planner: Client) -> None:
    measure = make_measure()
    indicator = make_indicator(measure)

    upload(planner, url("indicator-files", measure, indicator.pk), "Nachweis.txt")

    attachment = Attachment.objects.get()
    assert attachment.record == indicator
    assert url("file-download", measure, attachment.pk) in text(planner.get(url("detail", measure)))
    changed = planner.post(
        url("file", measure, attachment.pk),
        {"description": "Schreiben", "is_public": "on", "version": 1},
    )
    assert changed["Location"].endswith("#indicators")
    assert "Schreiben" in text(planner.get(url("detail", measure)))


@pytest.mark.parametrize(
    ("name", "parts", "section"),
    [
        ("cost-delete", "costs", "costs"),
        ("milestone-delete", "milestones", "milestones"),
        ("indicator-delete", "indicators", "indicators"),
        ("relation-delete", "relations", "relations"),
    ],
)
def test_removing_a_part_asks_for_the_reason(
    planner: Client, name: str, parts: str, section: str
) -> None:
    measure = full_measure()
    part = getattr(measure, parts).first()
    count = getattr(measure, parts).count()
    address = url(name, measure, part.pk)

    assert planner.post(address, {"reason": ""}).status_code == 200
    response = planner.post(address, {"reason": "entfällt"})

    assert response["Location"] == f"{url('detail', measure)}#{section}"
    assert getattr(measure, parts).count() == count - 1
    assert part.__class__.history.filter(history_type="-").get().history_change_reason == "entfällt"


def test_deeds_and_names_that_are_german_say_so_on_an_english_page(planner: Client) -> None:
    measure = make_measure(title_de="Beraten")
    change, detail = url("change", measure), url("detail", measure)
    milestones = url("milestones", measure)
    for prefix, number in (("", "7.1"), ("/en", "7.2")):
        typed = {"version": measure.version, "number": number, "title_de": "Beraten"}
        planner.post(prefix + change, {**typed, "status": "planned"})
        measure.refresh_from_db()

    added = text(planner.post(f"/en{milestones}", {"title_de": "Bescheid liegt vor"}, follow=True))
    page = text(planner.get(f"/en{detail}"))

    assert '“<span lang="de">Bescheid liegt vor</span>” is added.' in added
    assert '<span lang="de">Maßnahme geändert</span>' in page
    assert "</span>Measure changed" in page
    assert "\x03" not in page
    assert "Measure changed" in text(planner.get(detail))
