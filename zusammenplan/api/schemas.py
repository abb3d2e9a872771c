"""What the interface answers, as types. The descriptions are read by people at ``docs``."""

from datetime import date, datetime
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


class Plan(Schema):
    slug: str = Field(examples=["sozialplan-2027-2031"])
    title: Text
    summary: Text
    status: str = Field(examples=["vote"])
    starts_on: date | None = Field(examples=["2027-01-01"])
    ends_on: date | None = Field(examples=["2031-12-31"])
    fields: int = Field(description="Number of fields of action.", examples=[6])
    measures: int = Field(description="Number of measures.", examples=[16])
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


class FieldOfActionList(Paged):
    items: list[FieldOfAction]


class Period(Schema):
    text: str | None = Field(description="As written in the plan.", examples=["seit 2019"])
    starts_on: date | None = Field(examples=["2019-01-01"])
    ends_on: date | None = Field(examples=[None])


class Priority(Schema):
    degree: float = Field(examples=[1.5])
    round: str = Field(description="Title of the vote that set it.", examples=["Abstimmung 2027"])
    set_on: date | None = Field(examples=["2027-02-05"])


class Measure(Schema):
    number: str = Field(examples=["2.3"])
    identity: UUID = Field(
        description="Stays the same when the measure goes on in the next plan.",
        examples=["0f8fad5b-d9cb-469f-a165-70867728950e"],
    )
    title: Text
    text: Text
    field: str | None = Field(description="Code of the field of action.", examples=["2"])
    responsible: str | None = Field(examples=["Sozialamt"])
    period: Period
    status: str = Field(examples=["running"])
    source: str | None = Field(examples=[None])
    is_additional: bool = Field(description="Proposed during a vote.", examples=[False])
    priority: Priority | None
    url: str = Field(
        description="The page for people.",
        examples=["https://sozialplanung.example/plan/sozialplan-2027-2031/massnahme/7/"],
    )


class MeasureList(Paged):
    items: list[Measure]


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


class Index(Schema):
    """Where everything begins."""

    plans: str
    results: str
    openapi: str
    docs: str
