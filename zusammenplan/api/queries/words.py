"""What all answers share: texts in both languages, addresses, pages of a list."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import override

from zusammenplan.api import schemas
from zusammenplan.core.links import first_address
from zusammenplan.plans.models import Plan, Term

ListT = TypeVar("ListT", bound=schemas.Paged)


def published_plan(slug: str) -> Plan:
    return get_object_or_404(Plan.objects.published(), slug=slug)


def text(german: str, english: str) -> schemas.Text:
    return schemas.Text(de=german, en=english or None)


def text_of(record: Any, name: str) -> schemas.Text:
    return text(getattr(record, f"{name}_de"), getattr(record, f"{name}_en"))


def terms(found: Iterable[Term]) -> list[schemas.Text]:
    ordered = sorted(found, key=lambda one: (one.position, one.name_de))
    return [text_of(one, "name") for one in ordered]


def counts(found: "QuerySet[Any]", by: str = "plan") -> dict[int, int]:
    return dict(found.order_by().values_list(by).annotate(Count("pk")))


def page_url(name: str, *args: object) -> str:
    """Give the address of a page for people, in German; nothing if there is no such page."""
    with override("de"):
        path = first_address((name, *args))
    return f"{settings.SITE_URL}{path}" if path else ""


def page_stem(name: str, slug: str) -> str:
    """Give what all addresses of a plan's records of one kind begin with."""
    return page_url(name, slug, 0).removesuffix("0/")


def listed(
    answer: type[ListT],
    found: Any,
    page: int,
    size: int,
    items: Callable[[list[Any]], list[Any]],
) -> ListT:
    """Answer one page of a list."""
    part = Paginator(found, size).get_page(page)
    return answer(
        count=part.paginator.count,
        page=part.number,
        pages=part.paginator.num_pages,
        items=items(list(part)),  # type: ignore[call-arg] # each list names what it holds
    )
