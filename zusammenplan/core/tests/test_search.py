"""How words are compared, and what a compound is found by."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.core.compounds import PARTS
from zusammenplan.core.search import (
    LONGEST_WORD,
    WORDS_ASKED,
    parts_of,
    pieces,
    words_to_note,
    words_wanted,
)


def compared(text: str) -> list[str]:
    return [one.word for one in words_wanted(text)]


@pytest.mark.parametrize(
    "words",
    [
        ("für", "FÜR", "fuer"),
        ("Straße", "strasse", "STRASSE"),
        ("Häuser", "Haus", "Haeuser"),
        ("neue", "neuer", "neuen"),
        ("Beratung", "Beratungen"),
        ("Pfle\u00adge", "Pflege"),
        ("Café", "Cafe"),
    ],
)
def test_words_that_mean_the_same_are_the_same(words: tuple[str, ...]) -> None:
    assert len({tuple(compared(f"{word} Amt")) for word in words}) == 1


def test_numbers_stay_whole_and_signs_are_left_out() -> None:
    assert compared("2.10 (ab 2027): Ämter & mehr") == ["2.10", "2027", "amt", "mehr"]


def test_words_that_stand_in_every_text_are_left_out() -> None:
    assert compared("Die Hilfe für die und mit der") == compared("Hilfe")


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("pflegestützpunkt", ("pflege", "stützpunkt")),
        ("mehrgenerationenhäuser", ("mehr", "generation", "haus")),
        ("nachbarschaftshilfe", ("nachbarschaft", "hilfe")),
        ("sozialraumkonferenzen", ("sozial", "raum", "konferenz")),
        ("kegelverein", ("verein",)),
        ("haus", ()),
        ("xyzabc", ()),
    ],
)
def test_a_compound_is_taken_apart(compound: str, parts: tuple[str, ...]) -> None:
    assert parts_of(compound) == tuple(compared(part)[0] for part in parts)


def test_no_part_is_a_stop_word_or_too_long() -> None:
    assert all(len(compared(part)) == 1 for part in PARTS)


def test_the_last_word_may_be_only_begun() -> None:
    first, second = words_wanted("Hilfe Pfl")

    assert (first.is_begun, second.is_begun) == (False, True)
    assert words_wanted("Hilfe für")[0].is_begun


def test_of_very_many_words_the_first_count() -> None:
    assert len(words_wanted(" ".join(f"wort{number}" for number in range(40)))) == WORDS_ASKED


def test_what_was_looked_for_is_marked_where_it_stands() -> None:
    cut = pieces("Beratung, zur Pflege!", words_wanted("Pflegeberatung"))

    assert [piece for piece, is_hit in cut if is_hit] == ["Beratung", "Pflege"]
    assert pieces("Ehrenamt", words_wanted("ehren")) == [("Ehrenamt", True)]
    assert pieces("", words_wanted("ehren")) == []


@given(st.text(max_size=200))
def test_any_text_becomes_words_that_can_be_stored(text: str) -> None:
    noted = words_to_note(text)

    assert set(compared(text)) <= noted
    assert all(0 < len(word) <= LONGEST_WORD and "\0" not in word for word in noted)


@given(st.text(max_size=100), st.text(alphabet="abcäöüß ", max_size=30))
def test_the_marked_pieces_are_the_text(text: str, asked: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, words_wanted(asked))) == text
