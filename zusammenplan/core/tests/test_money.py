"""Amounts and numbers as Germans write them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, strategies as st

from zusammenplan.core.money import (
    Fault,
    UnreadableNumberError,
    amount_text,
    number_text,
    read_amount,
    read_number,
    typed_text,
)

cents = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2)
numbers = st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=4)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("68400", "68400"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("68.400,00 €", "68400"),
        ("68 400 Euro", "68400"),
        ("68\N{NO-BREAK SPACE}400,5 EUR", "68400.5"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("0,5", "0.5"),
        ("0.125", None),
        ("12,-", "12"),
        ("12,--", "12"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(UnreadableNumberError):
            read_amount(typed)
    else:
        assert read_amount(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("-5", Fault.NEGATIVE),
        ("\N{MINUS SIGN}1.000,00", Fault.NEGATIVE),
        ("1,234", Fault.TOO_PRECISE),
        ("12345678901", Fault.TOO_LARGE),
        ("", Fault.UNREADABLE),
        ("-", Fault.UNREADABLE),
        ("viel", Fault.UNREADABLE),
        ("12.34.56", Fault.UNREADABLE),
        ("1.23,45", Fault.UNREADABLE),
        ("💶", Fault.UNREADABLE),
        ("٦٨٤", Fault.UNREADABLE),
        ("1e5", Fault.UNREADABLE),
        ("NaN", Fault.UNREADABLE),
        ("68 Tsd.", Fault.UNREADABLE),
    ],
)
def test_what_is_no_amount_is_refused_with_its_fault(typed: str, fault: Fault) -> None:
    with pytest.raises(UnreadableNumberError) as refusal:
        read_amount(typed)

    assert refusal.value.fault is fault


@given(cents)
def test_every_amount_is_read_back_from_what_the_page_and_the_form_write(amount: Decimal) -> None:
    with translation.override("de"):
        assert read_amount(amount_text(amount)) == amount
    assert read_amount(typed_text(amount, places=2)) == amount


@given(numbers)
def test_every_number_is_read_back_from_what_the_form_writes(number: Decimal) -> None:
    assert read_number(typed_text(number)) == number


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_is_refused(typed: str) -> None:
    try:
        amount = read_amount(typed)
    except UnreadableNumberError:
        return
    assert amount >= 0
    assert amount == amount.quantize(Decimal("0.01"))


def test_numbers_are_grouped_as_the_language_does() -> None:
    with translation.override("de"):
        assert number_text(Decimal("12345.50")) == "12.345,5"
        assert amount_text(Decimal(68400)) == "68.400,00\N{NO-BREAK SPACE}€"
    with translation.override("en"):
        assert number_text(Decimal("12345.50")) == "12,345.5"
        assert amount_text(Decimal(68400)) == "€68,400.00"
