"""The addresses of the interface."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from zusammenplan.api import queries, schemas
from zusammenplan.core.errors import WAIT_SECONDS, is_momentary
from zusammenplan.core.public import public_page
from zusammenplan.places.choices import AreaKind

api = NinjaAPI(
    title="Zusammenplan",
    version="1",
    description=(
        "Published plans with their fields of action, needs, goals and measures, their evaluations "
        "and versions, released results of prioritisation, areas with their outlines, and "
        "official figures with signs and provenance. Read only, without a key."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)

PAGE = gettext_noop("Which page, from 1.")
SIZE = gettext_noop("How many on a page.")
SLUG = gettext_noop("The last part of the plan's or result's address.")
NUMBER = gettext_noop("The number as the plan shows it.")
PageNumber = Annotated[int, Query(1, ge=1, le=1_000_000, description=PAGE)]
PageSize = Annotated[int, Query(100, ge=1, le=500, description=SIZE)]
CODE = gettext_noop("The short name of the indicator, as the list gives it.")
OF_AREA = gettext_noop("Only of this area; its number as the list of areas gives it.")
OF_YEAR = gettext_noop("Only of this year.")
Code = Annotated[str, Path(description=CODE)]
OfArea = Annotated[int | None, Query(None, ge=1, le=2_000_000_000, description=OF_AREA)]
OfYear = Annotated[int | None, Query(None, ge=1000, le=3000, description=OF_YEAR)]
IDENTITY = gettext_noop("The identity, as the list gives it.")
EVALUATION = gettext_noop("The slug of the evaluation.")
VERSION = gettext_noop("The number of the version.")
Identity = Annotated[UUID, Path(description=IDENTITY)]
EvaluationSlug = Annotated[str, Path(description=EVALUATION)]
VersionNumber = Annotated[int, Path(ge=1, le=1_000_000, description=VERSION)]
Slug = Annotated[str, Path(description=SLUG)]
Number = Annotated[str, Path(description=NUMBER)]
DAY = gettext_noop("The day, such as 2021-06-30; nothing is today.")
KIND = gettext_noop("county, planning_area, municipality, district, land; nothing is all.")
KINDS = "|".join(AreaKind.values)
Day = Annotated[str, Query("", pattern=r"^(\d{4}-\d{2}-\d{2})?$", description=DAY)]
Kind = Annotated[str, Query("", pattern=f"^({KINDS})?$", description=KIND)]
KindOfMap = Annotated[str, Query("municipality", pattern=f"^({KINDS})$", description=KIND)]
LIST = {HTTPStatus.UNPROCESSABLE_ENTITY: schemas.WrongInput}
ONE = {HTTPStatus.NOT_FOUND: schemas.Problem}


@api.get("/plans", response={200: schemas.PlanList} | LIST, summary=gettext_noop("Published plans"))
def plan_list(request: HttpRequest, page: PageNumber = 1, size: PageSize = 100) -> schemas.PlanList:
    return queries.plans(page, size)


@api.get("/plans/{slug}", response={200: schemas.Plan} | ONE, summary=gettext_noop("One plan"))
def plan(request: HttpRequest, slug: Slug) -> schemas.Plan:
    return queries.plan(slug)


@api.get(
    "/plans/{slug}/fields",
    response={200: schemas.FieldOfActionList} | LIST | ONE,
    summary=gettext_noop("The fields of action of a plan"),
)
def field_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.FieldOfActionList:
    return queries.fields(slug, page, size)


@api.get(
    "/plans/{slug}/needs",
    response={200: schemas.NeedList} | LIST | ONE,
    summary=gettext_noop("The needs of a plan"),
)
def need_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.NeedList:
    return queries.needs(slug, page, size)


@api.get(
    "/plans/{slug}/needs/{identity}",
    response={200: schemas.Need} | LIST | ONE,
    summary=gettext_noop("One need with its evidence"),
)
def need(request: HttpRequest, slug: Slug, identity: Identity) -> schemas.Need:
    return queries.need(slug, identity)


@api.get(
    "/plans/{slug}/goals",
    response={200: schemas.GoalList} | LIST | ONE,
    summary=gettext_noop("The goals of a plan, in the order of their tree"),
)
def goal_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.GoalList:
    return queries.goals(slug, page, size)


@api.get(
    "/plans/{slug}/goals/{identity}",
    response={200: schemas.Goal} | LIST | ONE,
    summary=gettext_noop("One goal"),
)
def goal(request: HttpRequest, slug: Slug, identity: Identity) -> schemas.Goal:
    return queries.goal(slug, identity)


@api.get(
    "/plans/{slug}/measures",
    response={200: schemas.MeasureList} | LIST | ONE,
    summary=gettext_noop("The measures of a plan"),
)
def measure_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.MeasureList:
    return queries.measures(slug, page, size)


@api.get(
    "/plans/{slug}/measures/{path:number}",
    response={200: schemas.Measure} | ONE,
    summary=gettext_noop("One measure"),
)
def measure(request: HttpRequest, slug: Slug, number: Number) -> schemas.Measure:
    return queries.measure(slug, number)


@api.get(
    "/plans/{slug}/evaluations",
    response={200: schemas.EvaluationList} | LIST | ONE,
    summary=gettext_noop("The closed evaluations of a plan"),
)
def evaluation_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.EvaluationList:
    return queries.evaluations(slug, page, size)


@api.get(
    "/plans/{slug}/evaluations/{evaluation}",
    response={200: schemas.EvaluationDetail} | ONE,
    summary=gettext_noop("One evaluation with all ratings"),
)
def evaluation(
    request: HttpRequest,
    slug: Slug,
    evaluation: EvaluationSlug,
) -> schemas.EvaluationDetail:
    return queries.evaluation(slug, evaluation)


@api.get(
    "/plans/{slug}/versions",
    response={200: schemas.VersionList} | LIST | ONE,
    summary=gettext_noop("The frozen versions of a plan"),
)
def version_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.VersionList:
    return queries.versions(slug, page, size)


@api.get(
    "/plans/{slug}/versions/{version}",
    response={200: schemas.VersionDetail} | LIST | ONE,
    summary=gettext_noop("One version with all that stood in it"),
)
def version(request: HttpRequest, slug: Slug, version: VersionNumber) -> schemas.VersionDetail:
    return queries.version(slug, version)


@api.get(
    "/plans/{slug}/changes",
    response={200: schemas.ChangeList} | LIST | ONE,
    summary=gettext_noop("What changed in a plan within a year"),
)
def change_list(
    request: HttpRequest,
    slug: Slug,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.ChangeList:
    return queries.changes(slug, page, size)


@api.get(
    "/results",
    response={200: schemas.ResultList} | LIST,
    summary=gettext_noop("Released results of prioritisation"),
)
def result_list(
    request: HttpRequest,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.ResultList:
    return queries.results(page, size)


@api.get(
    "/results/{slug}",
    response={200: schemas.ResultDetail} | ONE,
    summary=gettext_noop("One result with all marks"),
)
def result(request: HttpRequest, slug: Slug) -> schemas.ResultDetail:
    return queries.result(slug)


@api.get(
    "/indicators",
    response={200: schemas.IndicatorList} | LIST,
    summary=gettext_noop("The catalogue of indicators"),
)
def indicator_list(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = 100
) -> schemas.IndicatorList:
    return queries.indicators(page, size)


@api.get(
    "/indicators/{code}",
    response={200: schemas.DataIndicator} | ONE,
    summary=gettext_noop("One indicator"),
)
def indicator(request: HttpRequest, code: Code) -> schemas.DataIndicator:
    return queries.indicator(code)


@api.get(
    "/indicators/{code}/figures",
    response={200: schemas.FigureList} | LIST | ONE,
    summary=gettext_noop("The figures of an indicator, with signs and provenance"),
)
def figure_list(
    request: HttpRequest,
    code: Code,
    area: OfArea = None,
    year: OfYear = None,
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.FigureList:
    return queries.figures(code, area=area, year=year, page=page, size=size)


@api.get(
    "/social-indices",
    response={200: schemas.SocialIndexList} | LIST,
    summary=gettext_noop("Social indices"),
)
def social_index_list(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = 100
) -> schemas.SocialIndexList:
    return queries.social_indices(page, size)


@api.get(
    "/social-indices/{slug}",
    response={200: schemas.SocialIndexDetail} | ONE,
    summary=gettext_noop("One social index with z-scores and raw values"),
)
def social_index(request: HttpRequest, slug: Slug) -> schemas.SocialIndexDetail:
    return queries.social_index(slug)


@api.get(
    "/areas",
    response={200: schemas.AreaList} | LIST,
    summary=gettext_noop("Areas with their keys, as they were on a day"),
)
def area_list(
    request: HttpRequest,
    on: Day = "",
    kind: Kind = "",
    page: PageNumber = 1,
    size: PageSize = 100,
) -> schemas.AreaList:
    return queries.areas(_day(on), kind, page, size)


@api.get(
    "/areas.geojson",
    response={200: schemas.AreaFeatures} | LIST,
    summary=gettext_noop("Outlines of areas of one kind as GeoJSON, as they were on a day"),
)
def area_features(
    request: HttpRequest,
    on: Day = "",
    kind: KindOfMap = "municipality",
) -> schemas.AreaFeatures:
    return queries.area_features(_day(on), kind)


def _day(text: str) -> date:
    """Read the day that was asked for; today without one."""
    if not text:
        return localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        problem = {"loc": ["query", "on"], "msg": "There is no such day.", "type": "day"}
        raise ValidationError([problem]) from fault


@api.exception_handler(Http404)
def not_found(request: HttpRequest, problem: Http404 | type[Http404]) -> HttpResponse:
    return api.create_response(
        request, {"detail": "There is nothing at this address."}, status=HTTPStatus.NOT_FOUND
    )


def missing(request: HttpRequest, rest: str) -> HttpResponse:
    return not_found(request, Http404)


def index(request: HttpRequest) -> HttpResponse:
    """Tell where everything begins."""
    names = {
        "plans": "api:plan_list",
        "results": "api:result_list",
        "indicators": "api:indicator_list",
        "areas": "api:area_list",
        "social_indices": "api:social_index_list",
        "openapi": "api:openapi-json",
        "docs": "api:docs",
    }
    found = {key: f"{settings.SITE_URL}{reverse(name)}" for key, name in names.items()}
    return api.create_response(request, found, status=HTTPStatus.OK)


def open_to_all(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answer everybody, from any site, cached like a public page, and refuse in JSON."""
    kept = public_page(view)

    @wraps(kept)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        if request.method == "GET":
            try:
                response = kept(request, *args, **kwargs)
            except Exception as failure:
                if not is_momentary(failure):
                    raise
                response = JsonResponse(
                    {"detail": "This is not possible just now. Please try again in a minute."},
                    status=HTTPStatus.SERVICE_UNAVAILABLE,
                    headers={"Retry-After": str(WAIT_SECONDS)},
                )
        else:
            response = JsonResponse(
                {"detail": "This interface is read only: GET."},
                status=HTTPStatus.METHOD_NOT_ALLOWED,
                headers={"Allow": "GET, HEAD"},
            )
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined] # read by Django's middleware
    return answer
