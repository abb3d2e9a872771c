"""How hard a text is to read, by figures that were computed by hand."""

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.readability import (
    Ease,
    readability,
    sentences_in,
    syllables,
    words_in,
)

OFFICIAL = (
    "Die Inanspruchnahme niedrigschwelliger Unterstützungsangebote durch pflegende Angehörige "
    "wird durch eine trägerunabhängige Beratungsinfrastruktur sozialraumorientiert gewährleistet."
)


def test_the_formulas_give_what_a_hand_computes_for_short_words() -> None:
    # 7 words of one syllable in 2 sentences: 0.1672 · 3.5 - 0.0327 · 100 - 0.875
    found = readability("Der Hund ist da. Er bellt laut.")

    assert found is not None
    assert found.school_year == pytest.approx(-3.5598)
    assert found.lix == pytest.approx(3.5)
    assert (found.year, found.ease) == (4, Ease.VERY_EASY)


def test_the_formulas_give_what_a_hand_computes_for_long_words() -> None:
    # 3 of 6 words are long and have three syllables or more, the other 3 have one:
    # 0.1935 · 50 + 0.1672 · 6 + 0.1297 · 50 - 0.0327 · 50 - 0.875
    found = readability("Die Beratung ist kostenfrei und unabhängig.")

    assert found is not None
    assert found.school_year == pytest.approx(14.6532)
    assert found.lix == pytest.approx(56)
    assert (found.year, found.ease) == (15, Ease.VERY_HARD)


def test_the_language_of_offices_is_harder_than_leichte_sprache() -> None:
    easy = readability("Sie pflegen einen Menschen?\nHier bekommen Sie Hilfe.\nSie ist umsonst.")
    official = readability(OFFICIAL)

    assert easy is not None
    assert official is not None
    assert easy.school_year < 5
    assert official.school_year > 15
    assert easy.lix < 45
    assert official.lix > 60


@pytest.mark.parametrize("text", ["", "💚", "Ein Wort zu wenig", "12 34 56 78"])
def test_a_text_of_few_words_says_nothing(text: str) -> None:
    assert readability(text) is None


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Abend", 2),
        ("oder", 2),
        ("Oma", 2),
        ("unabhängig", 4),
        ("Familie", 3),
        ("Beratung", 3),
        ("einen", 2),
        ("neue", 2),
        ("Adresse", 3),
        ("Bedarf", 2),
        ("Ferien", 3),
        ("Quelle", 2),
        ("Yoga", 2),
        ("Café", 2),
        ("Hund", 1),
        ("GmbH", 1),
        ("Planungsräumen", 4),
        ("2027", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, number: int) -> None:
    assert syllables(word) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Am 3. Mai kam z. B. Herr Kehr mit. Das war gut.", 2),
        ("Eins\n\nZwei", 2),
        ("- Der erste Punkt\n- Der zweite Punkt", 2),
        ("Ein Satz, der in der\nnächsten Zeile weitergeht.", 1),
        ("Wirklich?! Ja … Nein!", 3),
    ],
)
def test_sentences_end_where_a_reader_sees_their_end(text: str, number: int) -> None:
    assert len(sentences_in(text)) == number


def test_a_middle_dot_and_a_hyphen_part_words() -> None:
    assert words_in("Bundes·tag und Pflege-Stützpunkt") == [
        "Bundes",
        "tag",
        "und",
        "Pflege",
        "Stützpunkt",
    ]


@given(st.text(max_size=300))
def test_any_text_can_be_measured(text: str) -> None:
    found = readability(text)

    assert found is None or (4 <= found.year <= 15 and found.lix >= 0 and found.sentences >= 1)
