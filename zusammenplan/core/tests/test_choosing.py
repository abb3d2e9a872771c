"""Choosing several records out of many."""

from dataclasses import dataclass

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template import engines

from zusammenplan.core.choosing import RecordsField


@dataclass(frozen=True)
class Record:
    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


RECORDS = [Record(number, f"Ort {number}") for number in range(1, 12)]


class PlaceForm(forms.Form):
    places = RecordsField(label="Orte")

    def __init__(self, data: QueryDict | None = None, **options: object) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type] # Django's own options
        field = self.fields["places"]
        assert isinstance(field, RecordsField)
        field.offer(("Nord" if record.pk < 5 else "Süd", record) for record in RECORDS)


def written(form: PlaceForm) -> str:
    template = engines["django"].from_string("{% load choose %}{% choose form.places %}")
    return " ".join(str(template.render({"form": form})).split())


def test_the_field_gives_the_records_themselves_each_once() -> None:
    form = PlaceForm(QueryDict("places=3&places=1&places=3"))

    assert form.is_valid()
    assert form.cleaned_data["places"] == [RECORDS[2], RECORDS[0]]


def test_nothing_picked_is_an_empty_list() -> None:
    form = PlaceForm(QueryDict(""))

    assert form.is_valid()
    assert form.cleaned_data["places"] == []


def test_what_is_not_offered_is_refused() -> None:
    with pytest.raises(ValidationError):
        PlaceForm().fields["places"].clean(["99"])


def test_only_another_choice_is_a_change() -> None:
    field = PlaceForm().fields["places"]

    assert not field.has_changed([1, 2], ["2", "1"])
    assert field.has_changed([1], ["2"])
    assert not field.has_changed(None, [])


def test_a_long_list_stands_in_groups_with_what_is_picked_above_it() -> None:
    page = written(PlaceForm(initial={"places": [2]}))

    assert '<p class="zp-choose__picked">Ort 2</p>' in page
    assert 'class="zp-choose__group">Nord<' in page
    assert "data-choose" in page
    assert page.count("checked") == 1
    assert page.count('type="checkbox"') == len(RECORDS)


def test_a_wrong_choice_opens_the_list() -> None:
    page = written(PlaceForm(QueryDict("places=99")))

    assert " open>" in page
    assert "zp-field--error" in page
