"""A quantity says of which other it is a part; what it gave away is hidden from then on."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from zusammenplan.core.history import changes
from zusammenplan.indicators.actions.catalogue import load_catalogue
from zusammenplan.indicators.actions.figures import recompute
from zusammenplan.indicators.actions.imports import Wishes, take_over, undo_import
from zusammenplan.indicators.actions.quantities import (
    NotAPartError,
    add_quantity,
    change_quantity,
)
from zusammenplan.indicators.models import Observation, Quantity
from zusammenplan.indicators.tests import files
from zusammenplan.indicators.tests.factories import make_observation, make_quantity
from zusammenplan.places.tests.factories import make_area_version

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


def link(part: Quantity, total: Quantity | None) -> Quantity:
    return change_quantity(part, {"part_of": total}, [], seen_version=part.version, by=None)


def test_quantity_is_no_part_of_itself_nor_of_its_own_parts() -> None:
    total, part, within = make_quantity(), make_quantity(), make_quantity()
    link(part, total)
    link(within, part)

    with pytest.raises(NotAPartError, match="von sich selbst"):
        link(total, total)
    with pytest.raises(NotAPartError, match="umgekehrt"):
        link(total, within)
    with pytest.raises(IntegrityError), transaction.atomic():
        Quantity.objects.filter(pk=total.pk).update(part_of=total)


@pytest.mark.parametrize("name", ["is_additive", "is_confidential"])
def test_only_secret_counts_have_parts_and_are_parts(name: str) -> None:
    total, part = make_quantity(), make_quantity()
    other = make_quantity(**{name: False})
    part = link(part, total)

    with pytest.raises(NotAPartError):
        link(make_quantity(), other)
    with pytest.raises(NotAPartError):
        link(other, total)
    with pytest.raises(NotAPartError):
        add_quantity({"code": "neu", "name_de": "Neu", "part_of": other}, [], by=None)
    for one in (total, part):
        with pytest.raises(NotAPartError):
            change_quantity(one, {name: False}, [], seen_version=one.version, by=None)
    # A part no longer, it may become anything.
    values = {"part_of": None, name: False}
    change_quantity(part, values, [], seen_version=part.version, by=None)


def test_part_that_is_told_hides_what_gave_it_away() -> None:
    area = make_area_version()
    total, small, large = [make_quantity(code=code) for code in ("all", "few", "most")]
    for quantity, value in ((total, 12), (small, 2), (large, 10)):
        make_observation(quantity, area, value)
    recompute()
    assert hidden() == {"few"}

    small = link(small, total)
    assert hidden() == {"few"}
    large = link(large, total)

    assert hidden() > {"few"}
    # Who kept the state before could not say otherwise, and what was hidden stays so.
    link(large, None)
    assert hidden() > {"few"}


def hidden() -> set[str]:
    return set(Observation.objects.exclude(secrecy="").values_list("quantity__code", flat=True))


def test_catalogue_tells_its_parts_only_where_the_total_is_a_secret_count() -> None:
    make_quantity(code="sgb2_persons", is_confidential=False)

    load_catalogue()

    of_cases = Quantity.objects.filter(code__regex="^(care|sgb2)_").exclude(part_of=None)
    part_of = dict(of_cases.values_list("code", "part_of__code"))
    assert part_of == dict.fromkeys(
        ("care_ambulatory", "care_inpatient", "care_at_home"), "care_recipients"
    )


def test_update_says_what_the_program_knew_by_itself() -> None:
    load_catalogue()
    of_cases = Quantity.objects.filter(code__regex="^(care|sgb2)_")
    before = dict(of_cases.values_list("code", "part_of"))
    Quantity.objects.update(part_of=None)
    Quantity.history.update(part_of=None)
    move = import_module("zusammenplan.indicators.migrations.0005_quantities_that_make_up_others")

    move.say_what_was_known(apps, None)

    assert dict(of_cases.values_list("code", "part_of")) == before
    assert set(Quantity.history.values_list("code", "part_of")) >= set(before.items())


def test_history_names_the_total() -> None:
    total = make_quantity(name_de="Arbeitslose")
    part = add_quantity({"code": "teil", "name_de": "Teil"}, [], by=None)

    link(part, total)

    told = changes(part)[0].changes
    assert [one.new for one in told] == ["Arbeitslose"]


def test_undone_import_keeps_a_quantity_that_others_are_part_of(tmp_path: Path) -> None:
    table = [files.Value("16069", "Hildburghausen", 2024, "", "50")]
    source = files.source(tmp_path, files.flat(table))
    record = take_over([source], Wishes(), by=None, now=timezone.now()).imports[0]
    total = Quantity.objects.get()
    part = link(make_quantity(), total)

    undo_import(record, by=None, now=timezone.now())

    part.refresh_from_db()
    assert part.part_of == total
    assert not Observation.objects.exists()
