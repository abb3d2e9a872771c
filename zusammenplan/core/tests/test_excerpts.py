"""The beginning of a text."""

import pytest

from zusammenplan.core.excerpts import OPENING_AT_MOST, opening, short
from zusammenplan.core.german import German, is_german


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Alle werden erreicht. Auch abends.", "Alle werden erreicht."),
        ("Alle werden erreicht", "Alle werden erreicht"),
        ("Bis 2030. Dann weiter.", "Bis 2030."),
        ("Hilfe, z. B. für Familien. Mehr.", "Hilfe, z. B. für Familien."),
        ("Hilfe, z.B. für Familien. Mehr.", "Hilfe, z.B. für Familien."),
        ("Ab dem 3. Oktober hilft er. Mehr.", "Ab dem 3. Oktober hilft er."),
        (
            "Kurse bzw. Beratung nach Abs. 2. Mehr. Und mehr.",
            "Kurse bzw. Beratung nach Abs. 2. Mehr.",
        ),
        ("Erste Zeile\nzweite Zeile. Mehr.", "Erste Zeile"),
        ("", ""),
    ],
)
def test_a_text_begins_with_its_first_sentence(text: str, begins: str) -> None:
    assert opening(text) == begins


def test_a_long_sentence_is_cut_at_a_word_and_stays_german() -> None:
    begins = opening(German("Begegnung, " * 40))

    assert len(begins) <= OPENING_AT_MOST + 2
    assert begins.endswith("Begegnung\N{NO-BREAK SPACE}…")
    assert is_german(begins)


def test_a_short_text_stands_on_one_line() -> None:
    assert short("Rat\n und Tat") == "Rat und Tat"
    assert short("Rat und Tat", at_most=8) == "Rat und\N{NO-BREAK SPACE}…"
