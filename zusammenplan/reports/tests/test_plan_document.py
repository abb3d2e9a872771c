"""A plan's document says the same as PDF, as Word file and as page, and does no harm."""

import itertools
import re
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from zusammenplan.core.plain_png import columns_png
from zusammenplan.plans.domain.content import (
    BlockContent,
    ChapterContent,
    FileContent,
    IndicatorContent,
    MilestoneContent,
    PlanContent,
    Words,
    from_json,
    to_json,
)
from zusammenplan.plans.tests.test_rich_text import HOSTILE as HOSTILE_HTML
from zusammenplan.reports.exports import plan_pdf as plan_pdf_room
from zusammenplan.reports.exports.plan_docx import plan_docx
from zusammenplan.reports.exports.plan_html import chapters_html
from zusammenplan.reports.exports.plan_pdf import TEMPLATE, plan_pdf
from zusammenplan.reports.queries.document import document_of
from zusammenplan.reports.queries.model import (
    Document,
    Facts,
    Figure,
    Heading,
    Items,
    Listing,
    Paragraph,
    Table,
)
from zusammenplan.reports.queries.reading import anchors, citation, part_of, reading_of
from zusammenplan.reports.tests.pdf_structure import findings, structure
from zusammenplan.reports.tests.plan_samples import (
    NOTHING,
    NOW,
    chapters,
    large,
    sample,
    table_block,
    text_block,
)
from zusammenplan.reports.tests.test_exports import HOSTILE

# Of the database they read the name of the county alone.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PNG = columns_png((1, 2, 3), 60, 40)
PICTURE = FileContent(7, "bild.png", "", "image/png", len(PNG), "abc", is_public=False)


def document(content: PlanContent | None = None, language: str = "de", **more: Any) -> Document:
    return document_of(content or sample(), language=language, now=NOW, **more)


def with_figure(**fields: Any) -> PlanContent:
    values = {"caption": Words("Säulen"), "alt": Words("Drei Säulen"), "picture": PICTURE, **fields}
    block = BlockContent("fig", "figure", NOTHING, **values)
    chapter = ChapterContent("fff", None, "text", Words("Bild"), blocks=(block,))
    return sample(chapters=chapters(chapter))


def pdf_of(made: Document) -> bytes:
    return plan_pdf(made, lambda _pk: PNG)


def docx_of(made: Document) -> Any:
    return docx.Document(BytesIO(plan_docx(made, lambda _pk: PNG)))


def html_of(made: Document) -> str:
    return chapters_html(
        made.chapters,
        address="/plan/sozialplan/dokument/",
        place_url=lambda anchor: f"#{anchor}",
        picture_url=lambda pk: f"/bild/{pk}/",
        words=made.words,
    )


def tables(made: Document) -> dict[str, Table]:
    return {
        block.caption: block
        for chapter in made.chapters
        for block in chapter.blocks
        if isinstance(block, Table)
    }


# --- what it says ------------------------------------------------------------------------


def test_chapters_are_numbered_from_nought_or_one() -> None:
    assert [one.number for one in document().chapters][:3] == ["1", "1.1", "2"]
    assert [one.number for one in document(sample(first_chapter=0)).chapters][:3] == [
        "0",
        "0.1",
        "1",
    ]


def test_a_frozen_version_gives_the_same_document_for_ever() -> None:
    content = with_figure()

    again = from_json(to_json(content))

    assert document(again, version=2) == document(content, version=2)
    assert document(content, version=2).cover.state.startswith("Fassung 2 vom 1.\xa0März 2027")


def test_goals_stand_in_the_columns_of_eisenach() -> None:
    table = tables(document())["Ziele: 1 Beratung"]

    assert table.head == ("Unterziel", "Handlungsziel", "Indikatoren", "Zeitraum")
    assert [(row.kind, row.cells) for row in table.rows] == [
        ("title", ("Oberziel A",)),
        (
            "row",
            (
                "Unterziel B",
                "Handlungsziel C\nMaßnahme 1.1",
                "– Konzept liegt vor\n– Gespräche: von 0 auf 120",
                "ab 2027",
            ),
        ),
    ]


def test_measures_that_are_the_action_goals_each_have_their_row_beside_the_sub_goal() -> None:
    content = sample()
    first, *others = content.measures
    upper, lower = content.goals[:2]
    measures = (replace(first, goals=(lower.identity,)), replace(others[0], goals=first.goals))
    content = replace(content, goals=(upper, lower), measures=(*measures, *others[1:]))

    table = tables(document(content))["Ziele: 1 Beratung"]

    assert [(row.kind, row.cells[:2]) for row in table.rows] == [
        ("title", ("Oberziel A",)),
        ("row", ("Unterziel B", f"Maßnahme 1.1 {first.title.de}")),
    ]


def test_a_picture_that_was_frozen_without_a_description_says_so_and_bars_no_pdf() -> None:
    made = document(with_figure(alt=NOTHING), version=1)

    assert findings(pdf_of(made)) == []
    assert 'alt="Dieses Bild hat keine Beschreibung."' in html_of(made)


def test_a_skipped_heading_moves_up_so_that_the_pdf_can_be_made() -> None:
    text = text_block("b", "<h4>Zu tief</h4><p>Text</p><h4>Noch eine</h4><h3>Eine große</h3>")
    chapter = ChapterContent("k", None, "text", Words("Einleitung"), blocks=(text,))
    made = document(sample(chapters=(chapter,)))

    headings = [block for block in made.chapters[0].blocks if isinstance(block, Heading)]
    assert [one.level for one in headings] == [2, 2, 2]
    assert findings(pdf_of(made)) == []


def test_measures_without_a_goal_are_not_lost() -> None:
    table = tables(document())["Maßnahmen ohne Ziel: 1 Beratung"]

    assert [row.cells[:2] for row in table.rows] == [("1.2", "Bürgerbus")]


def test_costs_are_summed_by_year_and_source() -> None:
    table = tables(document())["Kosten nach Jahr und Herkunft in Euro"]

    assert table.head == ("Herkunft des Geldes", "2027", "ohne Jahr", "Summe")
    assert [row.cells for row in table.rows] == [
        ("Kreis", "500,00", "10,00", "510,00"),
        ("Land", "1.000,50", "–", "1.000,50"),
        ("Summe", "1.500,50", "10,00", "1.510,50"),
    ]


def test_the_average_always_stands_beside_the_share_of_rated_measures() -> None:
    table = tables(document())["Zielerreichung nach Handlungsfeld"]

    assert [row.cells for row in table.rows] == [
        ("1 Beratung", "75\xa0%", "1 von 2"),
        ("Ganzer Plan", "75\xa0%", "1 von 2"),
    ]


def test_priorities_are_ranked_and_what_is_not_rated_comes_last() -> None:
    table = tables(document())["Maßnahmen in der Reihenfolge ihrer Priorität"]

    assert [row.cells for row in table.rows] == [
        ("1", "1.1", "Pflegestützpunkt", "1,5"),
        ("–", "1.2", "Bürgerbus", "nicht bewertet"),
    ]


def test_lists_name_every_figure_table_and_abbreviation() -> None:
    made = document(with_figure())
    listings = [b for c in made.chapters for b in c.blocks if isinstance(b, Listing)]
    known = {anchor for chapter in made.chapters for anchor in anchors(chapter)}

    figures, of_tables = listings
    assert [(one.label, one.text) for one in figures.entries] == [
        ("Abbildung 1", "Säulen"),
        ("Abbildung 2", "Zeitplan der Maßnahmen 1.1 bis 1.2"),
    ]
    assert len(of_tables.entries) == len(tables(made))
    assert {one.anchor for one in (*figures.entries, *of_tables.entries)} <= known
    facts = [b for b in made.chapters[-1].blocks if isinstance(b, Facts)]
    assert [(one.term, one.text) for one in facts[0].facts] == [("LSZ", "Landesprogramm")]


def test_every_address_stands_in_the_document_once() -> None:
    twice = sample(chapters=chapters(ChapterContent("zzz", None, "costs", Words("Noch einmal"))))

    found = [anchor for one in document(twice).chapters for anchor in anchors(one) if anchor]

    assert len(found) == len(set(found))


def test_every_paragraph_of_needs_and_measures_has_an_address() -> None:
    made = {one.title: one for one in document().chapters}
    needs, measures = made["Needs"], made["Measures"]
    paragraphs = [b for one in (needs, measures) for b in one.blocks if isinstance(b, Paragraph)]
    lists = [b for one in (needs, measures) for b in one.blocks if isinstance(b, Items)]
    items = [item for b in lists for item in b.items]

    assert len(paragraphs) > 3
    assert len(lists) > 2
    assert "" not in {*(one.anchor for one in paragraphs), *(one.anchor for one in items)}


def test_a_line_keeps_its_address_when_it_moves_or_its_day_does() -> None:
    start, end = MilestoneContent(Words("Auftakt")), MilestoneContent(Words("Bilanz"))
    seats = IndicatorContent("verbal", Words("Plätze belegt"))

    before = addresses_of(milestones=(start, end, end), indicators=(seats,))
    late = replace(end, due_on=date(2029, 5, 1))
    after = addresses_of(
        milestones=(late, start), indicators=(replace(seats, reached_on=date(2028, 1, 1)),)
    )

    assert before["Auftakt"] == after["Auftakt"]
    assert before["Plätze belegt"] == after["Plätze belegt"]
    assert len(before["Bilanz"]) == 2
    assert after["Bilanz"] <= before["Bilanz"]
    assert len(set().union(*before.values())) == 4


def addresses_of(**parts: Any) -> dict[str, set[str]]:
    """Give the addresses of the lines in a measure's lists, by the words they begin with."""
    measure = replace(sample().measures[0], **parts)
    made = {one.title: one for one in document(sample(measures=(measure,))).chapters}
    found: dict[str, set[str]] = {}
    for block in made["Measures"].blocks:
        for item in block.items if isinstance(block, Items) else ():
            found.setdefault(item.spans[0].text.split(" (")[0], set()).add(item.anchor)
    return found


def test_a_generated_chapter_with_nothing_says_so() -> None:
    html = html_of(document(sample(measures=(), evaluations=())))

    assert html.count("Für dieses Kapitel gibt es noch nichts.") >= 3


def test_english_takes_the_german_text_where_there_is_no_english_one() -> None:
    made = document(language="en")

    assert made.chapters[0].title == "Introduction"
    assert made.chapters[1].title == "Auftrag"
    assert made.words["contents"] == "Contents"


def test_each_output_says_which_texts_of_an_english_document_are_german() -> None:
    made = document(language="en")

    assert '<span lang="de">Auftrag</span>' in html_of(made)
    assert '<span lang="de">Introduction</span>' not in html_of(made)
    assert "lang=" not in html_of(document())
    languages = {
        (run.text, run._r.xpath("string(./w:rPr/w:lang/@w:val)"))  # noqa: SLF001 - no call
        for paragraph in docx_of(made).paragraphs
        for run in paragraph.runs
    }
    assert ("Introduction", "") in languages
    assert ("Auftrag", "de-DE") in languages
    with pikepdf.open(BytesIO(pdf_of(made))) as pdf:
        assert str(pdf.Root.Lang).startswith("en")
        assert "de" in {str(one.get("/Lang", "")) for one in structure(pdf.Root.StructTreeRoot)}


def test_reading_the_content_needs_no_query_for_each_measure(
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(3):
        document(large(40))


# --- PDF ---------------------------------------------------------------------------------


@cache
def usual_pdf() -> bytes:
    """Set the usual document once for all tests that only look at it."""
    return pdf_of(document(with_figure()))


def test_pdf_passes_the_structural_check() -> None:
    assert findings(usual_pdf()) == []


def test_pdf_has_bookmarks_language_title_and_headers() -> None:
    with pikepdf.open(BytesIO(usual_pdf())) as pdf:
        assert str(pdf.Root.Lang).startswith("de")
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Sozialplan"
        with pdf.open_outline() as bookmarks:
            titles = [one.title for one in bookmarks.root]
        assert "1 Einleitung" in titles
        elements = list(structure(pdf.Root.StructTreeRoot))
        kinds = {str(element.S) for element in elements}
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Note", "/L"} <= kinds
        figures = [element for element in elements if str(element.S) == "/Figure"]
        assert "Drei Säulen" in [str(one.Alt) for one in figures]


def test_a_picture_that_only_adorns_is_no_figure_in_the_pdf() -> None:
    made = document(with_figure(is_decorative=True, caption=NOTHING, alt=NOTHING))

    with pikepdf.open(BytesIO(pdf_of(made))) as pdf:
        told = [
            str(element.get("/Alt", ""))
            for element in structure(pdf.Root.StructTreeRoot)
            if str(element.S) == "/Figure"
        ]

    assert len(told) == 1, "only the timeline"


def test_a_figure_that_fills_its_page_has_bounds_in_the_pdf() -> None:
    picture = columns_png((1, 2, 3), 600, 900)
    figure = BlockContent(
        "fig", "figure", NOTHING, Words("Säulen"), Words("Drei Säulen"), picture=PICTURE
    )
    blocks = tuple(replace(figure, address=f"fig{number}") for number in range(3))
    chapter = ChapterContent("fff", None, "text", Words("Bilder"), blocks=blocks)
    made = document(sample(chapters=(chapter,)))

    with pikepdf.open(BytesIO(plan_pdf(made, lambda _pk: picture))) as pdf:
        elements = structure(pdf.Root.StructTreeRoot)
        figures = [element for element in elements if str(element.S) == "/Figure"]
        # Without them a part of the figure lies on the next page.
        assert len(figures) == 3
        assert all("/BBox" in layout for one in figures for layout in one.A)


def test_contents_take_their_room_before_the_pages_are_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Otherwise every page moves once more, and the typesetter keeps all of them twice."""
    made = document(large(40), "en")
    known = "if query(heading).len() == 0"
    text = TEMPLATE.read_text()
    assert known in text
    template = tmp_path / TEMPLATE.name
    template.write_text(text.replace(known, "if true"))

    whole = pages_of_chapters(pdf_of(made))
    monkeypatch.setattr(plan_pdf_room, "TEMPLATE", template)
    before = pages_of_chapters(pdf_of(made))

    assert whole[0] > 3, "the contents have more than one page"
    assert before == whole


def pages_of_chapters(content: bytes) -> list[int]:
    """Give the pages on which the chapters begin, which the bookmarks lead to."""
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_outline() as bookmarks:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        places: list[Any] = [one.destination for one in bookmarks.root if one.title[0].isdigit()]
        return [numbers[place[0].objgen] for place in places]


def hostile_content() -> PlanContent:
    table = BlockContent(
        "tab",
        "table",
        NOTHING,
        Words("=1+1"),
        NOTHING,
        cells=(("Kopf", "=1+1"), *((one, "x") for one in HOSTILE)),
    )
    text = "".join(f"<p>{one}</p>" for one in HOSTILE_HTML)
    plain = "".join(f"<p>{one.replace('&', '&amp;').replace('<', '&lt;')}</p>" for one in HOSTILE)
    chapter = ChapterContent(
        "hhh",
        None,
        "text",
        Words("Titel " * 50),
        blocks=(text_block("t", text), text_block("u", plain), table),
    )
    first = sample().measures[0]
    measures = tuple(
        replace(first, identity=f"h{number}", number=str(number), title=Words(one), text=Words(one))
        for number, one in enumerate(HOSTILE)
    )
    return sample(title="<b>مركز</b> 🛝 #panic()", chapters=chapters(chapter), measures=measures)


def test_no_text_does_harm_in_pdf_word_or_page() -> None:
    made = document(hostile_content())

    assert pdf_of(made).startswith(b"%PDF")
    word = docx_of(made)
    assert any("=1+1" in cell.text for table in word.tables for cell in table._cells)  # noqa: SLF001 - fast
    html = html_of(made)
    assert "<script" not in html
    assert "<img src=x" not in html
    assert 'href="javascript' not in html.lower()
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert not re.search(r"<[^>]*\sstyle=", html)


def test_a_huge_table_repeats_its_header_on_every_page() -> None:
    chapter = ChapterContent("hhh", None, "text", Words("Orte"), blocks=(table_block("tab", 400),))
    made = document(sample(chapters=(chapter,)))

    with pikepdf.open(BytesIO(pdf_of(made))) as pdf:
        assert len(pdf.pages) > 8
    word = docx_of(made)
    assert len(word.tables[0].rows) == 401
    assert word.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None  # noqa: SLF001 - no call


# --- Word --------------------------------------------------------------------------------


def test_word_file_has_real_styles_captions_and_contents() -> None:
    word = docx_of(document(with_figure()))

    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {
        "Title",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Caption",
        "List Bullet",
        "List Bullet 2",
        "List Number",
        "Quote",
        "TOC 1",
        "TOC 2",
        "table of figures",
    } <= styles
    xml = word.element.xml
    assert 'TOC \\o "1-3"' in xml
    assert "SEQ Abbildung" in xml
    assert "SEQ Tabelle" in xml
    assert 'descr="Drei Säulen"' in xml


def test_each_line_of_the_contents_asks_for_its_page() -> None:
    word = docx_of(document(with_figure(source="Amt für Statistik")))

    lines = [one for one in word.paragraphs if one.style.name.startswith(("TOC 1", "table of"))]
    asked = [re.findall(r"PAGEREF (\S+)", one._p.xml) for one in lines]  # noqa: SLF001 - no call
    bookmarks = {one.get(qn("w:name")) for one in word.element.iter(qn("w:bookmarkStart"))}
    assert all(len(names) == 1 and names[0] in bookmarks for names in asked)
    assert "Impressum" in [line.text.strip() for line in lines]
    captions = [one.text for one in word.paragraphs if one.style.name == "Caption"]
    assert not any("Amt für Statistik" in caption for caption in captions), "lists would repeat it"


def test_the_word_file_says_when_it_was_made_and_keeps_lead_lines_with_their_lists() -> None:
    made = document()
    word = docx_of(made)

    properties = word.core_properties
    assert properties.created == properties.modified == NOW
    lead = next(one for one in word.paragraphs if one.text.startswith("Woran man sieht"))
    assert lead.paragraph_format.keep_with_next


def test_titles_within_a_table_of_the_word_file_stay_with_their_rows() -> None:
    word = docx_of(document())

    goals = next(
        one for one in word.tables if "Handlungsziel" in [c.text for c in one.rows[0].cells]
    )
    stay = [
        all(one.paragraph_format.keep_with_next for one in row.cells[0].paragraphs)
        for row in goals.rows
    ]
    assert stay[:2] == [True, True]
    assert not stay[-1]


def test_the_logos_of_those_who_fund_stand_on_the_cover() -> None:
    made = document()
    cover = replace(
        made.cover, sponsors="Freistaat Thüringen", sponsor_logo=5, sponsor_logo_kind="image/png"
    )
    made = replace(made, cover=cover)
    word = docx_of(made)

    assert made.pictures[5] == "image/png"
    assert "Gefördert von: Freistaat Thüringen" in [one.text for one in word.paragraphs]
    assert 'descr="Freistaat Thüringen"' in word.element.xml
    assert pdf_of(made).startswith(b"%PDF")


def test_word_counts_chapters_and_each_ordered_list_itself() -> None:
    ordered = "<ol><li>Eins</li><li>Zwei</li></ol>"
    block = BlockContent("bl", "text", Words(f"{ordered}<p>Dann:</p>{ordered}"), Words(), Words())
    listed = ChapterContent("lis", None, "text", Words("Listen"), blocks=(block,))
    word = docx_of(document(sample(chapters=chapters(listed), first_chapter=0)))

    headings = [one for one in word.paragraphs if one.style.name == "Heading 1"]
    own = [one.text for one in headings if one.paragraph_format.element.pPr.numPr is None]
    styles = [word.styles[f"Heading {level}"].element.pPr.numPr for level in (1, 2, 3)]
    kinds = word.part.numbering_part.element
    number = kinds.num_having_numId(styles[0].numId.val)
    kind = next(
        one
        for one in kinds.iter(qn("w:abstractNum"))
        if one.get(qn("w:abstractNumId")) == str(number.abstractNumId.val)
    )
    lists = [
        one.paragraph_format.element.pPr.numPr.numId.val
        for one in word.paragraphs
        if one.text in {"Eins", "Zwei"}
    ]
    assert "Listen" in own
    assert headings[-1].paragraph_format.element.pPr.numPr.numId.val == 0
    assert [one.ilvl.val for one in styles] == [0, 1, 2]
    assert [one.get(qn("w:val")) for one in kind.iter(qn("w:start"))] == ["0", "1", "1"]
    assert lists[0] == lists[1] != lists[2] == lists[3]


def test_word_file_has_real_footnotes() -> None:
    content = plan_docx(document(), lambda _pk: PNG)

    with zipfile.ZipFile(BytesIO(content)) as file:
        notes = file.read("word/footnotes.xml").decode()
        body = file.read("word/document.xml").decode()
        kinds = file.read("[Content_Types].xml").decode()
    assert "Stand 2026" in notes
    assert '<w:footnoteReference w:id="1"/>' in body
    assert "footnotes+xml" in kinds


def test_word_bookmarks_are_unique_and_links_lead_to_them() -> None:
    body = docx_of(document(with_figure())).element

    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    links = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))} - {None}
    assert len(names) == len(set(names))
    assert links <= set(names)


# --- the page ----------------------------------------------------------------------------


def test_page_gives_every_paragraph_its_lasting_address() -> None:
    html = html_of(document())

    assert 'id="p-txt-p1"' in html
    assert 'href="/plan/sozialplan/dokument/#p-txt-p1"' in html
    assert '<sup class="zp-read__note"><a class="zp-a" id="fnref-1" href="#fn-1"' in html
    assert 'id="fn-1"' in html
    assert "<ul><li" in html


def test_headings_of_the_page_never_skip_a_level() -> None:
    levels = [int(one) for one in re.findall(r"<h(\d)", html_of(document(with_figure())))]

    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_headings_of_the_document_never_skip_a_level() -> None:
    levels = []
    for chapter in document().chapters:
        levels.append(chapter.level)
        levels += [block.level for block in chapter.blocks if isinstance(block, Heading)]

    assert max(levels) > min(levels)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_a_long_document_is_divided_and_every_place_is_found() -> None:
    made = document(large(200))

    whole = reading_of(made, address="/d/")
    part = reading_of(made, address="/d/", part=1)

    assert whole is not None
    assert whole.is_divided
    assert not whole.chapters
    assert part is not None
    assert [one.number for one in part.chapters] == ["1", "1.1"]
    assert part_of(made, "p-txt-p1") == 1
    assert part_of(made, "gibt-es-nicht") is None
    assert reading_of(made, address="/d/", part=99) is None


def test_a_short_document_is_one_page() -> None:
    page = reading_of(document(), address="/d/")

    assert page is not None
    assert not page.is_divided
    assert page.contents[0].opens


def test_a_version_is_cited_by_its_number_and_day() -> None:
    told = citation(document(version=2), 2)

    assert "Fassung 2, 1.\xa0März 2027" in told
    assert told.endswith("/plan/sozialplan/fassung/2/")


def test_timeline_is_told_in_words_beside_the_drawing() -> None:
    figures = [b for c in document().chapters for b in c.blocks if isinstance(b, Figure)]

    assert "<script" not in figures[0].svg
    assert "2027" in figures[0].alt


def test_two_hundred_pages_are_set() -> None:
    content = pdf_of(document(large(200)))

    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) >= 180
