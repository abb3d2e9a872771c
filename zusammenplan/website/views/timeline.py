"""A published plan over time: the timeline ahead, and what changed lately."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

from zusammenplan.core.context import municipality
from zusammenplan.core.printable import printable
from zusammenplan.core.public import public_page
from zusammenplan.plans.models import Plan
from zusammenplan.plans.queries import public
from zusammenplan.website.forms import MeasureFilter
from zusammenplan.website.queries.changes import ChangeLine, absolute, by_day, change_lines
from zusammenplan.website.queries.timeline import timeline_page

LINES_A_PAGE = 50
LINES_IN_THE_FEED = 50


@public_page
@require_safe
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the measures over the years, as a picture or as a table."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    narrowed = MeasureFilter(request.GET, plan=plan)
    page = timeline_page(
        plan,
        narrowed.apply(plan.measures.all()),
        request.GET.get("page"),
        today=timezone.localdate(),
    )
    context = {
        "plan": plan,
        "page": page,
        "filter": narrowed,
        "as_table": request.GET.get("view") == "table",
    }
    return render(request, "website/timeline.html", context)


@public_page
@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    lines = change_lines(plan, public.changes(plan, now=timezone.now()))
    part = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": plan,
        "part": part,
        "days": by_day(part),
        "feed_url": reverse("website:plan-feed", args=[slug]),
    }
    return render(request, "website/change_list.html", context)


@public_page
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell feed readers what changed, with the same sentences as the page."""
    plan = get_object_or_404(Plan.objects.published(), slug=slug)
    now = timezone.now()
    lines = change_lines(plan, public.changes(plan, now=now))[:LINES_IN_THE_FEED]
    page_url = absolute(reverse("website:plan-change-list", args=[slug]))
    made = _Feed(
        title=printable(_("What changed: %(plan)s") % {"plan": plan.title}),
        link=page_url,
        description="",
        language=get_language(),
        author_name=printable(municipality().name),
        feed_url=absolute(request.path),
        feed_guid=absolute(request.path),
    )
    made.changed_at = lines[0].at if lines else _first_moment(plan, now)
    for line in lines:
        _add(made, printable(line), page_url)
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(response, "utf-8")
    return response


class _Feed(Atom1Feed):
    """A feed that also knows its moment when nothing has changed yet."""

    changed_at: datetime

    def latest_post_date(self) -> datetime:
        return self.changed_at


def _first_moment(plan: Plan, now: datetime) -> datetime:
    first = plan.history.order_by("history_id").values_list("history_date", flat=True).first()
    return first or now


def _add(made: Atom1Feed, line: ChangeLine, page_url: str) -> None:
    text = ". ".join(part.rstrip(".") for part in (line.text, line.reason) if part)
    # A summary is read as HTML, a title as text.
    made.add_item(
        title=f"{line.what}: {line.text}" if line.text else line.what,
        link=absolute(line.url),
        description=escape(text or line.what),
        unique_id=f"{page_url}#{line.key}",
        pubdate=line.at,
        updateddate=line.at,
    )
