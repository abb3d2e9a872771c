"""What the interface answers, as types. The descriptions are read by people at ``docs``."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class Text(Schema):
    """A text in German and, where somebody wrote it, in English."""

    de: str = Field(examples=["Pflegestützpunkt einrichten"])
    en: str | None = Field(examples=["Set up a care support centre"])


class Problem(Schema):
    """Why there is no answer."""

    detail: str = Field(examples=["There is nothing at this address."])


class WrongInput(Schema):
    """Which parameter is wrong."""

    detail: list[dict[str, object]] = Field(
        examples=[[{"loc": ["query", "page"], "msg": "Input should be at least 1"}]]
    )


class Paged(Schema):
    """One page of a list."""

    count: int = Field(description="How many there are in all.", examples=[16])
    page: int = Field(examples=[1])
    pages: int = Field(examples=[1])


class Period(Schema):
    text: str | None = Field(description="As written in the plan.", examples=["seit 2019"])
    starts_on: date | None = Field(examples=["2019-01-01"])
    ends_on: date | None = Field(examples=[None])


class Level(Schema):
    """A level of the plan's goals."""

    depth: int = Field(description="1 is the top.", examples=[4])
    name: Text
    is_action: bool = Field(description="Goals of this level are rated.", examples=[True])


class Resolution(Schema):
    number: str | None = Field(description="As written.", examples=["KT 2027/16-04"])
    body: str = Field(examples=["Kreistag"])
    decided_on: date = Field(examples=["2027-06-16"])
    is_adoption: bool = Field(description="It adopts the plan.", examples=[True])
    note: str | None = Field(examples=[None])


class Plan(Schema):
    slug: str = Field(examples=["sozialplan-2027-2031"])
    title: Text
    summary: Text
    status: str = Field(examples=["vote"])
    starts_on: date | None = Field(examples=["2027-01-01"])
    ends_on: date | None = Field(examples=["2031-12-31"])
    predecessor: str | None = Field(
        description="Slug of the plan before, if it is published.", examples=["sozialplan-2022"]
    )
    levels: list[Level] = Field(description="The levels of its goals.")
    resolutions: list[Resolution]
    fields: int = Field(description="Number of fields of action.", examples=[6])
    needs: int = Field(description="Number of needs.", examples=[9])
    goals: int = Field(description="Number of goals.", examples=[21])
    measures: int = Field(description="Number of measures.", examples=[16])
    versions: int = Field(description="Number of frozen versions.", examples=[2])
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/"],
    )


class PlanList(Paged):
    items: list[Plan]


class FieldOfAction(Schema):
    code: str = Field(examples=["2"])
    name: Text
    text: Text
    measures: int = Field(examples=[3])
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/handlungsfeld/2/"],
    )


class FieldOfActionList(Paged):
    items: list[FieldOfAction]


class Citation(Schema):
    """A value of the data as it was cited; a secret one has a sign instead."""

    indicator: str = Field(description="Short name of the indicator.", examples=["share_65"])
    area: str = Field(examples=["Ilsetal"])
    starts_on: date = Field(examples=["2025-12-31"])
    ends_on: date = Field(examples=["2025-12-31"])
    value: Decimal | None = Field(examples=["31.379834"])
    sign: str | None = Field(examples=[None])
    unit: Text
    url: str | None = Field(
        description="The page that tells where the value comes from.",
        examples=["https://sozialplanung.example/daten/wert/3/"],
    )


class Evidence(Schema):
    """What proves a need."""

    kind: str = Field(examples=["survey"])
    text: Text
    source: str | None = Field(examples=["Befragung 2026, 1.284 Antworten"])
    url: str | None = Field(examples=[None])
    dated_on: date | None = Field(examples=["2026-09-01"])
    citation: Citation | None = Field(description="The value of the data that it cites.")


class Need(Schema):
    identity: UUID = Field(
        description="Stays the same when the need goes on in the next plan.",
        examples=["7c9e6679-7425-40de-944b-e07fc1f90ae7"],
    )
    number: str | None = Field(examples=["B2"])
    field: str | None = Field(description="Code of the field of action.", examples=["2"])
    title: Text
    text: Text
    strength: str = Field(examples=["high"])
    state: str = Field(examples=["open"])
    state_reason: str | None = Field(examples=[None])
    areas: list[str] = Field(examples=[["Oberer Grund"]])
    target_groups: list[Text]
    life_situations: list[Text]
    evidence: list[Evidence]
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/bedarf/3/"],
    )


class NeedList(Paged):
    items: list[Need]


class Rating(Schema):
    """What a closed evaluation says of a goal or a measure."""

    evaluation: str = Field(description="Slug of the evaluation.", examples=["auswertung-2029"])
    state: str = Field(examples=["rated"])
    share: Decimal | None = Field(
        description="How far it was attained, from 0 to 1; none if it was not rated.",
        examples=["0.7500"],
    )


class Goal(Schema):
    identity: UUID = Field(
        description="Stays the same when the goal goes on in the next plan.",
        examples=["16fd2706-8baf-433b-82eb-8c7fada847da"],
    )
    parent: UUID | None = Field(description="Identity of the goal above.", examples=[None])
    level: int | None = Field(description="Depth of its level; 1 is the top.", examples=[2])
    number: str | None = Field(examples=["1.2"])
    field: str | None = Field(description="Code of the field of action.", examples=["2"])
    title: Text
    text: Text
    period: Period
    state: str = Field(examples=["pursued"])
    state_reason: str | None = Field(examples=[None])
    needs: list[UUID] = Field(
        description="Identities of the needs that it answers.",
        examples=[["7c9e6679-7425-40de-944b-e07fc1f90ae7"]],
    )
    ratings: list[Rating]
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/ziel/5/"],
    )


class GoalList(Paged):
    items: list[Goal]


class Cost(Schema):
    year: int | None = Field(description="None if it is bound to no year.", examples=[2027])
    amount: Decimal = Field(description="In euros.", examples=["68400.00"])
    source: str | None = Field(examples=["Land (LSZ)"])
    note: str | None = Field(examples=[None])


class Milestone(Schema):
    title: Text
    due_on: date | None = Field(examples=["2027-10-01"])
    first_due_on: date | None = Field(
        description="The day that was set first.", examples=["2027-07-01"]
    )
    moved_reason: str | None = Field(examples=["Der Bescheid kam später."])
    done_on: date | None = Field(examples=[None])


class IndicatorValue(Schema):
    on: date = Field(examples=["2026-12-31"])
    value: Decimal = Field(examples=["201.0000"])
    note: str | None = Field(examples=[None])


class File(Schema):
    """A file that everybody may have."""

    name: str = Field(examples=["konzept.pdf"])
    description: str | None = Field(examples=["Konzept Pflegestützpunkt"])
    kind: str = Field(description="Media type.", examples=["application/pdf"])
    size: int = Field(description="In bytes.", examples=[640000])
    checksum: str = Field(description="SHA-256.", examples=["9f86d081884c7d65"])
    url: str = Field(
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/massnahme/7/datei/2/"]
    )


class Tie(Schema):
    """Of which indicator and area of the data the values are."""

    indicator: str = Field(description="Short name of the indicator.", examples=["care_rate"])
    area: str = Field(examples=["Landkreis Rennsteiggrund"])


class Indicator(Schema):
    """How one sees that a measure works, in words or in numbers."""

    kind: str = Field(examples=["numeric"])
    text: Text
    unit: str | None = Field(examples=["Beratungen im Jahr"])
    unit_en: str | None = Field(
        description="The unit in English.", examples=["consultations a year"]
    )
    baseline: Decimal | None = Field(examples=["142.0000"])
    baseline_on: date | None = Field(examples=["2023-12-31"])
    target: Decimal | None = Field(examples=["500.0000"])
    target_on: date | None = Field(examples=["2029-12-31"])
    reached_on: date | None = Field(description="Of one in words.", examples=[None])
    evidence: str | None = Field(examples=[None])
    source: str | None = Field(examples=["Sozialamt, Jahresstatistik"])
    values: list[IndicatorValue]
    tie: Tie | None = Field(description="Then the values are those of the data.")
    files: list[File]


class Relation(Schema):
    """How the measure stands to another published one."""

    kind: str = Field(examples=["continues"])
    identity: UUID = Field(examples=["0f8fad5b-d9cb-469f-a165-70867728950e"])
    plan: str = Field(description="Slug of the other one's plan.", examples=["sozialplan-2022"])
    number: str = Field(examples=["3.2"])
    title: Text
    note: str | None = Field(examples=[None])


class Priority(Schema):
    degree: float = Field(examples=[1.5])
    round: str = Field(description="Title of the vote that set it.", examples=["Abstimmung 2027"])
    round_en: str | None = Field(description="Its title in English.", examples=["Vote of 2027"])
    set_on: date | None = Field(examples=["2027-02-05"])


class Measure(Schema):
    number: str = Field(examples=["2.3"])
    identity: UUID = Field(
        description="Stays the same when the measure goes on in the next plan.",
        examples=["0f8fad5b-d9cb-469f-a165-70867728950e"],
    )
    title: Text
    text: Text
    title_easy: str | None = Field(
        description="In easy language (German).", examples=["Hilfe bei Fragen zur Pflege"]
    )
    text_easy: str | None = Field(description="In easy language (German).", examples=[None])
    field: str | None = Field(description="Code of the field of action.", examples=["2"])
    responsible: str | None = Field(examples=["Sozialamt"])
    partners: list[str] = Field(examples=[["Pflegekassen"]])
    period: Period
    status: str = Field(examples=["running"])
    status_on: date | None = Field(description="Status since.", examples=["2027-01-15"])
    status_reason: str | None = Field(examples=[None])
    goals: list[UUID] = Field(
        description="Identities of its goals.", examples=[["16fd2706-8baf-433b-82eb-8c7fada847da"]]
    )
    needs: list[UUID] = Field(
        description="Identities of its needs.", examples=[["7c9e6679-7425-40de-944b-e07fc1f90ae7"]]
    )
    areas: list[str] = Field(examples=[["Oberer Grund", "Ilsetal"]])
    target_groups: list[Text]
    life_situations: list[Text]
    costs: list[Cost]
    milestones: list[Milestone]
    indicators: list[Indicator]
    relations: list[Relation]
    files: list[File]
    ratings: list[Rating]
    source: str | None = Field(examples=[None])
    is_additional: bool = Field(description="Proposed during a vote.", examples=[False])
    priority: Priority | None
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/massnahme/7/"],
    )


class MeasureList(Paged):
    items: list[Measure]


class Evaluation(Schema):
    """A closed evaluation in numbers."""

    slug: str = Field(examples=["auswertung-2029"])
    title: Text
    closed_at: datetime = Field(examples=["2029-11-30T12:00:00+01:00"])
    rated: int = Field(description="How many goals and measures were rated.", examples=[14])
    not_assessable: int = Field(examples=[1])
    dropped: int = Field(examples=[1])
    average: float | None = Field(
        description="Mean share attained of those rated, from 0 to 1.", examples=[0.64]
    )


class EvaluationList(Paged):
    items: list[Evaluation]


class RatedThing(Schema):
    """The rating of one goal or measure."""

    of: str = Field(description="goal or measure", examples=["measure"])
    identity: UUID = Field(examples=["0f8fad5b-d9cb-469f-a165-70867728950e"])
    number: str | None = Field(examples=["2.3"])
    title: Text
    state: str = Field(examples=["rated"])
    share: Decimal | None = Field(examples=["0.7500"])


class EvaluationDetail(Evaluation):
    scale: dict[str, Any] = Field(
        description="The scale as it was then.", examples=[{"kind": "four_steps"}]
    )
    ratings: list[RatedThing]


class Version(Schema):
    """A frozen version of a plan."""

    number: int = Field(examples=[2])
    label: Text
    frozen_at: datetime = Field(examples=["2027-06-17T09:00:00+02:00"])
    resolution: Resolution | None
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/fassung/2/"],
    )


class VersionList(Paged):
    items: list[Version]


class VersionDetail(Version):
    content: dict[str, Any] = Field(
        description="All that stood in the plan, without names of persons and inner files.",
        examples=[{"slug": "sozialplan-2027-2031", "fields": [], "goals": [], "measures": []}],
    )


class Change(Schema):
    """Something that changed since the plan was published, within a year."""

    at: datetime = Field(examples=["2027-09-01T10:15:00+02:00"])
    kind: str = Field(examples=["milestone_moved"])
    title: Text
    measure: str | None = Field(description="Number of the measure.", examples=["2.3"])
    old: str | None = Field(description="Status or day before.", examples=["2027-07-01"])
    new: str | None = Field(description="Status or day since.", examples=["2027-10-01"])
    reason: str | None = Field(examples=["Der Bescheid kam später."])


class ChangeList(Paged):
    items: list[Change]


class Result(Schema):
    slug: str = Field(examples=["abstimmung-2027"])
    title: Text
    plan: str = Field(description="Slug of the plan.", examples=["sozialplan-2027-2031"])
    stage: str = Field(examples=["final"])
    is_secret: bool = Field(examples=[False])
    released_at: datetime = Field(examples=["2027-02-05T18:30:00+01:00"])
    corrects: str | None = Field(
        description="Slug of the result that this one corrects.", examples=[None]
    )
    measures: int = Field(examples=[16])
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/ergebnis/abstimmung-2027/"],
    )


class ResultList(Paged):
    items: list[Result]


class Scale(Schema):
    first: int = Field(description="The grade that means: implement first.", examples=[1])
    last: int = Field(description="The grade that means: last.", examples=[6])


class Rule(Schema):
    pooling: str = Field(examples=["bodies"])
    half_step: str = Field(examples=["keep"])
    words: Text


class Group(Schema):
    name: Text
    mark: str = Field(description="The group's sign on paper.", examples=["x"])
    way: str = Field(examples=["personal"])
    voters: int = Field(examples=[19])
    voted: int = Field(examples=[17])
    closed_at: datetime | None = Field(examples=["2027-01-29T17:00:00+01:00"])


class GroupMarks(Schema):
    group: str = Field(description="German name of the group.", examples=["Externe Gruppe"])
    marks: dict[str, int] | None = Field(
        description="How many marks each grade got; none if only the majority was counted.",
        examples=[{"1": 12, "2": 3, "3": 1, "4": 1, "5": 0, "6": 0}],
    )
    majority: int | None = Field(examples=[1])
    median: float | None = Field(examples=[1])
    value: float | None = Field(description="The group's own result.", examples=[1])


class Standing(Schema):
    number: str = Field(examples=["2.3"])
    title: Text
    is_additional: bool = Field(examples=[False])
    degree: float | None = Field(description="None means: not rated.", examples=[1.5])
    rank: int | None = Field(examples=[4])
    shares_rank_with: int = Field(examples=[1])
    agreement: float | None = Field(
        description="Van der Eijk's A from -1 to 1; 1 means that all agree.", examples=[0.68]
    )
    difference: float | None = Field(
        description="How far the groups' results lie apart.", examples=[1]
    )
    sentence: Text
    groups: list[GroupMarks]


class ResultDetail(Result):
    scale: Scale
    rule: Rule
    groups: list[Group]
    standings: list[Standing]


class DataIndicator(Schema):
    """An indicator with all one must know to read its values."""

    code: str = Field(examples=["share_65"])
    name: Text
    definition: Text
    unit: Text
    form: str = Field(examples=["share"])
    formula: str = Field(examples=["100 * population[old:] / population"])
    parameters: dict[str, int] = Field(description="Limits of age.", examples=[{"old": 65}])
    decimals: int = Field(examples=[1])
    direction: str = Field(description="What a high value means.", examples=["neutral"])
    life_situation: str = Field(examples=["population"])
    field_of_action: str | None = Field(examples=["6"])
    source: Text
    method_version: int = Field(examples=[1])
    url: str = Field(examples=["https://example.org/daten/indikator/share_65/"])


class IndicatorList(Paged):
    items: list[DataIndicator]


class Figure(Schema):
    """A value with its sign; without a value the sign says why."""

    area: int = Field(description="As the list of areas gives it.", examples=[8])
    area_name: str = Field(examples=["Ilsetal"])
    ags: str | None = Field(examples=["16099007"])
    starts_on: date = Field(examples=["2026-12-31"])
    ends_on: date = Field(examples=["2026-12-31"])
    value: float | None = Field(examples=[31.4])
    sign: str | None = Field(description="As in official tables.", examples=[None])
    hidden: bool = Field(
        description="The value is hidden, so that nobody can be recognised.", examples=[False]
    )
    quality: str | None = Field(description="p, r, s, e or ().", examples=[None])
    method_version: int = Field(examples=[1])
    provenance: str = Field(examples=["https://example.org/daten/wert/4711/"])


class FigureList(Paged):
    items: list[Figure]


class SocialIndex(Schema):
    slug: str = Field(examples=["sozialindex-gemeinden"])
    name: Text
    explanation: Text
    kind: str = Field(description="Which areas are compared.", examples=["municipality"])
    minimum_population: int = Field(examples=[300])
    classes: int = Field(examples=[4])
    method_version: int = Field(examples=[1])
    url: str = Field(examples=["https://example.org/daten/sozialindex/sozialindex-gemeinden/"])


class SocialIndexList(Paged):
    items: list[SocialIndex]


class IndexPart(Schema):
    indicator: str = Field(examples=["share_65"])
    weight: float = Field(examples=[1])
    high_is_burden: bool = Field(examples=[True])


class IndexArea(Schema):
    """What the index says of an area; z-scores above nought are burdens."""

    area: int = Field(examples=[8])
    name: str = Field(examples=["Ilsebrück"])
    index: float | None = Field(examples=[0.42])
    burden_class: int | None = Field(description="1 is the least burden.", examples=[3])
    rank: int | None = Field(examples=[4])
    left_out: str | None = Field(description="Why it has no index.", examples=[None])
    scores: dict[str, float | None] = Field(examples=[{"share_65": 0.8}])
    values: dict[str, float | None] = Field(examples=[{"share_65": 33.4}])


class SocialIndexDetail(SocialIndex):
    parts: list[IndexPart]
    areas: list[IndexArea]


class Index(Schema):
    """Where everything begins."""

    plans: str
    results: str
    indicators: str
    areas: str
    social_indices: str
    openapi: str
    docs: str


class Area(Schema):
    """An area as it was on the day that was asked for."""

    id: int = Field(description="Of this version of the area.", examples=[812])
    area: int = Field(description="The same for all versions of the area.", examples=[17])
    name: str = Field(examples=["Ilsebrück"])
    kind: str = Field(examples=["municipality"])
    ags: str | None = Field(description="Official key, as text.", examples=["16099011"])
    ars: str | None = Field(description="Regional key, as text.", examples=["160990011011"])
    association: str | None = Field(
        description="The association of municipalities to which it belongs.", examples=[None]
    )
    lies_in: str | None = Field(examples=["Ilsetal"])
    lies_in_ags: str | None = Field(examples=[None])
    valid_from: date | None = Field(description="Nothing: always.", examples=[None])
    valid_to: date | None = Field(description="Nothing: until today and on.", examples=[None])
    area_km2: Decimal | None = Field(examples=["47.1105"])
    is_reference: bool = Field(description="Only to compare with.", examples=[False])
    source: str | None = Field(examples=["© GeoBasis-DE / BKG 2021 (Daten verändert)"])
    licence: str | None = Field(examples=["dl-de/by-2-0"])


class AreaList(Paged):
    items: list[Area]


class Terms(Schema):
    """Whom to name, and on which terms the outlines may be used."""

    as_of: date = Field(description="The day of the territory.", examples=["2026-11-26"])
    attribution: str = Field(examples=["© GeoBasis-DE / BKG 2021 (Daten verändert)"])
    license: str = Field(examples=["dl-de/by-2-0"])


class AreaProperties(Schema):
    AGS: str | None = Field(examples=["16099011"])
    ARS: str | None = Field(examples=["160990011011"])
    GEN: str = Field(description="The name.", examples=["Ilsebrück"])
    kind: str = Field(examples=["municipality"])
    lies_in_ags: str | None = Field(examples=[None])
    valid_from: date | None = Field(examples=[None])
    valid_to: date | None = Field(examples=[None])
    source: str | None = Field(examples=["© GeoBasis-DE / BKG 2021 (Daten verändert)"])
    licence: str | None = Field(examples=["dl-de/by-2-0"])


class AreaFeature(Schema):
    type: str = Field(examples=["Feature"])
    id: int = Field(examples=[812])
    properties: AreaProperties
    geometry: dict[str, Any] = Field(
        description="MultiPolygon in WGS 84.",
        examples=[
            {
                "type": "MultiPolygon",
                "coordinates": [[[[10.9, 50.5], [11.0, 50.5], [11.0, 50.6], [10.9, 50.5]]]],
            }
        ],
    )


class AreaFeatures(Schema):
    """Outlines of areas as GeoJSON (RFC 7946)."""

    type: str = Field(examples=["FeatureCollection"])
    metadata: Terms
    features: list[AreaFeature]
