"""The files open again, say what the paper says, and no text in them does harm."""

import csv
import json
import re
from datetime import UTC, datetime
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from zusammenplan.core.tables import read_tables
from zusammenplan.reports.exports import pdf as pdf_room
from zusammenplan.reports.exports.docx import docx
from zusammenplan.reports.exports.pdf import NOT_SURE, pdf
from zusammenplan.reports.exports.separated import csv_table
from zusammenplan.reports.exports.xlsx import xlsx
from zusammenplan.reports.queries.paper import Kind, Paper, Vote
from zusammenplan.reports.queries.rounds import paper_of
from zusammenplan.reports.tests.factories import TITLES, make_voted_round, make_waiting_round
from zusammenplan.reports.tests.pdf_structure import findings, structure

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
HOSTILE = (
    '#import "@preview/evil:0.1.0": *',
    "#panic() $x$ *fett* _kursiv_ `code` @ref <marke> \\ // Ende",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUMME(A1:A9)",
    '"; DROP TABLE plans_measure; --',
    "<script>alert(1)</script>&amp;",
    "W" * 380,
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenträgerverordnung",
    "Spielplatz 🛝 für alle 👩‍👩‍👧 und 中文",
    "مركز الأسرة في المدينة",
    "Сімейний центр у місті",  # noqa: RUF001 - Ukrainian
    "{{ 7*7 }} {% now %}",
    "Null\x00 und \x0b Steuerzeichen \ufeff\uffff",
)


def the_paper(kind: Kind, *, titles: tuple[str, ...] = TITLES, **fields: Any) -> Paper:
    return paper_of(make_voted_round(titles=titles, **fields), kind, now=NOW)


def opened(content: bytes) -> Any:
    return Document(BytesIO(content))


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


# --- Word --------------------------------------------------------------------------------


def test_word_handout_holds_every_measure_with_empty_grades() -> None:
    document = opened(docx(the_paper(Kind.HANDOUT)))

    table = cells(document.tables[-1])
    assert table[1][2:] == ["1", "2", "3", "4", "5", "6"]
    assert [row[:2] for row in table[3:6]] == [
        [f"1.{number}", title] for number, title in enumerate(TITLES, start=1)
    ]
    assert all(not any(row[2:]) for row in table[3:6])


def test_word_result_puts_the_signs_and_the_degree() -> None:
    document = opened(docx(the_paper(Kind.RESULT)))

    first = cells(document.tables[-1])[3]
    assert first == ["1.1", TITLES[0], "[x\xa07]", "x\xa03\n[-\xa04]", "", "", "", "", "1,5"]


def test_word_tables_repeat_their_header_rows_and_keep_rows_together() -> None:
    document = opened(docx(the_paper(Kind.RESULT)))

    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # noqa: SLF001 - no call for it
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)  # noqa: SLF001 - as above
    second = document.tables[-1].rows[1]
    assert second._tr.trPr.find(qn("w:tblHeader")) is not None  # noqa: SLF001 - as above


@pytest.mark.parametrize(("language", "code"), [("de", "de-DE"), ("en", "en-GB")])
def test_word_file_has_real_styles_language_title_and_paper_size(language: str, code: str) -> None:
    with override(language):
        paper = the_paper(Kind.HANDOUT)
        document = opened(docx(paper))

    styles = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "List Bullet"} <= styles
    languages = document.styles.element.findall(f".//{qn('w:lang')}")
    assert [tag.get(qn("w:val")) for tag in languages] == [code]
    assert document.core_properties.title == f"{paper.title} – {paper.subject}"
    assert document.core_properties.language == language
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert "PAGE" in document.sections[0].footer._element.xml  # noqa: SLF001 - no call for fields


def test_word_handout_can_be_read_as_a_plans_table_again() -> None:
    content = docx(the_paper(Kind.HANDOUT))

    tables = read_tables("tischvorlage.docx", content)

    rows = [row.cells for table in tables for row in table.rows]
    assert any(row[:2] == ("1.2", TITLES[1]) for row in rows)


# --- PDF ---------------------------------------------------------------------------------


@cache
def set_once(kind: Kind) -> tuple[Paper, bytes]:
    """Give the usual paper and its PDF, set once for all tests that only look at it."""
    paper = the_paper(kind)
    return paper, pdf(paper)


@pytest.mark.parametrize("kind", list(Kind))
def test_pdf_passes_the_structural_check(kind: Kind) -> None:
    assert findings(set_once(kind)[1]) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_pdf_names_its_title_and_language_and_has_headings_and_tables(kind: Kind) -> None:
    paper, content = set_once(kind)

    with pikepdf.open(BytesIO(content)) as document:
        assert str(document.Root.Lang).startswith("de")
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == f"{paper.title} – {paper.subject}"
        kinds = {str(element.S) for element in structure(document.Root.StructTreeRoot)}
        assert {"/Title", "/H1", "/Table", "/TH", "/TD"} <= kinds


def test_structural_check_sees_what_is_missing() -> None:
    with pikepdf.open(BytesIO(set_once(Kind.RESULT)[1])) as document:
        del document.Root.Lang
        element = next(
            one for one in structure(document.Root.StructTreeRoot) if str(one.S) == "/Figure"
        )
        del element.Alt
        document.save(damaged := BytesIO())

    assert findings(damaged.getvalue()) == ["no language", "1 figures without alternative text"]


def test_pdf_tells_the_distribution_of_each_rated_measure_in_words() -> None:
    paper, content = set_once(Kind.RESULT)

    with pikepdf.open(BytesIO(content)) as document:
        told = [
            str(element.Alt)
            for element in structure(document.Root.StructTreeRoot)
            if str(element.S) == "/Figure"
        ]

    assert told == [row.picture_text for row in paper.ranking if row.marks]


def test_german_titles_in_an_english_paper_say_that_they_are_german() -> None:
    with override("en"):
        paper = the_paper(Kind.HANDOUT)
        content, word = pdf(paper), opened(docx(paper))

    with pikepdf.open(BytesIO(content)) as document:
        spoken = [str(one.get("/Lang", "")) for one in structure(document.Root.StructTreeRoot)]
    assert spoken.count("de") >= len(TITLES)
    cell = word.tables[-1].rows[3].cells[1]
    assert cell.text == TITLES[0]
    assert [tag.get(qn("w:val")) for tag in cell._tc.iter(qn("w:lang"))] == ["de-DE"]  # noqa: SLF001 - no call for it


def test_pdf_is_the_same_whenever_it_is_made() -> None:
    paper, content = set_once(Kind.RESULT)

    assert pdf(paper) == content


def test_pdf_shows_every_sign_that_it_is_sure_of() -> None:
    sure = "".join(chr(code) for code in range(0x20, 0x2270) if not NOT_SURE.match(chr(code)))
    paper = the_paper(Kind.HANDOUT, titles=tuple(re.findall(".{1,120}", sure)))

    assert pdf(paper).startswith(b"%PDF")


def test_typesetter_that_refuses_everything_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    template = tmp_path / "kaputt.typ"
    template.write_text('#panic("Papier fehlt")')
    monkeypatch.setattr(pdf_room, "TEMPLATE", template)

    with pytest.raises(pdf_room.TypesettingError, match="Papier fehlt"):
        pdf(the_paper(Kind.HANDOUT))


# --- Excel and CSV -----------------------------------------------------------------------


def test_workbook_holds_numbers_as_numbers_and_the_counts_of_the_paper() -> None:
    with override("de"):
        paper = the_paper(Kind.RESULT)
        book = load_workbook(BytesIO(xlsx(paper)))

    assert len(book.sheetnames) == 3
    result, marks, _rule = (book[name] for name in book.sheetnames)
    assert result.freeze_panes == "A2"
    assert [row[3].value for row in result.iter_rows(min_row=2)] == [
        row.title for row in paper.ranking
    ]
    assert [row[5].value for row in result.iter_rows(min_row=2)] == [1.5, 2.5, None]
    counts = [[cell.value for cell in row[3:9]] for row in marks.iter_rows(min_row=2)]
    assert counts == [list(group.counts) for row in paper.ranking for group in row.groups]


def test_workbook_tells_who_voted_what_only_when_it_is_given() -> None:
    paper = the_paper(Kind.RESULT)
    vote = Vote("Externe Steuerungsgruppe", "Greta Amlong", "1.1", TITLES[0], 2)

    with_votes = load_workbook(BytesIO(xlsx(paper, [vote])))

    assert len(load_workbook(BytesIO(xlsx(paper))).sheetnames) == 3
    sheet = with_votes[with_votes.sheetnames[3]]
    assert [cell.value for cell in sheet[2]] == [
        "Externe Steuerungsgruppe", "Greta Amlong", "1.1", TITLES[0], 2
    ]  # fmt: skip


def test_csv_is_what_a_german_excel_opens() -> None:
    with override("de"):
        paper = the_paper(Kind.RESULT)
        content = csv_table(paper)

    assert content.startswith(b"\xef\xbb\xbf")
    _head, *lines = rows_of(content)
    assert [line[5] for line in lines] == ["1,5", "2,5", ""]
    first = [",".join(line[11:17]) for line in lines]
    assert first == [
        ",".join(str(count) for count in row.groups[0].counts) for row in paper.ranking
    ]


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


# --- hostile texts -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.one_database
def test_no_title_does_harm(kind: Kind) -> None:
    texts: tuple[str, ...] = HOSTILE
    if connection.vendor == "postgresql":
        # It refuses the character; so do our forms.
        texts = tuple(text.replace("\0", "") for text in texts)
    paper = the_paper(kind, titles=(*texts, "Bürgerbus"), intro_de="\n".join(texts))
    titles = [row.title for row in paper.rows]

    assert pdf(paper).startswith(b"%PDF")
    rows = opened(docx(paper)).tables[-1].rows[3 : 3 + len(titles)]
    assert all(title in row.cells[1].text for title, row in zip(titles, rows, strict=True))
    sheet = load_workbook(BytesIO(xlsx(paper))).worksheets[0]
    found = [sheet.cell(row, 4) for row in range(2, 2 + len(titles))]
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.value for cell in found} == set(titles)
    lines = [line[3] for line in rows_of(csv_table(paper))[1:]]
    assert not [text for text in lines if text.startswith(("=", "+", "-", "@"))]
    assert {text.removeprefix("'") for text in lines} == set(titles)


def test_long_scales_no_group_and_many_groups_have_a_paper_too() -> None:
    for round_ in (
        make_voted_round(lowest=1, highest=60),
        make_waiting_round(takes_proposals=False),
    ):
        for kind in Kind:
            paper = paper_of(round_, kind, now=NOW)
            assert pdf(paper).startswith(b"%PDF")
            assert docx(paper).startswith(b"PK")
            assert xlsx(paper).startswith(b"PK")
            assert csv_table(paper)


def test_hidden_result_has_papers_that_hide_it() -> None:
    paper = paper_of(make_waiting_round(is_secret=True), Kind.RESULT, now=NOW)

    text = " ".join(paragraph.text for paragraph in opened(docx(paper)).paragraphs)
    assert paper.hidden_because in text
    assert pdf(paper).startswith(b"%PDF")
    assert json.dumps(paper.lead)
