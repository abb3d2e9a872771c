"""Words of addresses."""

import pytest

from zusammenplan.core.slugs import slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Sozialplan Eisenach 2021–2022", "sozialplan-eisenach"),
        ("Sozialplan Eisenach", "sozialplan-eisenach"),
        ("Grundversorgungseinrichtungen", "grundversorgungseinr"),
        ("Grüße & Küsse", "gruesse-kuesse"),
        ("–", ""),
    ],
)
def test_a_long_address_ends_with_a_whole_word(text: str, slug: str) -> None:
    assert slug_of(text, at_most=20) == slug
