"""Euro amounts and numbers as Germans write them: 1.234,56 and 68400."""

import re
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import get_language, gettext as _

CENT = Decimal("0.01")
# As many digits before the comma as the columns of the tables hold.
LARGEST_DIGITS = 10
WORDS = re.compile(r"(?:€|euro|eur)", re.IGNORECASE)
WHOLE_EUROS = re.compile(r",[-–—]{1,2}$")
GROUPED_DOTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
GROUPED_SPACES = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[,.][0-9]+)?")
GROUPED_ENGLISH = re.compile(
    r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}"
)
GERMAN_SIGNS = str.maketrans(",.", ".,")
PLAIN = re.compile(r"[0-9]+(?:[,.][0-9]+)?")
MINUS = "-\N{MINUS SIGN}\N{EN DASH}"


class Fault(StrEnum):
    """Why something is not an amount or a number that can be kept."""

    UNREADABLE = "unreadable"
    NEGATIVE = "negative"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"


class UnreadableNumberError(ValueError):
    """What was typed is not a number, or not one that can be kept."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read_amount(text: str) -> Decimal:
    """
    Read an amount in euros: 1.234,56 or 1234,56 or 1.234 or 68 400 €; two decimals at most.

    A single dot before exactly three digits groups thousands, as in German: 1.234 is 1234.

    :raises UnreadableNumberError: if it is none, is negative, too precise or too large
    """
    written = WHOLE_EUROS.sub("", WORDS.sub("", " ".join(text.split())).strip())
    amount = read_number(written, places=2, digits=LARGEST_DIGITS)
    if amount < 0:
        raise UnreadableNumberError(Fault.NEGATIVE)
    return amount.quantize(CENT)


def read_number(text: str, *, places: int = 4, digits: int = 12) -> Decimal:
    """
    Read a number that may be negative: 12,5 or -3 or 1.234,5.

    :raises UnreadableNumberError: if it is none, too precise or too large
    """
    written = " ".join(text.split())
    is_negative = written[:1] in MINUS and written != ""
    if is_negative:
        written = written[1:].lstrip()
    plain = _without_groups(written.removeprefix("+"))
    whole, _point, decimals = plain.partition(".")
    if len(decimals.rstrip("0")) > places:
        raise UnreadableNumberError(Fault.TOO_PRECISE)
    if len(whole.lstrip("0")) > digits:
        raise UnreadableNumberError(Fault.TOO_LARGE)
    number = Decimal(plain)
    return -number if is_negative and number else number


def _without_groups(written: str) -> str:
    """Give the number with a dot before its decimals and nothing between its thousands."""
    if GROUPED_DOTS.fullmatch(written):
        return written.replace(".", "").replace(",", ".")
    if GROUPED_SPACES.fullmatch(written):
        return written.replace(" ", "").replace(",", ".")
    if GROUPED_ENGLISH.fullmatch(written):
        return written.replace(",", "")
    if PLAIN.fullmatch(written):
        return written.replace(",", ".")
    raise UnreadableNumberError(Fault.UNREADABLE)


def fault_text(fault: Fault, *, example: str, places: int) -> str:
    """Say what is wrong with a number that somebody typed."""
    match fault:
        case Fault.NEGATIVE:
            return _("An amount must not be negative.")
        case Fault.TOO_PRECISE:
            return _(
                "Write at most %(places)d digits after the comma, for example %(example)s."
            ) % {
                "places": places,
                "example": example,
            }
        case Fault.TOO_LARGE:
            return _("This number is too large. Check its digits.")
        case _:
            return _("This is not a number. Write it for example like this: %(example)s.") % {
                "example": example
            }


def number_text(value: Decimal, *, places: int | None = None) -> str:
    """Write a number with its thousands grouped: 1.234,5 in German, 1,234.5 in English."""
    if places is None:
        text = f"{value:,f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{places}f}"
    if _is_english():
        return text
    return text.translate(GERMAN_SIGNS)


def amount_text(value: Decimal) -> str:
    """Write an amount in euros: 68.400,00 € in German, €68,400.00 in English."""
    text = number_text(value, places=2)
    return f"€{text}" if _is_english() else f"{text}\N{NO-BREAK SPACE}€"


def typed_text(value: Decimal | None, *, places: int | None = None) -> str:
    """Write a number as the form shows it: always with a comma, so that it is read back alike."""
    if value is None:
        return ""
    if places is not None:
        return f"{value:,.{places}f}".translate(GERMAN_SIGNS)
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
