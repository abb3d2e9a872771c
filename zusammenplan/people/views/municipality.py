"""Settings of the municipality: its name and texts, reports of barriers, whether mail works."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zusammenplan.core.actions import change_municipality, mark_barrier_answered
from zusammenplan.core.context import municipality as the_municipality
from zusammenplan.core.history import ChangedMeanwhileError, changes, entry_time
from zusammenplan.core.limits import TooOftenError, count_attempt
from zusammenplan.core.mail import MailNotSentError, mails_arrive
from zusammenplan.core.models import BarrierReport
from zusammenplan.core.pages import demand
from zusammenplan.people.actions import send_test_mail
from zusammenplan.people.forms import MunicipalityForm
from zusammenplan.people.permissions import (
    UserRequest,
    may_answer_barrier_reports,
    may_change_municipality,
    may_see_settings,
    may_send_test_mail,
)

TEST_MAILS = 5


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: UserRequest) -> HttpResponse:
    """Show and change the municipality's name, contacts and legal texts."""
    demand(may_see_settings(request.user))
    row = the_municipality()
    form = MunicipalityForm(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST":
        demand(may_change_municipality(request.user))
        if form.is_valid():
            try:
                change_municipality(
                    form.values(),
                    seen_version=form.seen_version,
                    by=request.user,
                    pictures=form.pictures,
                )
            except ChangedMeanwhileError as refusal:
                form.show_clash(refusal.record)
            else:
                messages.success(request, _("Settings saved. The public pages show them now."))
                return redirect("people:settings")
    context = {
        "form": form,
        "log": changes(the_municipality()),
        "groups": _groups(form),
    }
    return render(request, "people/municipality.html", context)


def _groups(form: MunicipalityForm) -> list[dict[str, Any]]:
    """Give the fields in the order of the reader's questions; pairs stand side by side."""
    texts = [
        (_("Start page"), "intro"),
        (_("Imprint"), "imprint"),
        (_("Privacy"), "privacy"),
        (_("Accessibility"), "accessibility"),
        (_("Enforcement body"), "enforcement"),
    ]
    return [
        {
            "label": _("Name"),
            "pairs": [
                (form["name"], form["short_name"]),
                (form["site_name_de"], form["site_name_en"]),
                (form["ags"],),
            ],
        },
        {
            "label": _("Contact"),
            "pairs": [
                (form["authority"], form["unit"]),
                (form["street"], form["town"]),
                (form["phone"], form["email"]),
            ],
        },
        *(
            {"label": label, "pairs": [(form[f"{name}_de"],), (form[f"{name}_en"],)]}
            for label, name in texts
        ),
        {
            "label": _("Documents"),
            "pairs": [
                *(
                    tuple(form[name] for name in names if name in form.fields)
                    for names in (("logo_file", "remove_logo"), ("sponsor_file", "remove_sponsor"))
                ),
                (form["sponsors_de"], form["sponsors_en"]),
                (form["accent_colour"],),
                (form["document_imprint_de"],),
                (form["document_imprint_en"],),
            ],
        },
    ]


@require_safe
def barrier_list(request: UserRequest) -> HttpResponse:
    """List the reports of barriers, open ones first."""
    demand(may_answer_barrier_reports(request.user))
    is_open_only = request.GET.get("state") != "all"
    reports = BarrierReport.objects.order_by("-sent_at", "-pk")
    open_count = reports.filter(answered_at__isnull=True).count()
    if is_open_only:
        reports = reports.filter(answered_at__isnull=True)
    page = Paginator(reports, 20).get_page(request.GET.get("page"))
    context = {
        "is_open_only": is_open_only,
        "open_count": open_count,
        "page": page,
        "rows": [
            {
                "pk": report.pk,
                "sent": entry_time(report.sent_at),
                "page": report.page,
                "message": report.message,
                "email": report.email,
                "answered": entry_time(report.answered_at) if report.answered_at else "",
            }
            for report in page
        ],
    }
    return render(request, "people/barrier_list.html", context)


@require_POST
def barrier_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Note that somebody has answered the report."""
    demand(may_answer_barrier_reports(request.user))
    report = get_object_or_404(BarrierReport, pk=pk, answered_at__isnull=True)
    mark_barrier_answered(report, now=timezone.now())
    messages.success(request, _("Marked as answered."))
    return redirect("people:barrier-list")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_test(request: UserRequest) -> HttpResponse:
    """Send a mail to oneself to see whether mail works."""
    demand(may_send_test_mail(request.user))
    if request.method == "POST":
        now = timezone.now()
        try:
            count_attempt(
                "test mail", str(request.user.pk), limit=TEST_MAILS, span=timedelta(hours=1)
            )
            send_test_mail(request.user, sent_at=entry_time(now))
            messages.success(
                request,
                _("A test mail is on its way to %(email)s.") % {"email": request.user.email},
            )
        except (MailNotSentError, TooOftenError) as refusal:
            messages.error(request, str(refusal))
        return redirect("people:mail-test")
    context = {"is_set_up": mails_arrive()}
    return render(request, "people/mail_test.html", context)
