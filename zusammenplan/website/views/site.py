"""Start page, results, and what every site must tell."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zusammenplan.ballots.models import Round
from zusammenplan.ballots.queries import pictures_a_page
from zusammenplan.core.errors import too_often
from zusammenplan.core.limits import TooOftenError, client_address, count_attempt
from zusammenplan.core.public import public_page
from zusammenplan.privacy.queries.due import policies
from zusammenplan.website.actions import send_barrier_report
from zusammenplan.website.forms import BarrierForm
from zusammenplan.website.queries.result import public_rows, result_page, round_rows
from zusammenplan.website.queries.start import plan_in_focus, start_page
from zusammenplan.website.queries.words import site_addresses

REPORTS_AT_MOST = 5
REPORTS_SPAN = timedelta(hours=1)


@public_page
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what the municipality plans and where the plan stands."""
    plan_ = plan_in_focus()
    page = start_page(plan_) if plan_ else None
    return render(request, "website/start.html", {"page": page})


@public_page
@require_safe
def result_list(request: HttpRequest) -> HttpResponse:
    return render(request, "website/result_list.html", {"rounds": round_rows()})


@public_page
@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a result; a long one begins with the table and shows its pictures 20 a page."""
    round_ = get_object_or_404(Round.objects.public().select_related("plan"), slug=slug)
    page = result_page(round_, request.GET.get("tabelle"))
    part = Paginator(page.standings, pictures_a_page(page.result)).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "part": part,
        "rows": public_rows(page.result, list(part.object_list)),
        "downloads": [
            reverse("reports:public-result", args=[slug, kind]) for kind in ("xlsx", "csv", "pdf")
        ],
    }
    return render(request, "website/result.html", context)


@public_page
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "website/contact.html")


@public_page
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "website/imprint.html")


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "website/privacy.html", {"policies": policies(counted=False)})


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "website/accessibility.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def barrier_report(request: HttpRequest) -> HttpResponse:
    """Take in a report of a barrier, from anybody, a few times an hour."""
    form = BarrierForm(request.POST or None, initial={"page": request.GET.get("page", "")[:500]})
    if request.method == "POST" and form.is_valid():
        try:
            count_attempt(
                "barrier", client_address(request), limit=REPORTS_AT_MOST, span=REPORTS_SPAN
            )
        except TooOftenError as refusal:
            return too_often(request, refusal)
        send_barrier_report(**form.cleaned_data, now=timezone.now())
        return redirect("website:barrier-thanks")
    return render(request, "website/barrier_report.html", {"form": form})


@public_page
@require_safe
def barrier_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "website/barrier_thanks.html")


@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": f"{settings.SITE_URL}{reverse('website:sitemap')}"}
    kind = "text/plain; charset=utf-8"
    return render(request, "website/robots.txt", context, content_type=kind)


@public_page
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Lead search engines to every page of every published plan."""
    context = {"addresses": site_addresses()}
    kind = "application/xml; charset=utf-8"
    return render(request, "website/sitemap.xml", context, content_type=kind)
