"""Contents of plans, small and large, for the tests of documents."""

from datetime import UTC, date, datetime
from decimal import Decimal

from zusammenplan.plans.domain.content import (
    AbbreviationContent,
    BlockContent,
    ChapterContent,
    CostContent,
    EvaluationContent,
    EvidenceContent,
    FieldContent,
    GoalContent,
    IndicatorContent,
    LevelContent,
    MeasureContent,
    MilestoneContent,
    NeedContent,
    PlanContent,
    PriorityContent,
    RatingContent,
    Span,
    Words,
)

NOW = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
NOTHING = Words()
SENTENCE = (
    "Der Landkreis will, dass alle Menschen die Angebote in ihrer Nähe kennen und erreichen. "
)


def text_block(address: str, html: str) -> BlockContent:
    return BlockContent(address, "text", Words(html), NOTHING, NOTHING)


def table_block(address: str, rows: int = 2, first: str = "Grundheim") -> BlockContent:
    cells = (("Ort", "Menschen"), *((f"{first} {number}", "1.234") for number in range(rows)))
    return BlockContent(address, "table", NOTHING, Words("Orte"), NOTHING, cells=cells)


def chapters(*more: ChapterContent) -> tuple[ChapterContent, ...]:
    generated = ("fields", "needs", "measures", "priorities", "timeline", "costs", "evaluation")
    lists = ("figures", "tables", "abbreviations")
    return (
        ChapterContent(
            "aaa",
            None,
            "text",
            Words("Einleitung", "Introduction"),
            blocks=(
                text_block(
                    "txt",
                    '<h3 id="h1">Lage</h3><p id="p1">Ein <strong>Satz</strong> mit Fußnote((Stand '
                    '2026)) und <a href="https://example.org">Link</a>.</p>'
                    '<ul><li id="l1">eins<ul><li id="l2">eins a</li></ul></li></ul>'
                    '<ol><li id="l3">erstens</li></ol>',
                ),
                table_block("tab"),
                BlockContent(
                    "quo",
                    "quote",
                    Words('<p id="q1">Der Bus fährt selten.</p>'),
                    NOTHING,
                    NOTHING,
                    source="Gast einer Konferenz",
                ),
            ),
        ),
        ChapterContent(
            "bbb", "aaa", "text", Words("Auftrag"), blocks=(text_block("t2", "<p>x</p>"),)
        ),
        *more,
        *(ChapterContent(f"c{kind}", None, kind, Words(kind.title())) for kind in generated),
        *(ChapterContent(f"l{kind}", None, kind, Words(kind.title())) for kind in lists),
    )


def sample(title: str = "Sozialplan", **more: object) -> PlanContent:
    """Give a plan in which every kind of chapter has something to show."""
    goals = (
        GoalContent("g1", None, 1, "1", "", Words("Oberziel A"), NOTHING, Span(), "pursued"),
        GoalContent("g2", "g1", 2, "1", "", Words("Unterziel B"), NOTHING, Span(), "pursued"),
        GoalContent(
            "g3", "g2", 3, "1", "", Words("Handlungsziel C"), NOTHING, Span("ab 2027"), "pursued"
        ),
    )
    measures = (
        MeasureContent(
            "m1",
            "1.1",
            "1",
            Words("Pflegestützpunkt"),
            Words("Beratung an einem Ort."),
            "running",
            Span("", date(2027, 1, 1), date(2029, 12, 31)),
            responsible="Sozialamt",
            goals=("g3",),
            needs=("n1",),
            priority=PriorityContent(Decimal("1.5"), 1, 6, "Abstimmung", date(2027, 2, 1)),
            costs=(
                CostContent(2027, Decimal("1000.50"), "Land"),
                CostContent(2027, Decimal(500), "Kreis"),
                CostContent(None, Decimal(10), "Kreis"),
            ),
            milestones=(MilestoneContent(Words("Konzept"), date(2027, 6, 30), date(2027, 3, 31)),),
            indicators=(
                IndicatorContent("verbal", Words("Konzept liegt vor")),
                IndicatorContent(
                    "numeric", Words("Gespräche"), baseline=Decimal(0), target=Decimal(120)
                ),
            ),
        ),
        MeasureContent(
            "m2",
            "1.2",
            "1",
            Words("Bürgerbus"),
            NOTHING,
            "planned",
            Span("ab 2028", date(2028, 1, 1)),
        ),
    )
    values = {
        "summary": Words("Was der Kreis tun will."),
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2031, 12, 31),
        "status": "draft",
        "levels": (
            LevelContent(1, Words("Oberziel")),
            LevelContent(2, Words("Unterziel")),
            LevelContent(3, Words("Handlungsziel"), is_action=True),
        ),
        "fields": (FieldContent("1", Words("Beratung"), Words("Rat an einem Ort.")),),
        "needs": (
            NeedContent(
                "n1",
                "1",
                "1",
                Words("Rat fehlt"),
                Words("Viele finden keinen Rat."),
                "high",
                "open",
                evidence=(EvidenceContent("survey", Words("61 von 100"), "Befragung 2026"),),
            ),
        ),
        "goals": goals,
        "measures": measures,
        "chapters": chapters(),
        "abbreviations": (AbbreviationContent("LSZ", Words("Landesprogramm")),),
        "evaluations": (
            EvaluationContent(
                "runde",
                Words("Zwischenstand"),
                {"kind": "percentage"},
                NOW,
                (
                    RatingContent("measure", "m1", "rated", Decimal("0.75"), "läuft", "", NOW),
                    RatingContent("measure", "m2", "not_assessable", None, "", "", NOW),
                ),
            ),
        ),
        **more,
    }
    return PlanContent("sozialplan", Words(title), **values)  # type: ignore[arg-type] # whatever a test wants


def large(pages: int) -> PlanContent:
    """Give a plan whose document has about so many pages: half text, half generated."""
    written = tuple(
        ChapterContent(
            f"x{number}",
            None,
            "text",
            Words(f"Kapitel {number}"),
            blocks=(
                *(
                    text_block(
                        f"x{number}b{part}",
                        "".join(f'<p id="p{line}">{SENTENCE * 5}</p>' for line in range(6)),
                    )
                    for part in range(4)
                ),
                table_block(f"x{number}t", 12),
            ),
        )
        for number in range(max(1, pages // 8))
    )
    first = sample().measures[0]
    measures = tuple(
        MeasureContent(
            f"m{number}",
            f"1.{number}",
            "1",
            Words(f"Maßnahme {number}"),
            Words(SENTENCE * 3),
            "planned",
            Span("", date(2027, 1, 1), date(2029, 12, 31)),
            responsible="Sozialamt",
            goals=("g3",),
            priority=first.priority,
            costs=first.costs,
            milestones=first.milestones,
            indicators=first.indicators,
        )
        for number in range(pages * 3 // 2)
    )
    return sample(measures=measures, evaluations=(), chapters=chapters(*written))
