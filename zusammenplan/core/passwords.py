"""Passwords that are long enough and yet guessed first: a well-known word with something around."""

import re
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zusammenplan.core.context import municipality

# What everybody here would think of first; the municipality's own name is added.
CONTEXT = ("zusammenplan", "sozialplanung", "sozialplan", "landkreis", "landratsamt", "passwort")
LONGER_WORD = 4
LONGEST_GUESS = 64
FEWEST_SIGNS = 5
FEWEST_LETTERS_BESIDE_CONTEXT = 6


class GuessablePasswordValidator:
    """
    Refuse what programs that guess passwords try first.

    Few of the most used passwords have twelve signs. Those that do are a shorter one with digits or
    signs, or twice, or keys in a row; or words of the place. So this is looked for.
    """

    def __init__(self) -> None:
        self.words = CommonPasswordValidator().passwords

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        if len(password) <= LONGEST_GUESS and self._is_guessable(password.lower()):
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return _(
            "This password is easy to guess. Take several words that do not belong together, and "
            "no name of the place."
        )

    def _is_guessable(self, password: str) -> bool:
        if len(set(password)) < FEWEST_SIGNS or _is_row(password):
            return True
        letters = "".join(sign for sign in password if sign.isalpha())
        return _once(letters) in self.words or _once(password) in self.words or _is_local(letters)


def _once(text: str) -> str:
    """Give what is repeated, once: "sommersommer" is "sommer"."""
    found = re.fullmatch(r"(.+?)\1*", text)
    return found.group(1) if found else text


def _is_row(text: str) -> bool:
    """Tell whether each sign is the next one, or each the one before: 123456789012."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}
    return text.isdecimal() and len(steps) == 1


def _is_local(letters: str) -> bool:
    """Tell whether little is left when the words of the place are taken out."""
    place = municipality()
    names = f"{place.name} {place.short_name}".lower()
    own = [word for word in re.findall(r"[^\W\d_]+", names) if len(word) >= LONGER_WORD]
    rest = letters
    for word in sorted([*CONTEXT, *own], key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < FEWEST_LETTERS_BESIDE_CONTEXT
