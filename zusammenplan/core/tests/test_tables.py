"""What is read out of files, and what is refused with which sentence."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from docx import Document

from zusammenplan.core.tables import MAX_BYTES, Table, UnreadableFileError, read_tables
from zusammenplan.core.tests.office_files import (
    CELL,
    LATE,
    LAUGHS,
    OFFICE,
    RELATIONS,
    ROW,
    SHEET,
    STRINGS,
    TABLE,
    TYPES,
    XXE,
    bomb,
    bomb_of_many,
    crowd,
    docx,
    liar,
    links,
    locked,
    ole,
    twins,
    xlsx,
    zipped,
)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def written(write: Callable[[xlsxwriter.Workbook, Any], None]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        write(workbook, workbook.add_worksheet("Plan"))
    return content.getvalue()


# Text


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_text_is_read_in_any_usual_encoding(encoding: str, said: str) -> None:
    text = "Nr.;Maßnahme\n1.1;Bürgerbüro für Ältere öffnen\n"

    (table,) = read_tables("plan.csv", text.encode(encoding))

    assert cells(table) == [("Nr.", "Maßnahme"), ("1.1", "Bürgerbüro für Ältere öffnen")]
    assert table.encoding == said


def test_utf_16_is_read_in_either_byte_order() -> None:
    for encoding, bom in [("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]:
        (table,) = read_tables("plan.txt", bom + "1.1\tGrüße\r\n".encode(encoding))

        assert cells(table) == [("1.1", "Grüße")]


@pytest.mark.parametrize("separator", ["\t", ";", ",", "|"])
def test_the_separator_is_found_by_content(separator: str) -> None:
    lines = [["Nr.", "Maßnahme", "1"], ["1.1", "Beraten", "x"], ["1.2", "Begleiten", ""]]
    text = "\n".join(separator.join(line) for line in lines)

    (table,) = read_tables("plan.txt", text.encode())

    assert [list(row) for row in cells(table)] == lines
    assert table.separator == separator
    assert table.kind == ("tsv" if separator == "\t" else "csv")


def test_commas_in_titles_do_not_split_a_file_with_semicolons() -> None:
    (table,) = read_tables("plan.csv", b"1.1;Beraten, begleiten, helfen\n1.2;Feiern, danken\n")

    assert cells(table) == [("1.1", "Beraten, begleiten, helfen"), ("1.2", "Feiern, danken")]


def test_quoted_cells_hold_separators_line_breaks_and_quotation_marks() -> None:
    text = 'Nr.;Maßnahme;1\r\n1.1;"Rat; und\r\nTat ""vor Ort""";x\r\n1.2;Fest;\r\n'

    (table,) = read_tables("plan.csv", text.encode())

    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("Nr.", "Maßnahme", "1")),
        (2, ("1.1", 'Rat; und\nTat "vor Ort"', "x")),
        (4, ("1.2", "Fest", "")),
    ]


def test_a_quotation_mark_that_encloses_no_cell_is_a_sign_like_any_other() -> None:
    text = '1.1\t"Runder Tisch" aufbauen\tx\n1.2\t"Offen\tx\n1.3\t19" Bildschirm\t\n'

    (table,) = read_tables("plan.tsv", text.encode())

    assert cells(table) == [
        ("1.1", '"Runder Tisch" aufbauen', "x"),
        ("1.2", '"Offen', "x"),
        ("1.3", '19" Bildschirm', ""),
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_rows_keep_the_number_of_their_line(line_break: str) -> None:
    text = line_break.join(["Nr.\tTitel", "", "1.1\tBeraten", "\t", "1.2\tHelfen"])

    (table,) = read_tables("plan.tsv", text.encode())

    assert [row.number for row in table.rows] == [1, 3, 5]


def test_prose_around_a_table_makes_rows_of_one_cell() -> None:
    text = "Einladung, Ort und Zeit\n\nWir freuen uns, dass Sie kommen; bis bald.\n"
    text += "Nr.\tTitel\n1.1\tBeraten\n\nDas Ergebnis ist vorläufig.\nMehr dazu im Netz.\n"

    (table,) = read_tables("einladung.txt", text.encode())

    assert table.kind == "text"
    assert [len(row.cells) for row in table.rows] == [1, 1, 2, 2, 1, 1]


# XLSX


def test_numbers_are_read_as_people_see_them() -> None:
    def write(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        two, percent, date, words = (
            workbook.add_format({"num_format": code})
            for code in ("0.00", "0%", "dd.mm.yyyy", '"HF "0')
        )
        sheet.write_row(0, 0, [1.1, 2, 0.1 + 0.2, 1e15, "007", True])
        sheet.write_number(1, 0, 2.1, two)
        sheet.write_number(1, 1, 0.25, percent)
        sheet.write_datetime(1, 2, datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None), date)
        sheet.write_number(1, 3, 3, words)

    (table,) = read_tables("plan.xlsx", written(write))

    assert cells(table) == [
        ("1.1", "2", "0.3", "1000000000000000", "007", "TRUE"),
        ("2.10", "25%", "01.01.2025", "3", "", ""),
    ]


def test_merged_cells_hold_their_value_once() -> None:
    def write(_workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.merge_range("A1:A2", "HF")
        sheet.merge_range("B1:D1", "Grad")
        sheet.write_row("B2", [1, 2, 3])

    (table,) = read_tables("plan.xlsx", written(write))

    assert cells(table) == [("HF", "Grad", "", ""), ("", "1", "2", "3")]


def test_what_hides_under_merged_cells_is_left_out() -> None:
    sheet = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )

    (table,) = read_tables("plan.xlsx", xlsx(sheet))

    assert cells(table) == [("1",)]


def test_visible_sheets_are_read_in_order_and_empty_or_hidden_ones_left_out() -> None:
    def write(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("A1", "eins")
        workbook.add_worksheet("leer")
        hidden = workbook.add_worksheet("versteckt")
        hidden.write("A1", "geheim")
        hidden.hide()
        workbook.add_worksheet("zwei").write("B3", "zwei")

    found = read_tables("plan.xlsx", written(write))

    assert [(table.name, table.rows[0].number) for table in found] == [("Plan", 1), ("zwei", 3)]


def test_a_formula_gives_its_stored_result_and_is_never_computed() -> None:
    def write(_workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula("A1", "=1+1", None, 7)
        sheet.write_formula("B1", '=WEBSERVICE("http://127.0.0.1/")', None, "still")
        sheet.write_formula("C1", "='[http://127.0.0.1/x.xlsx]Plan'!A1", None, "fern")

    (table,) = read_tables("plan.xlsx", written(write))

    assert cells(table) == [("7", "still", "fern")]


def test_rich_text_and_escapes_are_read_as_text() -> None:
    strings = (
        f'<sst xmlns="{SHEET}"><si><r><t>Rat </t></r><r><t>und Tat</t></r>'
        "<rPh><t>lautlich</t></rPh></si><si><t>a_x000D_b_x0007_</t></si></sst>"
    )
    sheet = '<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row></sheetData>'

    (table,) = read_tables("plan.xlsx", xlsx(sheet, **{"xl/sharedStrings.xml": strings}))

    assert cells(table) == [("Rat und Tat", "a\nb")]


def test_dates_and_times_are_read_as_people_see_them() -> None:
    workbook = (
        f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="Plan" sheetId="1" r:id="worksheet"/></sheets></workbook>'
    )
    formats = ["mm/yyyy", "yyyy", "hh:mm", "d. mmm", "General", "0.0"]
    styles = (
        f'<styleSheet xmlns="{SHEET}"><numFmts>'
        + "".join(
            f'<numFmt numFmtId="{170 + at}" formatCode="{code}"/>'
            for at, code in enumerate(formats)
        )
        + "</numFmts><cellXfs>"
        + "".join(f'<xf numFmtId="{170 + at}"/>' for at in range(len(formats)))
        + "</cellXfs></styleSheet>"
    )
    row = "".join(f'<c s="{at}"><v>1.25</v></c>' for at in range(len(formats)))
    sheet = f'<sheetData><row>{row}<c t="d"><v>2027-03-12</v></c><x/></row></sheetData>'
    relations = links(worksheet="worksheets/sheet1.xml", styles="styles.xml")

    (table,) = read_tables(
        "plan.xlsx",
        xlsx(
            sheet,
            **{
                "xl/workbook.xml": workbook,
                "xl/styles.xml": styles,
                "xl/_rels/workbook.xml.rels": relations,
            },
        ),
    )

    assert cells(table) == [
        ("01/1904", "1904", "30:00", "02.01.1904", "1.25", "1.2", "12.03.2027"),
    ]


# DOCX


def test_all_tables_of_a_document_are_read_in_order_with_merged_cells_once() -> None:
    document = Document()
    first = document.add_table(rows=3, cols=3)
    for number, cell in enumerate(first._cells):  # noqa: SLF001 - quicker than row by row
        cell.text = str(number)
    first.cell(0, 1).merge(first.cell(0, 2))
    first.cell(1, 0).merge(first.cell(2, 0))
    document.add_paragraph("dazwischen")
    document.add_table(rows=1, cols=1).cell(0, 0).text = "zweite"
    content = io.BytesIO()
    document.save(content)

    found = read_tables("plan.docx", content.getvalue())

    assert [cells(table) for table in found] == [
        [("0", "1\n2", ""), ("3\n6", "4", "5"), ("", "7", "8")],
        [("zweite",)],
    ]


def test_tracked_changes_count_as_if_accepted() -> None:
    body = (
        "<w:tbl><w:tr><w:tc><w:p><w:del><w:r><w:delText>alt</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>neu</w:t></w:r></w:ins></w:p></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{CELL}</w:tr>"
        f"<w:tr><w:trPr><w:ins/></w:trPr>{CELL}</w:tr></w:tbl>"
    )

    (table,) = read_tables("plan.docx", docx(body))

    assert [(row.number, row.cells) for row in table.rows] == [(1, ("neu",)), (3, ("1.1",))]


def test_wrapped_cells_symbols_and_tables_in_tables_are_read() -> None:
    body = (
        "<w:sdt><w:sdtContent><w:tbl><w:sdt><w:sdtContent><w:tr>"
        '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
        f"<w:sdt><w:sdtContent>{CELL}</w:sdtContent></w:sdt>"
        '<w:tc><w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p></w:tc>'
        f"<w:tc>{TABLE}<w:p/></w:tc>"
        "</w:tr></w:sdtContent></w:sdt></w:tbl></w:sdtContent></w:sdt>"
    )

    found = read_tables("plan.docx", docx(body))

    assert [cells(table) for table in found] == [[("", "1.1", "✓", "")], [("1.1",)]]


# What is refused


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \r\n\t ", "is empty", id="blank"),
        pytest.param(b"\xef\xbb\xbf\n;;;\n", "is empty", id="only separators"),
        pytest.param(b"1;2\n" * (MAX_BYTES // 4 + 1), "larger than 10 MB", id="huge"),
        pytest.param(b"%PDF-1.7\n1 0 obj", "is a PDF", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(50), "is a picture", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(50), "is a picture", id="jpeg"),
        pytest.param(b"<!DOCTYPE html><table><tr><td>1</table>", "web page", id="html"),
        pytest.param(b'<?xml version="1.0"?><a/>', "web page", id="xml"),
        pytest.param(b"{\\rtf1 Hallo}", "RTF", id="rtf"),
        pytest.param(b"\x1f\x8b\x08" + bytes(50), "is an archive", id="gzip"),
        pytest.param(zipped({"plan.csv": "1;2"}), "is an archive", id="zip"),
        pytest.param(
            zipped({"mimetype": "application/x", "content.xml": "<a/>"}), "OpenDocument", id="ods"
        ),
        pytest.param(
            zipped({"[Content_Types].xml": TYPES}), "neither XLSX nor DOCX", id="other office file"
        ),
        pytest.param(
            docx("", **{"word/document.xml": "<presentation/>"}),
            "neither XLSX nor DOCX",
            id="presentation",
        ),
        pytest.param(ole("Workbook"), "old Office format", id="xls"),
        pytest.param(ole("EncryptedPackage"), "protected by a password", id="password"),
        pytest.param(locked(), "protected by a password", id="locked zip"),
        pytest.param(b"1;2\n3;\x004\n", "line 2 holds a zero byte", id="zero byte"),
        pytest.param(bytes(range(1, 32)) * 9, "no table that can be read", id="binary"),
        pytest.param(
            "1;Grüße aus Lübeck\n2;Mühle".encode() + b"\xff\n",
            "Line 2 of .* broken characters",
            id="mixed encoding",
        ),
        pytest.param(
            b"\xff\xfe" + "1;2\n3".encode("utf-16-le") + b"\x00",
            "broken characters",
            id="half a character",
        ),
        pytest.param(
            "1;2\n3;Grüße".encode().decode("cp1252").encode(),
            "In line 2 .* letters are broken",
            id="encoded twice",
        ),
        pytest.param(b"1;2\n" * 60_001, "more than 60000 rows", id="too many rows"),
        pytest.param(b"1;2\n" + b";" * 201, "Row 2 .* 200 columns", id="too many columns"),
        pytest.param(
            b"\n".join([b"1;2;3;4;5;6;7;8;9;10;11;12;13"] * 40_000),
            "more than 500000 filled cells",
            id="too many cells",
        ),
        pytest.param(xlsx(ROW)[:-40], "is damaged", id="cut off"),
        pytest.param(xlsx(ROW)[:100], "is damaged", id="only the beginning"),
        pytest.param(b"PK\x03\x04" + b"\x99" * 500, "is damaged", id="not even a zip"),
        pytest.param(xlsx("<sheetData><row>"), "is damaged", id="broken xml"),
        pytest.param(
            xlsx('<sheetData><row r="1"><c r="A1" t="s"><v>9</v></c></row></sheetData>'),
            "is damaged",
            id="missing string",
        ),
        pytest.param(
            xlsx('<sheetData><row r="1"><c r="ÄÖ"><v>9</v></c></row></sheetData>'),
            "is damaged",
            id="impossible cell",
        ),
        pytest.param(
            xlsx('<sheetData><row r="1"><c r="A1"><v>1e999999</v></c></row></sheetData>'),
            "is damaged",
            id="endless number",
        ),
        pytest.param(twins(), "is damaged", id="two members of one name"),
        pytest.param(bomb(), "too large when it is unpacked", id="bomb"),
        pytest.param(bomb_of_many(), "too large when it is unpacked", id="bomb of many members"),
        pytest.param(crowd(), "too large when it is unpacked", id="too many members"),
        pytest.param(liar(), "is damaged", id="false sizes"),
        pytest.param(
            xlsx(ROW, **{"xl/sharedStrings.xml": XXE + STRINGS}), "document type", id="xxe"
        ),
        pytest.param(
            xlsx(ROW, **{"xl/sharedStrings.xml": LAUGHS + STRINGS}), "document type", id="laughs"
        ),
        pytest.param(
            xlsx(ROW, **{"xl/sharedStrings.xml": LATE + LAUGHS + STRINGS}),
            "document type",
            id="late dtd",
        ),
        pytest.param(
            xlsx(ROW, **{"xl/sharedStrings.xml": (LAUGHS + STRINGS).encode("utf-16")}),
            "document type",
            id="dtd in utf-16",
        ),
        pytest.param(
            docx(TABLE, **{"word/settings.xml": f"{XXE}<a/>"}), "document type", id="dtd elsewhere"
        ),
        pytest.param(xlsx(ROW, **{"xl/vbaProject.bin": b"x"}), "holds macros", id="xlsm"),
        pytest.param(docx(TABLE, **{"word/vbaProject.bin": b"x"}), "holds macros", id="docm"),
        pytest.param(xlsx("<sheetData/>"), "There is no table", id="empty sheet"),
        pytest.param(docx("<w:p/>"), "There is no table", id="document without table"),
        pytest.param(
            xlsx('<sheetData><row r="1"><c r="C1"><f>1+1</f></c></row></sheetData>'),
            "Cell C1 .* formula without a stored result",
            id="formula without result",
        ),
        pytest.param(
            xlsx('<sheetData><row r="60001"><c r="A60001"><v>1</v></c></row></sheetData>'),
            "“Plan” .* more than 60000 rows",
            id="too many rows in a sheet",
        ),
        pytest.param(
            xlsx('<sheetData><row r="3"><c r="ZZ3"><v>1</v></c></row></sheetData>'),
            "Row 3 .* 200 columns",
            id="too many columns in a sheet",
        ),
        pytest.param(
            docx(
                '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr>'
                "</w:tbl>"
            ),
            "Row 1 .* 200 columns",
            id="cell merged over too many columns",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    content: bytes, sentence: str
) -> None:
    with translation.override("en"), pytest.raises(UnreadableFileError, match=sentence) as caught:
        read_tables("plan.csv", content)

    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("content", [xlsx(ROW), docx(TABLE)], ids=["xlsx", "docx"])
def test_no_cut_and_no_flipped_byte_makes_anything_but_a_refusal(content: bytes) -> None:
    for at in range(0, len(content), 11):
        flipped = bytearray(content)
        flipped[at] ^= 0xFF
        for broken in (content[:at], bytes(flipped)):
            try:
                read_tables("plan.xlsx", broken)
            except UnreadableFileError:
                continue


def test_a_merge_over_the_whole_sheet_costs_no_time() -> None:
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 20_000
    sheet = f"{ROW}<mergeCells>{merges}</mergeCells>"

    (table,) = read_tables("plan.xlsx", xlsx(sheet))

    assert cells(table) == [("1.1",)]


def test_links_that_leave_the_file_are_not_followed() -> None:
    outside = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="worksheet" TargetMode="External" '
        f'Type="{OFFICE}/worksheet" Target="http://127.0.0.1/sheet.xml"/></Relationships>'
    )
    climbing = links(worksheet="../../../../etc/passwd")

    for relations in (outside, climbing):
        with pytest.raises(UnreadableFileError):
            read_tables("plan.xlsx", xlsx(ROW, **{"xl/_rels/workbook.xml.rels": relations}))
