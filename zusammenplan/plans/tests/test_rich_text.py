"""Rich text keeps few marks, loses whatever is hostile, and keeps its addresses over edits."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, strategies as st

from zusammenplan.plans.domain.rich_text import (
    Kind,
    Line,
    Run,
    carry_keys,
    clean_html,
    from_marks,
    pieces_of,
    read_cells,
    read_html,
    tidy,
    to_marks,
    write_cells,
    write_html,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">hier</a>',
    '<a href="JaVaScRiPt&#58;alert(1)">hier</a>',
    '<a href="data:text/html,<script>alert(1)</script>">hier</a>',
    '<p onclick="alert(1)">Text</p>',
    '<p style="background:url(javascript:alert(1))">Text</p>',
    "<svg><script>alert(1)</script></svg>",
    "<iframe src='//evil.example'></iframe>",
    "<style>@import '//evil.example'</style>",
    '<p id="x&quot; onmouseover=&quot;alert(1)">Text</p>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    '<a href=" java\nscript:alert(1)">hier</a>',
    "<form action='//evil.example'><input name=q></form>",
    "<<script>script>alert(1)<</script>/script>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_hostile_survives(html: str) -> None:
    kept = clean_html(html)

    assert clean_html(kept) == kept
    for line in read_html(kept):
        assert all(not run.href or run.href.startswith(("http", "mailto")) for run in line.runs)
    bare = kept.lower()
    for word in ("<script", "<img", "<svg", "<iframe", "<style", "<form", "javascript:", "data:"):
        assert word not in bare
    assert 'onclick="' not in bare
    assert 'onmouseover="' not in bare


def test_word_and_editor_markup_becomes_our_few_tags() -> None:
    html = (
        "<h1>Titel</h1><div>Ein <b>fetter</b> <i>Satz</i>.</div>"
        "<ul><li><p>eins</p><ul><li><p>eins a</p></li></ul></li><li>zwei</li></ul>"
        '<p>Siehe <a href="https://example.org/a?b=1&amp;c=2" target="_blank">dort</a><br>neu</p>'
    )

    assert clean_html(html) == (
        "<h3>Titel</h3><p>Ein <strong>fetter</strong> <em>Satz</em>.</p>"
        "<ul><li>eins<ul><li>eins a</li></ul></li><li>zwei</li></ul>"
        '<p>Siehe <a href="https://example.org/a?b=1&amp;c=2">dort</a><br>neu</p>'
    )


def test_marks_are_read() -> None:
    lines = from_marks(
        "# Lage\n\nErster **wichtiger** Absatz\nin *zwei* Zeilen.\n- a\n  - b\n1. c\n\n"
        "[Amt](https://example.org) \\*kein Stern\\*"
    )

    assert write_html(lines) == (
        "<h3>Lage</h3><p>Erster <strong>wichtiger</strong> Absatz<br>in <em>zwei</em> Zeilen.</p>"
        "<ul><li>a<ul><li>b</li></ul></li></ul><ol><li>c</li></ol>"
        '<p><a href="https://example.org">Amt</a> *kein Stern*</p>'
    )


texts = st.text("abc äß*[]()#-1.\\<&\"' ", min_size=1, max_size=20)
runs = st.builds(
    Run,
    texts,
    bold=st.booleans(),
    italic=st.booleans(),
    href=st.sampled_from(["", "", "https://example.org/a_(b)"]),
)


@st.composite
def documents(draw: st.DrawFn) -> list[Line]:
    lines = []
    for _ in range(draw(st.integers(0, 8))):
        kinds: list[Kind] = ["p", "p", "h3", "h4", "ul", "ol"]
        kind = draw(st.sampled_from(kinds))
        parts = draw(st.lists(runs, min_size=1, max_size=4))
        if kind in {"h3", "h4"}:
            parts = [replace(one, bold=False) for one in parts]
        if found := tidy(parts):
            lines.append(Line(kind, found))
    return lines


@given(documents())
def test_html_written_and_read_is_the_same(lines: list[Line]) -> None:
    assert read_html(write_html(lines)) == lines


@given(documents())
def test_marks_keep_every_word(lines: list[Line]) -> None:
    again = from_marks(to_marks(lines))

    assert [line.text for line in again] == [line.text for line in lines]
    assert [line.kind for line in again] == [line.kind for line in lines]


@given(st.text(max_size=200))
def test_whatever_is_typed_is_harmless_and_stays_as_it_is_kept(text: str) -> None:
    for kept in (write_html(from_marks(text)), clean_html(text)):
        assert clean_html(kept) == kept


def keys() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"k{next(numbers)}"


words = st.lists(
    st.sampled_from(["Bedarf", "Ziel", "Pflege", "Kreis", "Familie"]), min_size=1, max_size=6
)
paragraphs = st.lists(words.map(" ".join), max_size=8).map(
    lambda them: [Line("p", (Run(text),)) for text in them]
)


@given(paragraphs, paragraphs)
def test_keys_are_unique_and_unchanged_paragraphs_keep_theirs(
    before: list[Line], after: list[Line]
) -> None:
    fresh = keys()
    old = carry_keys([], before, fresh)
    new = carry_keys(old, after, fresh)

    given_keys = [line.key for line in new]
    assert all(given_keys)
    assert len(set(given_keys)) == len(given_keys)
    assert [line.text for line in new] == [line.text for line in after]
    for text in {line.text for line in after}:
        was = {line.key for line in old if line.text == text}
        now = {line.key for line in new if line.text == text}
        assert len(was & now) == min(len(was), len(now))


@given(paragraphs)
def test_saving_without_a_change_keeps_every_key(before: list[Line]) -> None:
    fresh = keys()
    old = carry_keys([], before, fresh)

    assert carry_keys(old, before, fresh) == old


def test_an_edited_paragraph_keeps_its_key_and_another_text_never_gets_it() -> None:
    fresh = keys()
    old = carry_keys([], from_marks("Im Kreis leben 62.000 Menschen.\n\nDas Amt zieht um."), fresh)

    edited = carry_keys(
        old, from_marks("Neu davor.\n\nIm Kreis leben rund 61.500 Menschen."), fresh
    )

    assert [line.key for line in edited] == ["k3", "k1"]


def test_footnotes_are_taken_out_of_the_text() -> None:
    pieces = pieces_of((Run("Die Zahl ((Stand 2026)) steigt((Amt; eigene Zählung))."),))

    assert [(one.run.text, one.note) for one in pieces] == [
        ("Die Zahl", ""),
        ("", "Stand 2026"),
        (" steigt", ""),
        ("", "Amt; eigene Zählung"),
        (".", ""),
    ]


def test_cells_are_read_as_excel_copies_them_or_typed() -> None:
    assert read_cells("Jahr\tZahl\r\n2025\t=1+1\n\n2026") == [
        ["Jahr", "Zahl"],
        ["2025", "=1+1"],
        ["2026", ""],
    ]
    assert read_cells("| Jahr | Zahl |\n|---|---|\n| 2025 | 3 |") == [
        ["Jahr", "Zahl"],
        ["2025", "3"],
    ]
    assert read_cells("Jahr;Zahl\n2025;3") == [["Jahr", "Zahl"], ["2025", "3"]]
    assert read_cells("  ") == []


cell = st.text("ab1=+ äß", max_size=5).map(str.strip)


@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
def test_cells_written_and_read_are_the_same(cells: list[list[str]]) -> None:
    full = [row for row in cells if any(row)]

    assert read_cells(write_cells(full)) == full
