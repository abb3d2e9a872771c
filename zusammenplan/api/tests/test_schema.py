"""The interface keeps the word of its schema, whatever it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.test.client import ClientHandler
from hypothesis import Phase, given, settings as hypothesis_settings

from zusammenplan.api.tests.factories import make_released_round
from zusammenplan.api.views.endpoints import api
from zusammenplan.core.tests.shared import shared
from zusammenplan.indicators.models import IndexPart, SocialIndex
from zusammenplan.indicators.tests.data_world import make_data_world
from zusammenplan.plans.tests.full_plan import FullPlan, make_full_plan

if TYPE_CHECKING:
    import schemathesis

ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Published:
    """A plan with everything, and what the interface says of itself."""

    full: FullPlan
    schema: Any


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer in the test's own transaction, which a real server would close after a request."""
    environ.pop("HTTP_ACCEPT_ENCODING", None)  # the reader in this process unpacks nothing
    response: Any = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def publish() -> Published:
    # It takes seconds to import, which those who do not come here are spared.
    import schemathesis

    make_released_round()
    full = make_full_plan()
    index = SocialIndex.objects.create(slug="sozialindex", name_de="Sozialindex", is_public=True)
    IndexPart.objects.create(index=index, indicator=make_data_world().share)
    return Published(full, schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application))


published = shared(publish)


def real_values(path: str, full: FullPlan) -> dict[str, object]:
    """Give what stands in an address for the records that there are."""
    if "/results/" in path:
        return {"slug": "abstimmung"}
    if "/social-indices/" in path:
        return {"slug": "sozialindex"}
    if "{code}" in path:
        return {"code": "share_65"}
    identity = full.need.identity if "/needs/" in path else full.goal.identity
    values = {
        "slug": full.plan.slug,
        "number": full.measure.number,
        "identity": str(identity),
        "evaluation": full.evaluation.slug,
        "version": full.version.number,
    }
    return {name: value for name, value in values.items() if f"{{{name}}}" in path}


@pytest.mark.django_db
@pytest.mark.parametrize("path", list(api.get_openapi_schema(path_prefix=f"{ROOT}/")["paths"]))
def test_every_answer_is_as_the_schema_says(published: Published, path: str) -> None:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
        unsupported_method,
    )

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
        unsupported_method,
    ]
    operation = published.schema[path]["GET"]

    @given(operation.as_strategy())
    @hypothesis_settings(
        max_examples=15, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )
    def guess(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=checks)

    found = operation.Case(path_parameters=real_values(path, published.full))
    assert found.call_and_validate(checks=checks).status_code == 200
    guess()
